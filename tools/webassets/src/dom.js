// Helpers that the other scripts share.
export function all(selector, root) {
  return Array.from((root || document).querySelectorAll(selector));
}

export function on(event, handler) {
  document.addEventListener(event, handler);
}

// typing says whether keys belong to the element, so that single-key shortcuts keep out of the way.
export function typing(el) {
  return el instanceof HTMLElement && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));
}
