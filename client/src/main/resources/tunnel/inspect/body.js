// One body: what was kept of it, in the way that suits its type, with a word where it is not all or not as it was sent.

import { button, el, set } from './dom.js';
import { bytes as size } from './format.js';
import { bytesOf, hexView } from './bytes.js';
import { multipart, pairsOf, table } from './form.js';
import { readJson } from './json.js';
import { markup } from './markup.js';
import { Tree } from './tree.js';
import { finder } from './finder.js';
import { copy } from './copy.js';

// Images that are pixels and nothing else. SVG is a document, which could hold a script: it stays text.
const PIXELS = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp', 'image/x-icon',
  'image/vnd.microsoft.icon']);

const XML = /^(text|application)\/xml$|\+xml$/;

export function bodyView(title, body, fields) {
  const heading = el('h3', {}, title);
  const section = el('section', { class: 'body' }, el('header', { class: 'body-head' }, heading));
  if (!body || body.bytes === 0) {
    heading.append(el('span', { class: 'quiet' }, ' none'));
    return section;
  }
  heading.append(el('span', { class: 'quiet' }, ` ${summary(body)}`));
  const shown = el('div', { class: 'body-shown' });
  section.append(...notes(body).map((note) => el('p', { class: 'note' }, note)));
  if (body.captured > 0) {
    section.firstChild.append(toolbar(ways(body, fields), shown, body));
    section.append(shown);
  }
  return section;
}

function summary(body) {
  return [size(body.bytes), body.type, body.encoding && (body.decoded ? `${body.encoding}, decoded` : body.encoding)]
    .filter(Boolean).join(' · ');
}

// What somebody must know who takes this for the body.
function notes(body) {
  const found = [];
  if (body.captured === 0) {
    found.push(body.withheld ?? 'Nothing of this body was kept.');
  } else if (body.truncated) {
    found.push(body.captured < body.bytes
      ? `Only the first ${size(body.captured)} of ${size(body.bytes)} were kept.`
      : 'Only the start of what it unpacks to is shown.');
  }
  if (body.encoding && !body.decoded && body.captured > 0) {
    found.push(`It is compressed (${body.encoding}) and could not be unpacked: these are the bytes as they were sent.`);
  }
  return found;
}

// The ways to look at it, the best first, each with what makes it.
function ways(body, fields) {
  const contentType = fields.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? body.type;
  const found = [];
  const type = (body.type || '').toLowerCase().replace(/\s*;.*/s, '');
  const add = (name, make) => found.push({ name, make });
  if (PIXELS.has(type) && body.base64 && !body.truncated) {
    add('Image', () => picture(body, type));
  }
  if (type.startsWith('multipart/')) {
    const parts = multipart(body, contentType);
    if (parts !== null) {
      add('Parts', () => parts);
    }
  }
  if (body.text !== null && body.text !== undefined) {
    addTexts(add, body.text, type);
  }
  add('Hex', () => hexView(bytesOf(body)));
  return found;
}

function addTexts(add, text, type) {
  const json = /[/+](x-)?json5?$/.test(type) || /^\s*[{[]/.test(text) ? readJson(text) : null;
  if (json !== null) {
    add('JSON', () => new Tree(json));
  }
  if (type === 'application/x-www-form-urlencoded') {
    add('Form', () => table(pairsOf(text.trim()), 'Form fields'));
  }
  const isXml = XML.test(type);
  if (isXml || type === 'text/html') {
    add(isXml ? 'XML' : 'HTML', () => markup(text, isXml && type !== 'application/xhtml+xml') ?? plain(text));
  }
  add('Text', () => plain(text));
}

const plain = (text) => el('pre', { class: 'code text' }, text);

function picture(body, type) {
  const address = URL.createObjectURL(new Blob([bytesOf(body)], { type }));
  const image = el('img', { alt: 'The body as an image', class: 'picture' });
  const words = el('figcaption', { class: 'quiet' });
  image.addEventListener('load', () => {
    words.textContent = `${image.naturalWidth} × ${image.naturalHeight}`;
    URL.revokeObjectURL(address);
  });
  image.addEventListener('error', () => {
    words.textContent = 'The browser cannot show it.';
    URL.revokeObjectURL(address);
  });
  image.src = address;
  return el('figure', {}, image, words);
}

// A button for each way, the first one pressed, a search where there is a tree, and copying.
function toolbar(all, shown, body) {
  const bar = el('div', { class: 'tools' });
  const search = el('span', { class: 'finder' });
  const choices = el('span', { class: 'choices', role: 'group', 'aria-label': 'Show as' }, ...all.map((way) => button(way.name, () => pick(way))));
  function pick(way) {
    [...choices.children].forEach((choice, i) => set(choice, 'aria-pressed', String(all[i] === way)));
    const made = way.make();
    shown.replaceChildren(made instanceof Tree ? made.element : made);
    search.replaceChildren(...(made instanceof Tree ? [finder(made)] : []));
  }
  bar.append(search, choices);
  if (typeof body.text === 'string') {
    bar.append(button('Copy', () => copy(body.text, 'Body copied.')));
  }
  pick(all[0]);
  return bar;
}
