// The exchange that is looked at: its head at once, the rest as soon as the client has told it, and again when there is more of it.

import * as api from './api.js';
import { byId, el, icon, set, spaced } from './dom.js';
import { count, duration, statusText, target, tone, TONES } from './format.js';
import { comparison } from './compare.js';
import { Messages } from './messages.js';
import { overview, requestPanel, responsePanel } from './panels.js';
import { Tabs } from './tabs.js';

const AGAIN = 400; // milliseconds between two looks at an exchange that goes on

export class Detail {
  id = 0;
  whole = null; // what the client told of it
  #original = null; // of a replay
  #scroller = byId('panel');
  #tabs = new Tabs(this.#scroller, () => this.#showPanel());
  #panels = new Map(); // by name of the tab: { key, element }
  #messages = null;
  #asking = new AbortController();
  #again = spaced(AGAIN, () => this.#load());
  #open;

  // `open(id)` shows another one.
  constructor(open) {
    this.#open = open;
    byId('tabs').append(this.#tabs.element);
  }

  // Shows an exchange, by what the list knows of it where it does, and in this tab where there is a wish.
  show(id, exchange, tab = '') {
    if (id !== this.id) {
      this.#forget(id);
    }
    this.#head(exchange ?? { id, method: '', path: '', status: 0, state: 'running', kind: 'http', micros: 0 });
    this.wish = tab || this.#tabs.current || 'overview';
    this.#load();
  }

  hide() {
    this.#forget(0);
  }

  // There is more of it.
  changed(exchange) {
    this.#head(exchange);
    this.#again();
  }

  tab(name) {
    this.#tabs.pick(name);
  }

  get tabs() {
    return this.#tabs.names;
  }

  #forget(id) {
    this.#asking.abort();
    this.id = id;
    this.whole = null;
    this.#original = null;
    this.#messages = null;
    this.#panels.clear();
    this.#scroller.replaceChildren();
    this.#scroller.scrollTop = 0;
    byId('detail').hidden = id === 0;
    byId('nothing').hidden = id !== 0;
  }

  async #load() {
    this.#asking.abort();
    this.#asking = new AbortController();
    const { id } = this;
    if (id === 0) {
      return;
    }
    try {
      const whole = await api.request(id, this.#asking.signal);
      if (whole.replayOf > 0 && this.#original?.id !== whole.replayOf) {
        this.#original = await api.request(whole.replayOf, this.#asking.signal).catch(() => null);
      }
      if (id === this.id) {
        this.whole = whole;
        this.#render();
      }
    } catch (error) {
      if (id === this.id && error.name !== 'AbortError' && this.whole === null) {
        this.#scroller.replaceChildren(el('p', { class: 'failure' }, icon('bad'), error.status === 404
          ? 'This request is no longer kept: the oldest make room for new ones.'
          : error.message));
      }
    }
  }

  #head(exchange) {
    const kind = tone(exchange);
    byId('detail').dataset.tone = kind;
    byId('detail-status').replaceChildren(icon(kind, TONES[kind] || null), statusText(exchange));
    byId('detail-method').textContent = exchange.method;
    byId('detail-path').textContent = target(exchange);
    byId('detail-took').textContent = duration(exchange.micros);
    byId('detail-id').textContent = `#${exchange.id}`;
    const repeats = exchange.kind === 'http' || exchange.kind === 'event_stream';
    for (const action of ['replay', 'edit']) {
      set(byId(action), 'disabled', !repeats);
    }
    byId('har').href = api.harOf(exchange.id);
  }

  #render() {
    const { whole } = this;
    this.#head(whole);
    const parts = [['overview', ['Overview']], ['request', ['Request']], ['response', ['Response']]];
    if (whole.kind === 'websocket' || whole.kind === 'event_stream') {
      const passed = whole.messagesDropped + (whole.messages?.length ?? 0);
      parts.push(['messages', ['Messages ', el('span', { class: 'quiet' }, count(passed))]]);
    }
    if (whole.replayOf > 0) {
      parts.push(['compare', ['Compare']]);
    }
    this.#tabs.offer(parts);
    const current = parts.some(([name]) => name === this.wish) ? this.wish : 'overview';
    if (this.#tabs.current === current) {
      this.#showPanel();
    } else {
      this.#tabs.pick(current);
    }
  }

  // Only what has changed is made anew, so that what somebody has opened stays open.
  #showPanel() {
    const name = this.#tabs.current;
    this.wish = name;
    const { whole } = this;
    if (whole === null) {
      return;
    }
    if (name === 'messages') {
      this.#messages ??= new Messages();
      this.#put(this.#messages.element);
      this.#messages.update(whole, this.#scroller);
      return;
    }
    const key = this.#key(name);
    const known = this.#panels.get(name);
    if (known?.key !== key) {
      this.#panels.set(name, { key, element: this.#make(name) });
    }
    this.#put(this.#panels.get(name).element);
  }

  #put(element) {
    if (this.#scroller.firstChild !== element) {
      const isSame = this.#scroller.dataset.shown === `${this.id} ${this.#tabs.current}`;
      const { scrollTop } = this.#scroller;
      this.#scroller.replaceChildren(element);
      this.#scroller.scrollTop = isSame ? scrollTop : 0;
      this.#scroller.dataset.shown = `${this.id} ${this.#tabs.current}`;
    }
  }

  #key(name) {
    const { messages, messagesDropped, ...rest } = this.whole;
    const of = { overview: rest, request: rest.request, response: [rest.response, rest.failure], compare: [rest, this.#original?.id] };
    return JSON.stringify(of[name]);
  }

  #make(name) {
    switch (name) {
      case 'request':
        return requestPanel(this.whole);
      case 'response':
        return responsePanel(this.whole);
      case 'compare':
        return this.#original === null
          ? el('p', { class: 'quiet' }, `The original, #${this.whole.replayOf}, is no longer kept.`)
          : comparison(this.#original, this.whole);
      default:
        return overview(this.whole, this.#open);
    }
  }
}
