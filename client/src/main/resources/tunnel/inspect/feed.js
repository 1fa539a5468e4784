// Keeps the list as the client has it: loads it, follows the client's events, and loads again what they left out.

import * as api from './api.js';
import { spaced } from './dom.js';
import { listen } from './live.js';

const PAGE = 200;
const MOST_HELD = 5_000; // while paused; then the list is loaded anew
const AGAIN = 1_000; // milliseconds between two questions for what only the client can find

export class Feed {
  counts = { total: 0, missed: 0, dropped: 0 };
  tunnels = new Set();
  isLoaded = false;
  isPaused = false;
  #held = new Map();
  #seen = 0; // the highest number so far
  #more = false; // there are older ones
  #asking = null;
  #lookAgain = spaced(AGAIN, () => this.#newest());

  constructor(exchanges, filter, show) {
    this.exchanges = exchanges;
    this.filter = filter;
    this.show = show;
  }

  get held() {
    return this.#held.size;
  }

  start() {
    listen((event, data) => this.#heard(event, data), (state) => this.#page(state));
  }

  // Asks for the list under the filter, as far down as somebody had come.
  async reload() {
    const page = await this.#ask({ limit: Math.max(PAGE, Math.min(1000, this.exchanges.size)) });
    if (page) {
      this.exchanges.clear();
      this.isLoaded = true;
      this.#more = page.more;
      this.#take(page);
    }
  }

  async older() {
    if (this.#more && this.#asking === null) {
      const page = await this.#ask({ limit: PAGE, before: this.exchanges.oldest });
      if (page) {
        this.#more = page.more;
        this.#take(page);
      }
    }
  }

  // What the filter cannot judge here may be among the newest.
  async #newest() {
    if (this.#asking === null) {
      const page = await this.#ask({ limit: PAGE });
      if (page) {
        this.#take(page);
      }
    }
  }

  // A page of the list, or null where something newer was asked for meanwhile, or the client does not answer.
  async #ask(page) {
    this.#asking?.abort();
    const mine = new AbortController();
    this.#asking = mine;
    try {
      return await api.requests(this.filter.value, page, mine.signal);
    } catch (error) {
      if (error.status === 401) {
        this.show.standing.page('foreign');
      }
      return null;
    } finally {
      if (this.#asking === mine) {
        this.#asking = null;
      }
    }
  }

  #take({ requests, total, missed, dropped }) {
    this.counts = { total, missed, dropped };
    for (const exchange of requests) {
      this.#put(exchange);
    }
    this.show.drawn();
  }

  #put(exchange) {
    this.#seen = Math.max(this.#seen, exchange.id);
    this.tunnels.add(exchange.tunnel);
    const known = this.exchanges.get(exchange.id);
    if (known && known.state !== 'running' && exchange.state === 'running') {
      return false; // a page may be older than an event
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
    }
    this.show.drawn();
  }

  #page(state) {
    this.show.standing.page(state);
    if (state === 'live') {
      this.reload(); // events may have passed unheard
      api.status().then((status) => this.#heard('status', status), () => {});
    } else {
      api.status().catch((error) => error.status === 401 && this.show.standing.page('foreign'));
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
      case 'cleared':
        this.#held.clear();
        this.exchanges.clear();
        this.counts = { ...this.counts, total: 0, dropped: 0 };
        this.#more = false;
        break;
    }
    this.show.drawn();
  }

  #arrive(exchange) {
    const verdict = this.filter.matches(exchange);
    const known = this.exchanges.get(exchange.id);
    if (verdict === 'no') {
      if (known) {
        this.exchanges.remove(exchange.id);
      }
    } else if (verdict === 'unknown' && !known) {
      this.#lookAgain();
    } else if (known || exchange.id > this.exchanges.oldest || !this.#more) {
      if (exchange.id > this.#seen) {
        this.counts.total++;
      }
      if (this.#put(exchange)) {
        this.show.arrived();
      }
      this.#more = this.exchanges.trim() || this.#more;
    }
  }
}
