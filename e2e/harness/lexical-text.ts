/** The text of a whole document as Lexical keeps it, which the pages put together in pieces (`editor/web/lexical-text.ts`). */
import type { Page } from 'playwright-core'

interface LexicalNode {
  getTextContent(): string
  isInline(): boolean
  getChildren?(): LexicalNode[]
}

interface LexicalElement extends Element {
  readonly __weftPieces?: readonly unknown[]
  readonly __lexicalEditor: {
    getEditorState(): { read<Result>(run: () => Result): Result; _nodeMap: Map<string, LexicalNode> }
  }
}

/** @returns the text that Lexical says it has, that of all blocks read one by one, and of how many pieces the former is */
export function lexicalText(page: Page): Promise<{ kept: string | undefined; read: string; pieces: number }> {
  return page.locator('weft-editor .content').evaluate((element) => {
    const root = element as unknown as LexicalElement
    const state = root.__lexicalEditor.getEditorState()
    return state.read(() => {
      const node = state._nodeMap.get('root')
      const blocks = node?.getChildren?.() ?? []
      const read = blocks.map((block, at) => {
        const isFollowed = at < blocks.length - 1 && block.getChildren !== undefined && !block.isInline()
        return block.getTextContent() + (isFollowed ? '\n\n' : '')
      })
      return {
        kept: node?.getTextContent(),
        read: read.join(''),
        pieces: root.__weftPieces?.length ?? 0,
      }
    })
  })
}
