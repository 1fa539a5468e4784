// A replay beside what it repeats: status, time, header fields, and the bodies line by line.

import { button, el } from './dom.js';
import { bytes as size, count, duration, statusText, tone } from './format.js';
import { printJson, readJson } from './json.js';
import { compareLines } from './lines.js';

const AROUND = 3; // equal lines that are shown beside a difference
const MOST_LINES = 20_000;
const PART = 500; // lines that are drawn at a time

// These differ each time, and say nothing.
const RESTLESS = new Set(['date', 'age', 'x-request-id', 'x-runtime']);

export function comparison(original, replay) {
  return el('div', { class: 'compare' },
    el('table', { class: 'sides', 'aria-label': 'Both responses' },
      el('thead', {}, el('tr', {}, el('td'), el('th', { scope: 'col' }, `Original #${original.id}`),
        el('th', { scope: 'col' }, `Replay #${replay.id}`))),
      el('tbody', {},
        row('Status', standing(original), standing(replay)),
        row('Time', duration(original.micros), duration(replay.micros)),
        row('Body', size(original.responseBytes), size(replay.responseBytes)))),
    el('section', {}, el('h3', {}, 'Response headers'), fields(original, replay)),
    el('section', {}, el('h3', {}, 'Response body'), bodies(original.response?.body, replay.response?.body)));
}

const row = (name, before, after) => el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, before), el('td', {}, after));

const standing = (exchange) => el('span', { class: `standing ${tone(exchange)}` },
  [statusText(exchange), exchange.response?.reason, exchange.failure].filter(Boolean).join(' '));

function fields(original, replay) {
  const lines = (detail) => (detail.response?.headers ?? [])
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    .filter((line) => !RESTLESS.has(line.slice(0, line.indexOf(':'))))
    .sort();
  const differ = compareLines(lines(original), lines(replay)).filter((piece) => piece.kind !== 'same');
  return differ.length === 0
    ? el('p', { class: 'quiet' }, 'The same, but for fields such as Date.')
    : difference(differ);
}

function bodies(before, after) {
  const [a, b] = [linesOf(before), linesOf(after)];
  if (a === null || b === null) {
    const isSame = before?.base64 && before.base64 === after?.base64 && !before.truncated && !after.truncated;
    return el('p', { class: 'quiet' }, isSame ? 'The same bytes.' : 'Not text: compare them by their bytes in Response.');
  }
  const notes = [before, after].some((body) => body?.truncated) ? ['Only what was kept of both is compared.'] : [];
  if (a.length > MOST_LINES || b.length > MOST_LINES) {
    notes.push(`Only the first ${count(MOST_LINES)} lines are compared.`);
  }
  const pieces = compareLines(a.slice(0, MOST_LINES), b.slice(0, MOST_LINES));
  const said = notes.map((note) => el('p', { class: 'note' }, note));
  return pieces.every((piece) => piece.kind === 'same')
    ? el('div', {}, ...said, el('p', { class: 'quiet' }, a.length === 0 ? 'Both are empty.' : 'The same.'))
    : el('div', {}, ...said, difference(pieces));
}

// JSON is compared as it is printed here, so that one long line does not count as one difference.
function linesOf(body) {
  if (!body || body.captured === 0) {
    return [];
  }
  if (typeof body.text !== 'string') {
    return null;
  }
  const json = readJson(body.text);
  return (json === null ? body.text : printJson(json)).split(/\r?\n/);
}

const SIGNS = { same: ' ', gone: '−', new: '+' };
const WORDS = { same: null, gone: 'only in the original', new: 'only in the replay' };

// Lines with a sign before them; a long stretch that is equal is folded, and what is too long to read comes in parts.
function difference(pieces) {
  const lines = [];
  for (let at = 0; at < pieces.length;) {
    let end = at;
    while (end < pieces.length && pieces[end].kind === 'same') {
      end++;
    }
    const from = at === 0 ? at : Math.min(end, at + AROUND);
    const to = end === pieces.length ? end : Math.max(from, end - AROUND);
    lines.push(...pieces.slice(at, from), { folded: pieces.slice(from, to) }, ...pieces.slice(to, end));
    for (at = end; at < pieces.length && pieces[at].kind !== 'same'; at++) {
      lines.push(pieces[at]);
    }
  }
  const shown = el('div', { class: 'diff code', role: 'group', 'aria-label': 'Differences' });
  showPart(shown, lines);
  return shown;
}

function showPart(shown, lines) {
  shown.append(...lines.slice(0, PART).flatMap((one) => (one.folded ? folded(one.folded) : [line(one)])));
  const left = lines.slice(PART);
  if (left.length > 0) {
    const more = button(`${count(left.length)} more lines`, () => {
      more.remove();
      showPart(shown, left);
    }, { class: 'more' });
    shown.append(more);
  }
}

function folded(pieces) {
  if (pieces.length < 4) {
    return pieces.map(line);
  }
  const more = button(`${count(pieces.length)} equal lines`, () => more.replaceWith(...pieces.map(line)), { class: 'more' });
  return [more];
}

const line = ({ kind, line: text }) => el('div', { class: kind },
  el('span', { class: 'sign', 'aria-hidden': WORDS[kind] === null, role: WORDS[kind] && 'img', 'aria-label': WORDS[kind] }, SIGNS[kind]), text);
