// The search in a tree of JSON, by name or value.

import { el } from './dom.js';

export function finder(tree) {
  let found = [];
  let at = 0;
  const told = el('span', { class: 'quiet', role: 'status' });
  const input = el('input', { type: 'search', placeholder: 'Find key or value', 'aria-label': 'Find key or value', spellcheck: 'false' });

  function show() {
    told.textContent = input.value === '' ? '' : found.length === 0 ? 'nothing' : `${at + 1} of ${found.length}`;
    tree.show(found[at] ?? null);
  }

  input.addEventListener('input', () => {
    found = input.value === '' ? [] : tree.find(input.value);
    at = 0;
    show();
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && found.length > 0) {
      event.preventDefault();
      at = (at + (event.shiftKey ? found.length - 1 : 1)) % found.length;
      show();
    }
  });
  return el('span', {}, told, input);
}
