import { createHeadlessEditor } from '@lexical/headless'
import { $getRoot, type LexicalNode, type RootNode } from 'lexical'
import { describe, expect, it } from 'vitest'
import { $createBlockNode } from './block-node.ts'
import { WEFT_NODES } from './index.ts'
import { dropRootRule } from './root-words.ts'
import { $createWeftTextNode } from './text-node.ts'

function open(onError: (error: Error) => void) {
  const editor = createHeadlessEditor({ nodes: [...WEFT_NODES], onError })
  dropRootRule(editor)
  editor.update(() => void $getRoot().append($createBlockNode().append($createWeftTextNode('line'))), {
    discrete: true,
  })
  return editor
}

const WAYS: Record<string, (root: RootNode, block: LexicalNode, words: LexicalNode) => void> = {
  appended: (root, _, words) => void root.append(words),
  'spliced in': (root, _, words) => void root.splice(0, 0, [words]),
  'inserted before a block': (_, block, words) => void block.insertBefore(words),
  'inserted behind a block': (_, block, words) => void block.insertAfter(words),
  'put in place of a block': (_, block, words) => void block.replace(words),
}

describe('words in the root', () => {
  it('are looked for by no rule', () => {
    const editor = open((error) => {
      throw error
    })
    expect(editor._nodes.get('root')?.transforms.size).toBe(0)
  })

  it.each(Object.entries(WAYS))('are refused when they are %s', (_, put) => {
    const errors: string[] = []
    const editor = open((error) => errors.push(error.message))
    editor.update(
      () => {
        const root = $getRoot()
        put(root, root.getFirstChildOrThrow(), $createWeftTextNode('bare'))
      },
      { discrete: true },
    )
    expect(errors).toEqual([expect.stringMatching(/only element or decorator nodes/i)])
    expect(
      editor.read(() =>
        $getRoot()
          .getChildren()
          .map((child) => child.getTextContent()),
      ),
    ).toEqual(['line'])
  })

  it('are refused in a state that is read', () => {
    const errors: string[] = []
    const editor = open((error) => errors.push(error.message))
    const words = { type: 'text', version: 1, text: 'bare', format: 0, detail: 0, mode: 'normal', style: '' }
    const root = { type: 'root', version: 1, direction: null, format: '', indent: 0, children: [words] }
    editor.parseEditorState(JSON.stringify({ root }))
    expect(errors).toEqual([expect.stringMatching(/only element or decorator nodes/i)])
  })
})
