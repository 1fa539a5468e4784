// Where the time went, as bars below each other.

import { el } from './dom.js';
import { duration } from './format.js';

const PHASES = [
  ['edge', 'Edge', 'at the server, from the head of the request until it was handed to the client'],
  ['queue', 'Queue', 'in the client, until the first byte went to the local service'],
  ['local', 'Local service', 'until the first byte of its response'],
  ['body', 'Body', 'until the last byte of the response'],
];

export function timing(detail) {
  const phases = PHASES.map(([key, name, meaning]) => ({ key, name, meaning, micros: detail.timings?.[`${key}Micros`] ?? null }));
  const total = Math.max(1, phases.reduce((sum, { micros }) => sum + (micros ?? 0), 0));
  let before = 0;
  const rows = phases.map(({ key, name, meaning, micros }) => {
    const bar = el('span', { class: `bar ${key}` });
    bar.style.marginLeft = `${(before / total) * 100}%`;
    bar.style.width = `${((micros ?? 0) / total) * 100}%`;
    before += micros ?? 0;
    return el('tr', { title: meaning },
      el('th', { scope: 'row' }, name),
      el('td', { class: 'bars' }, micros === null ? null : bar),
      el('td', { class: 'number' }, micros === null ? '–' : duration(micros)));
  });
  return el('table', { class: 'timing', 'aria-label': 'Timing' }, el('tbody', {}, ...rows));
}
