// The client's events as they come. The browser dials again by itself, except after an answer that is no stream: then we do.

const AGAIN = 2_000; // milliseconds

// `skipped` says that there were more than one page needs to hear.
const EVENTS = ['exchange', 'missed', 'skipped', 'status', 'cleared'];

// Calls `heard(event, data)` for each, and `state('live' | 'waiting')` when that changes.
export function listen(heard, state) {
  let now = null;

  function become(next) {
    if (next !== now) {
      now = next;
      state(next);
    }
  }

  function dial() {
    const source = new EventSource('/api/events');
    source.addEventListener('open', () => become('live'));
    source.addEventListener('error', () => {
      become('waiting');
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(dial, AGAIN);
      }
    });
    for (const event of EVENTS) {
      source.addEventListener(event, (message) => heard(event, message.data ? JSON.parse(message.data) : null));
    }
  }

  dial();
}
