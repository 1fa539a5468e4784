// The keyboard. Single keys act as long as nobody is writing, and the browser's own shortcuts are left alone.

import { byId, el } from './dom.js';

const HELP = [
  ['j  ↓', 'next, older request'],
  ['k  ↑', 'previous, newer request'],
  ['g  G', 'newest, oldest that is loaded'],
  ['Enter', 'open the request'],
  ['Esc', 'back to the list'],
  ['/', 'filter'],
  ['1 … 5', 'tabs of the request'],
  ['r', 'replay it as it was'],
  ['e', 'edit and replay'],
  ['c', 'copy as curl'],
  ['d', 'download as HAR'],
  ['D', 'download all that the filter shows as HAR'],
  ['p', 'pause, go on'],
  ['x', 'forget all requests'],
  ['t', 'light, dark, or as the system'],
  ['?', 'this help'],
];

// `actions` has a function for each key. Those of the list (arrows, Enter) act only where the focus is on nothing else.
export function listenToKeys(actions, listActions) {
  byId('keys').replaceChildren(...HELP.map(([keys, meaning]) => el('div', {},
    el('dt', {}, ...keys.split(/\s+/).map((key) => (key === '…' ? key : el('kbd', {}, key)))), el('dd', {}, meaning))));
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector('dialog[open]')) {
      return;
    }
    const { target } = event;
    if (target.matches('input, textarea, select')) {
      if (event.key === 'Escape') {
        event.preventDefault(); // what is written stays
        byId('list').focus();
      }
      return;
    }
    const onList = target === document.body || target.id === 'list';
    const action = actions[event.key] ?? (onList ? listActions[event.key] : undefined);
    if (action) {
      event.preventDefault();
      action();
    }
  });
}
