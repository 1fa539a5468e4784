// Tabs by the pattern of WAI-ARIA: one stop for the tab key, arrows between them.

import { el, set } from './dom.js';

export class Tabs {
  #buttons = new Map();

  // `chosen(name)` when it is another one.
  constructor(panel, chosen) {
    this.panel = panel;
    this.chosen = chosen;
    this.current = '';
    this.element = el('div', { role: 'tablist', 'aria-label': 'Parts of the request', on: { keydown: (event) => this.#key(event) } });
  }

  // Which there are, as [name, label] pairs.
  offer(tabs) {
    for (const [name, button] of this.#buttons) {
      if (!tabs.some(([other]) => other === name)) {
        button.remove();
        this.#buttons.delete(name);
      }
    }
    for (const [name, label] of tabs) {
      let button = this.#buttons.get(name);
      if (!button) {
        button = el('button', { type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': this.panel.id,
          on: { click: () => this.pick(name) } });
        this.#buttons.set(name, button);
      }
      button.replaceChildren(...label);
      this.element.append(button);
    }
    this.#mark();
  }

  get names() {
    return [...this.element.children].map((button) => button.id.slice('tab-'.length));
  }

  pick(name) {
    if (this.#buttons.has(name)) {
      this.current = name;
      this.#mark();
      this.chosen(name);
    }
  }

  #mark() {
    for (const [name, button] of this.#buttons) {
      const isCurrent = name === this.current;
      set(button, 'aria-selected', String(isCurrent));
      button.tabIndex = isCurrent ? 0 : -1;
    }
    set(this.panel, 'aria-labelledby', `tab-${this.current}`);
  }

  #key(event) {
    const all = this.names;
    const at = all.indexOf(this.current);
    const to = { ArrowRight: at + 1, ArrowLeft: at + all.length - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      this.pick(all[to % all.length]);
      this.#buttons.get(this.current).focus();
    }
  }
}
