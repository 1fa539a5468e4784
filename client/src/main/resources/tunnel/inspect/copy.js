// The clipboard, and the line at the bottom that says what was done.

import { byId, el } from './dom.js';

const SHOWN = 4_000; // milliseconds; long enough to read a sentence

let hiding = 0;

// Says something in passing. It is also read out.
export function tell(sentence, isBad = false) {
  const toast = byId('toast');
  toast.textContent = sentence;
  toast.classList.toggle('bad', isBad);
  toast.classList.add('shown');
  clearTimeout(hiding);
  hiding = setTimeout(() => toast.classList.remove('shown'), isBad ? 2 * SHOWN : SHOWN);
}

export async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    if (!copyBySelection(text)) {
      tell('The browser does not let this page copy.', true);
      return;
    }
  }
  tell(done);
}

// Where the clipboard is refused to the page, a selected text may still be copied.
function copyBySelection(text) {
  const field = el('textarea', { class: 'offscreen', 'aria-hidden': 'true' });
  const before = document.activeElement;
  field.value = text;
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  field.select();
  try {
    return document.execCommand('copy');
  } finally {
    field.remove();
    before?.focus();
  }
}
