/** How deep JSON may be nested: what parses a deep value may still not be able to write it again, and clients do both. */

/** Of one value. Far beyond what anybody writes; deeper ones exhaust the stack of the clients that decode them. */
export const MAX_NESTING = 128

/** Counts brackets outside strings; of text that is JSON. */
export function nestsTooDeep(json: string): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < json.length; index++) {
    const char = json[index]
    if (inString) {
      if (char === '\\') index++
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{' || char === '[') {
      depth++
      if (depth > MAX_NESTING) return true
    } else if (char === '}' || char === ']') depth--
  }
  return false
}
