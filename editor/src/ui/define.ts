/**
 * Registers a custom element, once.
 *
 * A page may hold two copies of this package (two embeds, a bundle beside a module): the first one wins instead of an
 * exception. On a server there is nothing to register with, and importing stays free of side effects.
 */
export function defineElement(tag: string, element: CustomElementConstructor): void {
  const registry = globalThis.customElements as CustomElementRegistry | undefined
  if (registry !== undefined && registry.get(tag) === undefined) registry.define(tag, element)
}
