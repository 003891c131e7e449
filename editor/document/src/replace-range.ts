/** More arguments than this in one call are slower than a loop, and at some point no engine takes them. */
const MANY_ARGUMENTS = 1_000

/** Puts `items` in the place of those from `from` to `to`, in the same array: what is before them is not touched. */
export function replaceRange<T>(list: T[], from: number, to: number, items: readonly T[]): void {
  if (items.length === to - from) for (const [index, item] of items.entries()) list[from + index] = item
  else if (items.length <= MANY_ARGUMENTS) list.splice(from, to - from, ...items)
  else {
    const rest = list.slice(to)
    list.length = from
    for (const item of items) list.push(item)
    for (const item of rest) list.push(item)
  }
}
