// What stands in the tabs of the detail, but for messages and the comparison.

import { el, icon } from './dom.js';
import { moment, bytes as size } from './format.js';
import { bodyView } from './body.js';
import { queryOf, table } from './form.js';
import { timing } from './timing.js';

export function overview(detail, open) {
  return el('div', {},
    detail.failure ? el('p', { class: 'failure' }, icon('bad'), detail.failure) : null,
    timing(detail),
    facts(detail, open),
    masked(detail),
    detail.request?.body?.bytes > 0 ? bodyView('Request body', detail.request.body, detail.request.headers) : null,
    detail.response?.body?.bytes > 0 ? bodyView('Response body', detail.response.body, detail.response.headers) : null);
}

function facts(detail, open) {
  const replayed = detail.replayOf > 0
    ? el('a', { href: `#${detail.replayOf}`, on: { click: (event) => { event.preventDefault(); open(detail.replayOf); } } }, `#${detail.replayOf}`)
    : null;
  const pairs = [
    ['Visitor', detail.visitor],
    ['Replay of', replayed],
    ['Host', detail.host],
    ['Tunnel', detail.tunnel],
    ['Started', moment(detail.started)],
    ['Sent', size(detail.requestBytes)],
    ['Received', size(detail.responseBytes)],
    ['Type', detail.type],
    ['Version', detail.kind !== 'tcp' && detail.request?.version && `HTTP/${detail.request.version}`],
  ].filter(([, value]) => value);
  return el('dl', { class: 'facts' }, ...pairs.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

const masked = (detail) => (detail.masked?.length > 0
  ? el('p', { class: 'note' }, icon('mask'), `Masked before it was stored: ${detail.masked.join(', ')}.`)
  : null);

export function requestPanel(detail) {
  const { request } = detail;
  if (detail.kind === 'tcp') {
    return el('p', { class: 'quiet' }, 'Not an HTTP request: its bytes are passed on and not looked at.');
  }
  const query = queryOf(detail.path);
  return el('div', {},
    query.length > 0 ? titled(`Query parameters`, table(query, 'Query parameters', isMasked(detail))) : null,
    fields('Headers', request.headers, detail),
    bodyView('Body', request.body, request.headers),
    request.trailers?.length > 0 ? fields('Trailers', request.trailers, detail) : null);
}

export function responsePanel(detail) {
  const { response } = detail;
  if (!response || detail.kind === 'tcp') {
    return el('p', { class: detail.failure ? 'failure' : 'quiet' }, detail.failure ? icon('bad') : null,
      detail.failure ?? (detail.kind === 'tcp' ? 'Not an HTTP response.' : detail.state === 'running' ? 'There is no response yet.' : 'There was no response.'));
  }
  return el('div', {},
    detail.failure ? el('p', { class: 'failure' }, icon('bad'), detail.failure) : null,
    el('p', { class: 'status-line code' }, `HTTP/${response.version} ${response.status} ${response.reason}`),
    fields('Headers', response.headers, detail),
    bodyView('Body', response.body, response.headers),
    response.trailers?.length > 0 ? fields('Trailers', response.trailers, detail) : null);
}

const titled = (title, content) => el('section', {}, el('h3', {}, title), content);

const fields = (title, pairs, detail) => titled(title, pairs.length > 0
  ? table(pairs, title, isMasked(detail))
  : el('p', { class: 'quiet' }, 'none'));

function isMasked(detail) {
  const names = new Set((detail.masked ?? []).map((name) => name.toLowerCase()));
  return (name) => names.has(name.toLowerCase());
}
