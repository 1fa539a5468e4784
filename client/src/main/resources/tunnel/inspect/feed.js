// Keeps the list as the client has it: loads it, follows the client's events, and loads again what they left out.

import * as api from './api.js';
import { spaced } from './dom.js';
import { listen } from './live.js';
import { Whole } from './whole.js';

const PAGE = 200;
const LARGE_PAGE = 1_000;
const MOST_PAGES = 20; // to fill a gap with
const MOST_HELD = 5_000; // while paused; then the list is loaded anew
const AGAIN = 1_000; // milliseconds between two questions for what events did not tell

export class Feed {
  counts = { total: 0, missed: 0, dropped: 0 };
  tunnels = new Set();
  isLoaded = false;
  isPaused = false;
  #hears = false; // the client
  #held = new Map();
  #seen = 0; // the highest number so far
  #more = false; // there are older ones
  #asking = null;
  #meanwhile = null; // heard while the whole list is asked for, whose page may be older
  #whole = new Whole();
  #fillSoon = spaced(AGAIN, () => this.#fill());
  #settleSoon = spaced(AGAIN, () => this.#whole.settle(this.exchanges.newest));

  constructor(exchanges, filter, show) {
    this.exchanges = exchanges;
    this.filter = filter;
    this.show = show;
  }

  get hasMore() {
    return this.#more;
  }

  get held() {
    return this.#held.size;
  }

  start() {
    listen((event, data) => this.#heard(event, data), () => this.#opened(), () => this.#lost());
  }

  // Asks for the list under the filter, as far down as somebody had come.
  async reload() {
    const meanwhile = this.#meanwhile = new Map();
    const page = await this.#ask({ limit: Math.max(PAGE, Math.min(LARGE_PAGE, this.exchanges.size)) });
    if (page) {
      this.exchanges.clear();
      this.isLoaded = true;
      this.#more = page.more && page.requests.length > 0;
      this.#take(page);
      this.#whole.restart(this.exchanges.newest);
      meanwhile.forEach((exchange) => this.#arrive(exchange, false));
      if (meanwhile.size === MOST_HELD) {
        this.#gap();
      }
    }
    if (this.#meanwhile === meanwhile) {
      this.#meanwhile = null;
    }
  }

  async older() {
    if (this.#more && this.#asking === null) {
      const page = await this.#ask({ limit: PAGE, before: this.exchanges.oldest });
      if (page) {
        this.#more = page.more && page.requests.length > 0; // a search that takes too long may come back with none
        this.#take(page);
      }
    }
  }

  // Events were left out, or the filter could not judge what they told: asks for all that is newer than what is known to be whole,
  // or may have ended unheard.
  async #fill() {
    if (this.isPaused) {
      return;
    }
    if (this.#asking !== null) {
      this.#fillSoon();
      return;
    }
    const down = Math.min(this.#whole.upTo, this.exchanges.oldestRunning);
    const upTo = this.exchanges.newest;
    this.#whole.hasGap = false;
    let page = await this.#ask({ limit: LARGE_PAGE });
    for (let pages = 1; page !== null; pages++) {
      this.#take(page);
      const oldest = page.requests.at(-1)?.id ?? 0;
      if (oldest <= down || !page.more || pages === MOST_PAGES) {
        this.#whole.filled(upTo);
        return;
      }
      page = await this.#ask({ limit: LARGE_PAGE, before: oldest });
    }
    this.#whole.hasGap = true;
  }

  // A page of the list, or null where something newer was asked for meanwhile, or the client does not answer.
  async #ask(page) {
    this.#asking?.abort();
    const mine = new AbortController();
    this.#asking = mine;
    try {
      return await api.requests(this.filter.value, page, mine.signal);
    } catch {
      return null;
    } finally {
      if (this.#asking === mine) {
        this.#asking = null;
      }
    }
  }

  #take({ requests, newest, total, missed, dropped }) {
    this.counts = { total: total + Math.max(0, this.#seen - newest), missed, dropped }; // some were heard of meanwhile
    for (const exchange of requests) {
      this.#put(exchange);
    }
    this.show.drawn();
  }

  #put(exchange) {
    this.#seen = Math.max(this.#seen, exchange.id);
    this.tunnels.add(exchange.tunnel);
    const known = this.exchanges.get(exchange.id);
    if (isOlder(exchange, known)) {
      return false;
    }
    if (known && known.state !== exchange.state) {
      this.show.changed(exchange);
    }
    return this.exchanges.put(exchange);
  }

  pause(paused) {
    this.isPaused = paused;
    if (!paused) {
      const held = [...this.#held.values()];
      this.#held.clear();
      if (held.length >= MOST_HELD) {
        this.reload();
      }
      held.forEach((exchange) => this.#arrive(exchange));
      if (this.#whole.hasGap) {
        this.#fillSoon();
      }
    }
    this.show.drawn();
  }

  #opened() {
    this.#hears = true;
    this.show.standing.page('live');
    this.reload(); // events may have passed unheard
  }

  // Whether nobody answers, or somebody who does not know this page.
  async #lost() {
    this.#hears = false;
    const why = await api.status().then(() => null, (error) => error);
    if (!this.#hears) {
      this.show.standing.page(why?.status === 401 ? 'foreign' : 'waiting');
    }
  }

  #heard(event, data) {
    switch (event) {
      case 'exchange':
        this.show.changed(data);
        if (!this.isPaused) {
          this.#arrive(data);
        } else if (this.#held.size < MOST_HELD) {
          this.#held.set(data.id, data);
        }
        break;
      case 'status':
        this.show.standing.told(data);
        break;
      case 'missed':
        this.counts.missed = data.missed;
        break;
      case 'skipped':
        this.#gap();
        break;
      case 'cleared':
        this.#held.clear();
        this.exchanges.clear();
        this.counts = { ...this.counts, total: 0, dropped: 0 };
        this.#more = false;
        if (this.#asking !== null) {
          this.reload(); // or the page that is asked for would bring back what was cleared
        }
        break;
    }
    this.show.drawn();
  }

  #gap() {
    this.#whole.hasGap = true;
    this.#fillSoon();
  }

  // `isNews` unless it was heard before.
  #arrive(exchange, isNews = true) {
    if (this.#meanwhile?.size < MOST_HELD) {
      this.#meanwhile.set(exchange.id, exchange);
    }
    if (exchange.id > this.#seen) {
      this.counts.total += exchange.id - this.#seen; // until the client says how many it keeps
      this.#seen = exchange.id;
    }
    const known = this.exchanges.get(exchange.id);
    if (isOlder(exchange, known)) {
      return;
    }
    const verdict = this.filter.matches(exchange);
    if (verdict === 'no') {
      if (known) {
        this.exchanges.remove(exchange.id);
      }
    } else if (verdict === 'unknown' && !known) {
      this.#gap();
    } else if (known || exchange.id > this.exchanges.oldest || !this.#more) {
      if (this.#put(exchange)) {
        if (isNews) {
          this.show.arrived();
        }
        this.#settleSoon();
      }
      this.#more = this.exchanges.trim() || this.#more;
    }
  }
}

// A page may be older than an event, and the other way round.
function isOlder(exchange, known) {
  return known && known.state !== 'running' && exchange.state === 'running';
}
