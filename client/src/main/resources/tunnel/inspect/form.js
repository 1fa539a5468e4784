// Fields in tables: query parameters, forms, headers; and the parts of multipart bodies.

import { el } from './dom.js';
import { bytes as size } from './format.js';
import { bytesOf, hexView } from './bytes.js';

const MOST_PARTS = 100;

// Names and values. `quiet` says which values are known to be masked.
export function table(pairs, label, isMasked = () => false) {
  return el('table', { class: 'fields', 'aria-label': label },
    el('tbody', {}, ...pairs.map(([name, value]) => el('tr', {},
      el('th', { scope: 'row' }, name),
      el('td', isMasked(name) ? { class: 'masked', title: 'masked before it was stored' } : {}, value)))));
}

export const queryOf = (path) => {
  const at = path.indexOf('?');
  return at < 0 ? [] : pairsOf(path.slice(at + 1).replace(/#.*/s, ''));
};

// Of `a=b&c=d`. What is not well-formed stays as it was written.
export function pairsOf(text) {
  return text.split('&').filter((piece) => piece !== '').map((piece) => {
    const at = piece.indexOf('=');
    return at < 0 ? [plain(piece), ''] : [plain(piece.slice(0, at)), plain(piece.slice(at + 1))];
  });
}

function plain(text) {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

// The parts of a multipart body, or null where it has none by its Content-Type.
export function multipart(body, contentType) {
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  if (!boundary) {
    return null;
  }
  const parts = split(bytesOf(body), `--${boundary[1] ?? boundary[2]}`);
  return parts.length === 0 ? null : el('div', { class: 'parts' }, ...parts.slice(0, MOST_PARTS).map(part),
    parts.length > MOST_PARTS ? el('p', { class: 'note' }, `${parts.length - MOST_PARTS} more parts are not shown.`) : null);
}

// A byte is a character here, which indexOf can search.
function split(bytes, boundary) {
  const all = latin1(bytes);
  const found = [];
  let start = all.indexOf(boundary);
  while (start >= 0 && !all.startsWith('--', start + boundary.length)) {
    const from = all.indexOf('\n', start + boundary.length) + 1;
    const end = from === 0 ? -1 : all.indexOf(`\n${boundary}`, from - 1);
    const to = end < 0 ? all.length : all[end - 1] === '\r' ? end - 1 : end;
    if (from > 0) {
      found.push(bytes.subarray(from, Math.max(from, to)));
    }
    start = end < 0 ? -1 : end + 1;
  }
  return found;
}

function latin1(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

function part(bytes) {
  const head = /^(?:[^\r\n]+\r?\n)*\r?\n/.exec(latin1(bytes.subarray(0, 8192)))?.[0] ?? '';
  const fields = utf8(bytes.subarray(0, head.length)).trim().split(/\r?\n/).filter(Boolean).map((line) => {
    const at = line.indexOf(':');
    return [line.slice(0, at), line.slice(at + 1).trim()];
  });
  const body = bytes.subarray(head.length);
  const disposition = fields.find(([name]) => name.toLowerCase() === 'content-disposition')?.[1] ?? '';
  const [name, file] = ['name', 'filename'].map((key) => new RegExp(`(?:^|[;\\s])${key}="([^"]*)"`, 'i').exec(disposition)?.[1]);
  const text = file === undefined || isText(body) ? strictUtf8(body) : null;
  return el('section', { class: 'part' },
    el('h4', {}, name ?? 'part', el('span', { class: 'quiet' }, `${file === undefined ? '' : ` ${file} ·`} ${size(body.length)}`)),
    fields.length > 1 ? table(fields.filter(([key]) => key.toLowerCase() !== 'content-disposition'), 'Fields of this part') : null,
    text === null ? hexView(body) : el('pre', { class: 'code text' }, text));
}

const utf8 = (bytes) => new TextDecoder().decode(bytes);

const isText = (bytes) => !bytes.subarray(0, 1024).some((byte) => byte < 9);

function strictUtf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
