/** Lets the keyboard reach a region that scrolls; given as the `ref` of the element. */
export function focusable(element: HTMLElement | null): void {
  if (element) element.tabIndex = 0;
}
