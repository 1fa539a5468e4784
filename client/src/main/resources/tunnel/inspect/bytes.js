// Bytes from the client's base64, as people look at them.

import { button, el } from './dom.js';
import { count } from './format.js';

const ROW = 16;
const PART = 4096; // bytes that are drawn at a time

export function decode(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

// What was captured of a body.
export const bytesOf = (body) => (body.base64 === null || body.base64 === undefined
  ? new TextEncoder().encode(body.text ?? '')
  : decode(body.base64));

// `00000010  48 54 54 50  …  HTTP`, a part at a time.
export function hexView(bytes) {
  const shown = el('div', { class: 'hex' });
  let from = 0;
  function more() {
    shown.append(el('pre', { class: 'code' }, rows(bytes.subarray(from, from + PART), from)));
    from += PART;
    next.hidden = from >= bytes.length;
    next.textContent = `${count(Math.max(0, bytes.length - from))} more bytes`;
    shown.append(next);
  }
  const next = button('', more, { class: 'more' });
  more();
  return shown;
}

function rows(bytes, offset) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += ROW) {
    const row = [...bytes.subarray(at, at + ROW)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0'));
    const halves = `${hex.slice(0, 8).join(' ')}  ${hex.slice(8).join(' ')}`.padEnd(ROW * 3 + 1);
    const letters = row.map((byte) => (byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${(offset + at).toString(16).padStart(8, '0')}  ${halves} ${letters}`);
  }
  return lines.join('\n');
}
