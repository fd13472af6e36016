/**
 * As a `ref` of an element: focuses it when it is first drawn. A dialog with a
 * React body does so too, but only once the page is idle; until then, keys would
 * go to what is behind it.
 */
export function focusAtFirst(element: HTMLElement | null): void {
  element?.focus();
}
