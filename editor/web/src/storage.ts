/**
 * Small things kept on this device, as JSON under `weft:<name>` in localStorage.
 *
 * A browser may refuse storage (private windows, blocked cookies, no space): then values live as long as the page,
 * and nobody is bothered with it, for none of them is anybody's words.
 */

export interface Storage {
  /** What was written last, not yet trusted; undefined when there is none or it cannot be read. */
  read(name: string): unknown
  write(name: string, value: unknown): void
}

export function createStorage(local: globalThis.Storage | undefined): Storage {
  const memory = new Map<string, string>()
  const stored = (name: string): string | undefined => {
    try {
      return local?.getItem(`weft:${name}`) ?? undefined
    } catch {
      return undefined
    }
  }
  return {
    read(name) {
      const text = stored(name) ?? memory.get(name)
      if (text === undefined) return undefined
      try {
        return JSON.parse(text) as unknown
      } catch {
        return undefined
      }
    },
    write(name, value) {
      const text = JSON.stringify(value)
      memory.set(name, text)
      try {
        local?.setItem(`weft:${name}`, text)
      } catch {
        // The copy in memory serves this page.
      }
    },
  }
}

/** Merely reading `window.localStorage` throws where storage is blocked. */
export function localStorageOf(host: {
  readonly localStorage: globalThis.Storage
}): globalThis.Storage | undefined {
  try {
    return host.localStorage
  } catch {
    return undefined
  }
}
