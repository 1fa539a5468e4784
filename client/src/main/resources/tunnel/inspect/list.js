// The list: of however many exchanges only the rows in sight are in the document. Rows are all of the same height, so that a place
// is a multiplication.

import { byId, el, icon, set } from './dom.js';
import { clock, duration, kindText, statusText, target, tone, TONES } from './format.js';

const OVER = 8; // rows above and below what is in sight, for smooth scrolling

export class List {
  #exchanges;
  #box = byId('list');
  #space = byId('space');
  #rows = new Map(); // by number of the exchange
  #drawing = 0;
  #anchor = null; // who is at the top while somebody reads further down
  #unseen = 0; // arrived above meanwhile
  #several = false; // tunnels

  // `chosen(id)` when a row is clicked, `older()` when the end of the list is near.
  constructor(exchanges, chosen, older) {
    this.#exchanges = exchanges;
    this.older = older;
    this.selected = 0;
    this.#box.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.#box.addEventListener('click', (event) => {
      const row = event.target.closest('.row');
      if (row) {
        chosen(Number(row.dataset.id));
      }
    });
    byId('unseen').addEventListener('click', () => this.top());
    new ResizeObserver(() => this.draw()).observe(this.#box);
  }

  get rowHeight() {
    return parseFloat(getComputedStyle(this.#box).getPropertyValue('--row'));
  }

  // Draws before the next frame, once for all changes until then.
  draw() {
    this.#drawing ||= requestAnimationFrame(() => {
      this.#drawing = 0;
      this.#draw();
    });
  }

  // Something arrived that is the newest.
  arrived() {
    if (this.#anchor !== null) {
      this.#unseen++;
    }
    this.draw();
  }

  select(id, reveal = true) {
    this.selected = id;
    if (reveal && this.#exchanges.get(id)) {
      this.#reveal(this.#exchanges.place(id));
    }
    this.draw();
  }

  severalTunnels(several) {
    if (several !== this.#several) {
      this.#several = several;
      this.#forgetRows();
      this.draw();
    }
  }

  top() {
    this.#box.scrollTop = 0;
    this.#scrolled();
  }

  #reveal(place) {
    const height = this.rowHeight;
    const top = place * height;
    if (top < this.#box.scrollTop) {
      this.#box.scrollTop = top;
    } else if (top + height > this.#box.scrollTop + this.#box.clientHeight) {
      this.#space.style.height = `${this.#exchanges.size * height}px`; // it may be a new one
      this.#box.scrollTop = top + height - this.#box.clientHeight;
    }
    this.#remember();
  }

  #scrolled() {
    this.#remember();
    this.draw();
  }

  // Keeps in mind which row is at the top of what is in sight; at the very top the newest are followed instead.
  #remember() {
    const height = this.rowHeight;
    const place = Math.floor(this.#box.scrollTop / height);
    const first = this.#exchanges.at(place);
    this.#anchor = place === 0 || !first ? null : { id: first.id, below: this.#box.scrollTop - place * height };
    if (this.#anchor === null) {
      this.#unseen = 0;
    }
  }

  #draw() {
    const height = this.rowHeight;
    const size = this.#exchanges.size;
    this.#space.style.height = `${size * height}px`;
    if (this.#anchor !== null) {
      const wanted = this.#exchanges.place(this.#anchor.id) * height + this.#anchor.below;
      if (Math.abs(wanted - this.#box.scrollTop) >= 1) {
        this.#box.scrollTop = wanted;
      }
    }
    const first = Math.max(0, Math.floor(this.#box.scrollTop / height) - OVER);
    const last = Math.min(size, Math.ceil((this.#box.scrollTop + this.#box.clientHeight) / height) + OVER);
    this.#drawRows(first, last, height);
    set(this.#box, 'aria-activedescendant', this.#rows.has(this.selected) ? `row-${this.selected}` : null);
    this.#showUnseen();
    if (last >= size - OVER) {
      this.older();
    }
  }

  #drawRows(first, last, height) {
    const size = this.#exchanges.size;
    const kept = new Map();
    for (let place = first; place < last; place++) {
      const exchange = this.#exchanges.at(place);
      let row = this.#rows.get(exchange.id);
      if (!row) {
        row = { exchange: null, element: el('div', { role: 'option', id: `row-${exchange.id}`, 'data-id': exchange.id }) };
        this.#space.append(row.element);
      }
      if (row.exchange !== exchange) {
        row.exchange = exchange;
        this.#fill(row.element, exchange); // the element stays, and with it a click that has begun
      }
      row.element.style.transform = `translateY(${place * height}px)`;
      set(row.element, 'aria-posinset', place + 1);
      set(row.element, 'aria-setsize', size);
      set(row.element, 'aria-selected', exchange.id === this.selected ? 'true' : 'false');
      this.#rows.delete(exchange.id);
      kept.set(exchange.id, row);
    }
    this.#forgetRows();
    this.#rows = kept;
  }

  #forgetRows() {
    for (const { element } of this.#rows.values()) {
      element.remove();
    }
    this.#rows.clear();
  }

  #fill(row, exchange) {
    const kind = tone(exchange);
    const detail = kindText(exchange);
    row.className = `row ${kind}`;
    row.replaceChildren(...[
      el('span', { class: 'status' }, icon(kind, TONES[kind] || null), statusText(exchange)),
      el('span', { class: 'method' }, exchange.method),
      el('span', { class: 'path', title: target(exchange) }, target(exchange)),
      exchange.replayOf > 0 ? el('span', { class: 'tag' }, icon('replay', `replay of ${exchange.replayOf}`)) : null,
      detail ? el('span', { class: 'tag' }, detail) : null,
      this.#several ? el('span', { class: 'of' }, exchange.tunnel) : null,
      el('span', { class: 'took' }, duration(exchange.micros)),
      el('time', { class: 'clock', datetime: exchange.started }, clock(exchange.started)),
    ].filter((cell) => cell !== null));
  }

  #showUnseen() {
    const button = byId('unseen');
    button.hidden = this.#unseen === 0;
    byId('unseen-count').textContent = `${this.#unseen} new`;
  }
}
