// The client's JSON, as docs/inspector.md describes it.

const MOST = 15_000; // milliseconds for an answer
const REPLAY_MOST = 40_000; // the client itself waits 30 s for the local service

// What the client answers instead of what was asked for: a sentence for the user.
export class Refusal extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

async function ask(path, options = {}, most = MOST) {
  const bound = AbortSignal.timeout(most);
  let answer;
  try {
    answer = await fetch(path, {
      ...options,
      credentials: 'same-origin',
      signal: options.signal ? AbortSignal.any([options.signal, bound]) : bound,
      // A page of somebody else cannot send this field without asking first, which is never allowed.
      headers: { 'X-Tunnel-Inspector': '1', ...options.headers },
    });
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }
    throw new Refusal(0, error.name === 'TimeoutError'
      ? 'tunnel-client did not answer in time.'
      : 'tunnel-client does not answer. Is it still running?');
  }
  const text = await answer.text();
  if (answer.ok) {
    return text === '' ? null : JSON.parse(text);
  }
  throw new Refusal(answer.status, sentence(answer.status, text));
}

function sentence(status, text) {
  if (status === 401) {
    return 'This page belongs to an earlier run. Open the address that tunnel-client prints.';
  }
  try {
    return JSON.parse(text).error;
  } catch {
    return `tunnel-client answered ${status}.`;
  }
}

// A filter as the query of an address, without what is not set.
export function query(filter, more = {}) {
  const fields = Object.entries({ ...filter, ...more }).filter(([, value]) => value !== '' && value !== null);
  return fields.length === 0 ? '' : `?${new URLSearchParams(fields)}`;
}

export const status = () => ask('/api/status');

export const requests = (filter, page = {}, signal) => ask(`/api/requests${query(filter, page)}`, { signal });

export const request = (id, signal) => ask(`/api/requests/${id}`, { signal });

export const forget = () => ask('/api/requests', { method: 'DELETE' });

export const harOf = (id) => `/api/requests/${id}/har`;

export const harOfAll = (filter) => `/api/har${query(filter)}`;

// Repeats an exchange, as it was where there is no `edited`.
export function replay(id, edited = null) {
  const options = edited === null
    ? { method: 'POST' }
    : { method: 'POST', body: JSON.stringify(edited), headers: { 'Content-Type': 'application/json' } };
  return ask(`/api/requests/${id}/replay`, options, REPLAY_MOST);
}
