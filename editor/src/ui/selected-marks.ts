/** Shows what is selected as a whole: the browser draws no selection over what has no text. */
import { $getSelection, $isNodeSelection, type LexicalEditor } from 'lexical'

/** @returns to be called whenever the selection, or what is drawn, may be another. */
export function markSelected(editor: LexicalEditor): () => void {
  let marked: readonly HTMLElement[] = []
  return () => {
    const keys = editor.getEditorState().read(() => {
      const selection = $getSelection()
      return $isNodeSelection(selection) ? selection.getNodes().map((node) => node.getKey()) : []
    })
    const elements = keys.map((key) => editor.getElementByKey(key)).filter((element) => element !== null)
    for (const element of marked) if (!elements.includes(element)) element.classList.remove('selected')
    for (const element of elements) element.classList.add('selected')
    marked = elements
  }
}
