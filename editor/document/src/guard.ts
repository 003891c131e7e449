/**
 * May a document hold this? For whoever has it as Yjs items: an update that is not integrated yet, or a whole document.
 *
 * Rule: section 6 of `MODEL.md`, as `rules.ts` decides it. Pure; reading never needs it, since reading is total. An
 * update alone does not always say what its items belong to (an attribute that is set anew leans on the old one and has
 * no name): such items are checked for what holds of every place, and `checkDocument` for the rest.
 */
import * as Y from 'yjs'
import {
  type Content,
  checkContent,
  MAX_DEPTH,
  type Refusal,
  type RootKind,
  refuseDepth,
  refuseRoot,
  rootKind,
} from './rules.ts'

type Struct = Y.Item | Y.GC | { readonly id: unknown }

/** @param update as on the wire (version 1). @throws what Yjs throws for bytes that are no update. */
export function checkUpdate(update: Uint8Array): Refusal | undefined {
  return checkStructs(Y.decodeUpdate(update).structs)
}

/** @param structs as `Y.decodeUpdate` gives them, not integrated. */
export function checkStructs(structs: Iterable<Struct>): Refusal | undefined {
  for (const struct of structs) {
    if (!(struct instanceof Y.Item)) continue
    // A decoded item has a root's name, its parent's id, or nothing when a neighbour tells.
    const parent = struct.parent as unknown
    const root = typeof parent === 'string' ? rootKind(parent) : undefined
    if (typeof parent === 'string' && root === undefined) return refuseRoot(parent)
    const refusal = checkItem(struct, root)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

/** Checks all that is there and not deleted, and how deep shared types are nested. */
export function checkDocument(doc: Y.Doc): Refusal | undefined {
  const roots = new Map<unknown, RootKind>()
  for (const [name, type] of doc.share) {
    const root = rootKind(name)
    if (root !== undefined) roots.set(type, root)
    else if (!isEmpty(type)) return refuseRoot(name)
  }
  for (const structs of doc.store.clients.values())
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || struct.deleted) continue
      const refusal = checkItem(struct, roots.get(struct.parent)) ?? checkDepth(struct)
      if (refusal !== undefined) return refusal
    }
  return undefined
}

function checkItem(item: Y.Item, root: RootKind | undefined): Refusal | undefined {
  const content = contentOf(item)
  return content && checkContent(content, { root, key: item.parentSub })
}

function contentOf({ content }: Y.Item): Content | undefined {
  if (content instanceof Y.ContentDeleted) return undefined
  if (content instanceof Y.ContentString) return { kind: 'text' }
  if (content instanceof Y.ContentType) return { kind: 'type' }
  if (content instanceof Y.ContentDoc) return { kind: 'document' }
  if (content instanceof Y.ContentEmbed) return { kind: 'embed', value: content.embed }
  if (content instanceof Y.ContentFormat) {
    const { key, value } = content as unknown as { key: string; value: unknown }
    return { kind: 'format', key, value }
  }
  return { kind: 'values', values: content.getContent() as unknown[] }
}

function checkDepth(item: Y.Item): Refusal | undefined {
  let depth = 0
  for (let parent = item.parent; parent instanceof Y.AbstractType && parent._item !== null; depth += 1)
    parent = parent._item.parent
  return depth > MAX_DEPTH ? refuseDepth() : undefined
}

/** Asked for, but nothing in it: no client ever saw it. */
function isEmpty(type: Pick<Y.AbstractType<never>, '_start' | '_map'>): boolean {
  return type._start === null && type._map.size === 0
}
