/**
 * A part of the editor that is a file of its own, because nobody needs it to see a document and to type in it.
 *
 * Rule: it is fetched when it is first wanted, and all of them once the page has nothing else to do, so that they are there
 * when the network is not. One that could not be fetched is asked for again the next time.
 */
export class Later<T> {
  readonly #load: () => Promise<T>
  #loading: Promise<T> | undefined

  /** @param load imports the part. */
  constructor(load: () => Promise<T>) {
    this.#load = load
  }

  /** @returns undefined when it could not be fetched. */
  async get(): Promise<T | undefined> {
    this.#loading ??= this.#load()
    try {
      return await this.#loading
    } catch {
      this.#loading = undefined
      return undefined
    }
  }
}
