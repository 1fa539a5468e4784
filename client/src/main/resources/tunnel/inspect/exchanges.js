// The exchanges that the page knows of, by their numbers, which count up: those of the list, under its filter.

const MOST = 20_000; // about 10 MB of the browser's; older ones are asked for again

export class Exchanges {
  #ids = []; // ascending, since new ones come at the end
  #byId = new Map();

  get size() {
    return this.#ids.length;
  }

  get newest() {
    return this.#ids.at(-1) ?? 0;
  }

  get oldest() {
    return this.#ids[0] ?? 0;
  }

  // Of those that end soon: a WebSocket or an event stream may last for days.
  get oldestRunning() {
    return this.#ids.find((id) => {
      const { state, kind } = this.#byId.get(id);
      return state === 'running' && kind === 'http';
    }) ?? Infinity;
  }

  get(id) {
    return this.#byId.get(id);
  }

  // By its place in the list, 0 for the newest.
  at(place) {
    return this.#byId.get(this.#ids[this.#ids.length - 1 - place]);
  }

  // The place of an exchange, or where it would be.
  place(id) {
    return this.#ids.length - 1 - this.#index(id);
  }

  // Returns whether it is a new one.
  put(exchange) {
    const isNew = !this.#byId.has(exchange.id);
    if (isNew) {
      if (exchange.id > this.newest) {
        this.#ids.push(exchange.id);
      } else {
        this.#ids.splice(this.#index(exchange.id), 0, exchange.id);
      }
    }
    this.#byId.set(exchange.id, exchange);
    return isNew;
  }

  remove(id) {
    if (this.#byId.delete(id)) {
      this.#ids.splice(this.#index(id), 1);
    }
  }

  // Leaves out the oldest of too many. Returns whether there were.
  trim() {
    const over = this.#ids.length - MOST;
    for (const id of over > 0 ? this.#ids.splice(0, over) : []) {
      this.#byId.delete(id);
    }
    return over > 0;
  }

  clear() {
    this.#ids = [];
    this.#byId.clear();
  }

  // Of the first number that is not below this one.
  #index(id) {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ids[middle] < id) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
