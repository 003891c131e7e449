/** Blocks without text, and objects in the middle of it. */
import type { InlineObject } from '@weft/document'
import { $getRoot, $getSelection, type LexicalNode } from 'lexical'
import { $isBlockNode } from '../../src/blocks/block-node.ts'
import { $createObjectNode, $isObjectNode } from '../../src/blocks/object-node.ts'
import { $isVoidNode, type VoidShape } from '../../src/blocks/void-node.ts'
import { $insertObject, $insertVoid, insertDivider, setParts } from '../../src/part-commands.ts'
import { type Allowance, NOTHING, these } from './allowance.ts'
import { dayOf, objectCharacter } from './client.ts'
import { $inUpdate, type Context } from './context.ts'
import { LINKS } from './formatting.ts'
import { $placeCaret } from './placing.ts'
import type { Random } from './random.ts'

export const OBJECTS = {
  divider(context: Context): Allowance {
    $inUpdate(context, () => $placeCaret(context.random))
    insertDivider(context.client.editor)
    return NOTHING
  },

  void(context: Context): Allowance {
    $inUpdate(context, () => {
      $placeCaret(context.random)
      $insertVoid(randomVoid(context.random))
    })
    return NOTHING
  },

  object(context: Context): Allowance {
    const { random, takeOne } = context
    $inUpdate(context, () => {
      $placeCaret(random)
      const character = takeOne()
      const kind = random.pick(['person', 'document'] as const)
      const known: InlineObject[] = [
        { type: 'equation', latex: character },
        { type: 'mention', kind, ref: 'r', label: character },
        { type: 'date', date: dayOf(character) },
      ]
      if (random.chance(0.8)) $insertObject(random.pick(known))
      // As pasted from a page of a later version.
      else $getSelection()?.insertNodes([$createObjectNode({ type: `sparkle ${character}`, of: 'later' })])
    })
    return NOTHING
  },

  /** Changes a block without text, or puts another object in the place of one. */
  edit(context: Context): Allowance {
    const { client, random, takeOne } = context
    const parts: LexicalNode[] = []
    $inUpdate(context, () => {
      for (const node of $getRoot().getChildren())
        parts.push(
          ...($isVoidNode(node)
            ? [node]
            : $isBlockNode(node)
              ? node.getChildren().filter($isObjectNode)
              : []),
        )
    })
    const part = parts.length === 0 ? undefined : random.pick(parts)
    if ($isObjectNode(part)) {
      const character = takeOne()
      const object = client.peek(() => part.getObject())
      setParts(client.editor, part.getKey(), {
        latex: character,
        label: character,
        date: dayOf(character),
      })
      // What this version does not know is not its to change.
      return object.type === 'unknown' ? NOTHING : these(objectCharacter(object))
    }
    if (part !== undefined)
      setParts(client.editor, part.getKey(), random.pick([{ alt: 'a' }, { url: LINKS[1] }, { latex: 'y' }]))
    return NOTHING
  },
}

function randomVoid(random: Random): VoidShape {
  const [url = ''] = LINKS
  return random.pick<VoidShape>([
    { type: 'image', indent: 0, url, name: 'n', size: 3, alt: '', width: 0 },
    { type: 'file', indent: 0, url, name: '', size: 0 },
    { type: 'equation', indent: 0, latex: 'x' },
    { type: 'embed', indent: 0, url },
  ])
}
