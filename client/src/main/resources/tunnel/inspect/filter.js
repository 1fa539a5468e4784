// What the list is narrowed to. The client filters what it has kept, bodies included; what arrives meanwhile is looked at here.

import { byId, el, settled } from './dom.js';

const TYPING = 200; // milliseconds without a key before the client is asked

const FIELDS = ['q', 'method', 'status', 'tunnel'];

export class Filter {
  #value = Object.fromEntries(FIELDS.map((name) => [name, '']));
  #changed;

  // `changed` is called when it is another one.
  constructor(changed) {
    this.#changed = changed;
    const read = () => this.#read();
    byId('q').addEventListener('input', settled(TYPING, read));
    for (const name of FIELDS.slice(1)) {
      byId(name).addEventListener('change', read);
    }
    byId('filter').addEventListener('submit', (event) => {
      event.preventDefault();
      read();
    });
  }

  get value() {
    return this.#value;
  }

  get isSet() {
    return FIELDS.some((name) => this.#value[name] !== '');
  }

  clear() {
    for (const name of FIELDS) {
      byId(name).value = '';
    }
    this.#read();
  }

  #read() {
    const value = Object.fromEntries(FIELDS.map((name) => [name, byId(name).value.trim()]));
    if (FIELDS.some((name) => value[name] !== this.#value[name])) {
      this.#value = value;
      this.#changed();
    }
  }

  // `yes`, `no`, or `unknown` where only the client can tell, since the text may be in a field or a body.
  matches(exchange) {
    const { q, method, status, tunnel } = this.#value;
    if ((method !== '' && exchange.method !== method)
      || (status !== '' && !status.split('|').some((one) => one === exchange.state || one === `${Math.floor(exchange.status / 100)}xx`))
      || (tunnel !== '' && exchange.tunnel !== tunnel)) {
      return 'no';
    }
    const seen = `${exchange.method} ${exchange.host}${exchange.path} ${exchange.status}`.toLowerCase();
    return q === '' || seen.includes(q.toLowerCase()) ? 'yes' : 'unknown';
  }

  // Offers these tunnels, and stays out of the way where there is only one.
  tunnels(names) {
    const select = byId('tunnel');
    const offered = [...select.options].slice(1).map((option) => option.value);
    if (names.join('\n') !== offered.join('\n')) {
      const chosen = select.value;
      select.replaceChildren(select.options[0], ...names.map((name) => el('option', { value: name }, name)));
      select.value = names.includes(chosen) ? chosen : '';
      this.#read();
    }
    select.hidden = names.length < 2;
  }
}
