/** Hides an element, or shows it. Written anew, what has not changed would be styled anew, and have a frame drawn for it. */
export function setHidden(element: HTMLElement, isHidden: boolean): void {
  if (element.hidden !== isHidden) element.hidden = isHidden
}
