/** A place in the page, for contracts that must be readable where there is no page. */

/** An `HTMLElement` wherever the DOM's types are known. */
export type PageElement = typeof globalThis extends { readonly HTMLElement: { readonly prototype: infer Element } } ? Element : object;
