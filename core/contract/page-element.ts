/** An element of the page, for contracts that must also compile without the DOM. */

/** An `HTMLElement` wherever the DOM's types are known. */
export type PageElement = typeof globalThis extends { readonly HTMLElement: { readonly prototype: infer Element } } ? Element : object;
