// XML and HTML as coloured text. XML gets a line for each tag; HTML stays as it is, where spaces mean something.
// Nothing of it is ever given to the browser's parsers.

import { el } from './dom.js';

const PIECE = /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<[?!][^>]*>|<\/?[^\s<>/]+(?:\s+[^\s=>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*\s*\/?>|[^<]+|</g;

const MOST = 60_000; // pieces; what is longer stays as it is

// Text to show, or null where there are too many pieces for it to be of use.
export function markup(text, isXml) {
  const pieces = text.match(PIECE) ?? [];
  if (pieces.length > MOST) {
    return null;
  }
  return el('pre', { class: 'code text' }, ...(isXml ? indented(pieces) : pieces.map(coloured)));
}

function indented(pieces) {
  const shown = [];
  let depth = 0;
  let before = 'start';
  for (const piece of pieces) {
    const kind = kindOf(piece);
    if (kind === 'text' && piece.trim() === '') {
      continue;
    }
    if (kind === 'close') {
      depth = Math.max(0, depth - 1);
    }
    // `<a>text</a>` stays on one line, and so does `<a></a>`.
    const joins = before === 'start' || kind === 'text' || before === 'text' || (kind === 'close' && before === 'open');
    shown.push(joins ? '' : `\n${'  '.repeat(Math.min(depth, 40))}`, coloured(kind === 'text' ? piece.trim() : piece));
    if (kind === 'open') {
      depth++;
    }
    before = kind;
  }
  return shown;
}

function kindOf(piece) {
  if (piece.startsWith('</')) {
    return 'close';
  }
  if (!piece.startsWith('<') || piece === '<') {
    return 'text';
  }
  return piece.startsWith('<!') || piece.startsWith('<?') || piece.endsWith('/>') ? 'alone' : 'open';
}

function coloured(piece) {
  if (piece.startsWith('<!--')) {
    return el('span', { class: 'comment' }, piece);
  }
  return kindOf(piece) === 'text' ? piece : tag(piece);
}

function tag(piece) {
  return el('span', { class: 'tag-text' }, ...piece.split(/("[^"]*"|'[^']*')/).map((part) =>
    (/^["']/.test(part) ? el('span', { class: 'string' }, part) : part)));
}
