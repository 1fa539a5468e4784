// Numbers and times as people read them, and what an exchange amounts to.

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const COUNT = new Intl.NumberFormat('en');

export const count = (number) => COUNT.format(number);

// `1 request`, `2 requests`.
export const counted = (number, word) => `${count(number)} ${word}${number === 1 ? '' : 's'}`;

export const clock = (instant) => CLOCK.format(new Date(instant));

export const moment = (instant) => MOMENT.format(new Date(instant));

export function duration(micros) {
  const milliseconds = micros / 1000;
  if (milliseconds < 10) {
    return `${milliseconds.toFixed(1)} ms`;
  }
  if (milliseconds < 1000) {
    return `${Math.round(milliseconds)} ms`;
  }
  const seconds = milliseconds / 1000;
  if (seconds < 100) {
    return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  }
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

export function bytes(number) {
  let size = number;
  let unit = 0;
  while (size >= 1024 && unit < 3) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${['B', 'KiB', 'MiB', 'GiB'][unit]}`;
}

// How an exchange stands: `bad` is what somebody has to look at.
export function tone(exchange) {
  if (exchange.state === 'failed' || exchange.status >= 500) {
    return 'bad';
  }
  if (exchange.status >= 400) {
    return 'warn';
  }
  if (exchange.state === 'running') {
    return 'running';
  }
  return exchange.status >= 300 ? 'turn' : 'good';
}

// The same in words, for those who see neither colour nor sign.
export const TONES = { bad: 'failed', warn: 'refused', running: 'running', turn: 'redirected', good: '' };

// What stands in place of a status where there is none.
export function statusText(exchange) {
  if (exchange.status > 0) {
    return `${exchange.status}`;
  }
  return exchange.state === 'failed' ? 'ERR' : exchange.state === 'running' ? '···' : exchange.kind === 'tcp' ? 'TCP' : '–';
}

const KINDS = { websocket: 'WebSocket', event_stream: 'events', tcp: 'TCP' };

// What kind it is where that is worth a word.
export const kindText = (exchange) => KINDS[exchange.kind] ?? '';

export const target = (exchange) => exchange.path || (exchange.kind === 'tcp' ? 'connection' : '');
