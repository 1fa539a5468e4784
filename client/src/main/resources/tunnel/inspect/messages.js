// What passes on a WebSocket or in an event stream, as it passes: each new message is added, and the end is followed as long as
// it is in sight.

import { el, icon } from './dom.js';
import { bytes as size, count, duration } from './format.js';
import { decode, hexView } from './bytes.js';
import { readJson } from './json.js';
import { Tree } from './tree.js';

const PREVIEW = 400; // characters on a message's line

const SIDES = { visitor: ['up', 'from the visitor'], local: ['down', 'from the local service'] };

export class Messages {
  #from = 0; // the number of the first that is shown, counted from the start of the exchange
  #to = 0;
  #dropped = el('p', { class: 'note', hidden: true });
  #list = el('ol', { class: 'messages', 'aria-label': 'Messages' });

  constructor() {
    this.element = el('div', {}, this.#dropped, this.#list);
  }

  // Takes over what is new. `scroller` is what scrolls the list.
  update(detail, scroller) {
    const follows = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 8;
    const first = detail.messagesDropped;
    const messages = detail.messages ?? [];
    for (; this.#from < first && this.#list.firstChild; this.#from++) {
      this.#list.firstChild.remove();
    }
    this.#from = first;
    const known = Math.max(0, this.#to - first);
    this.#list.append(...messages.slice(known).map(line));
    this.#to = first + messages.length;
    this.#dropped.hidden = first === 0;
    this.#dropped.textContent = `The last ${count(messages.length)} are kept; ${count(first)} before them made room.`;
    if (follows && this.#to > known && this.element.isConnected) {
      scroller.scrollTop = scroller.scrollHeight;
    }
  }
}

function line(message) {
  const [sign, side] = SIDES[message.from];
  const isText = typeof message.text === 'string';
  const start = isText ? message.text.slice(0, PREVIEW) : `${size(message.bytes)} of bytes`;
  const summary = el('summary', {},
    icon(sign, side),
    el('span', { class: 'clock' }, `+${duration(message.at)}`),
    el('span', { class: 'tag' }, message.type),
    el('span', { class: 'preview' }, start),
    el('span', { class: 'quiet number' }, size(message.bytes)));
  const opened = el('details', { class: `message ${message.from} ${message.type}` }, summary);
  opened.addEventListener('toggle', () => {
    if (opened.open && opened.childElementCount === 1) {
      opened.append(...whole(message));
    }
  });
  return el('li', {}, opened);
}

function whole(message) {
  const note = message.truncated ? [el('p', { class: 'note' }, `Only its start was kept, of ${size(message.bytes)}.`)] : [];
  if (typeof message.text !== 'string') {
    return [...note, message.base64 ? hexView(decode(message.base64)) : el('p', { class: 'quiet' }, 'Empty.')];
  }
  const json = /^\s*[{[]/.test(message.text) ? readJson(message.text) : null;
  return [...note, json === null ? el('pre', { class: 'code text' }, message.text) : new Tree(json).element];
}
