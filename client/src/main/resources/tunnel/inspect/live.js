// The client's events as they come. The browser dials again by itself, except after an answer that is no stream: then we do.

const AGAIN = 2_000; // milliseconds

// `skipped` says that there were more than one page needs to hear.
const EVENTS = ['exchange', 'missed', 'skipped', 'status', 'cleared'];

// Calls `heard(event, data)` for each, `opened()` when it begins to hear, and `lost()` at each try that comes to nothing.
export function listen(heard, opened, lost) {
  function dial() {
    const source = new EventSource('/api/events');
    source.addEventListener('open', opened);
    source.addEventListener('error', () => {
      lost();
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(dial, AGAIN);
      }
    });
    for (const event of EVENTS) {
      source.addEventListener(event, (message) => heard(event, JSON.parse(message.data)));
    }
  }

  dial();
}
