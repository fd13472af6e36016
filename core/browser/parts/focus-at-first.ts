/**
 * As a `ref` of an element: gives it the keyboard when it is drawn first. A
 * dialog with a body by React does so too, but only once the page is idle:
 * until then keys would go to what is behind it.
 */
export function focusAtFirst(element: HTMLElement | null): void {
  element?.focus();
}
