// JSON as a tree that opens and closes. Only what is open is in the document, a long list in parts, so that a large body costs
// no more than what is looked at.

import { button, el, set } from './dom.js';

const OPEN_AT_FIRST = 300; // lines
const PART = 200; // entries of one object or list

const OPENING = { object: '{', list: '[' };
const CLOSING = { object: '}', list: ']' };

// Where a node stands: what is above it, and its element once there is one.
class Place {
  constructor(node, key, parent, isLast) {
    this.node = node;
    this.key = key;
    this.parent = parent;
    this.isLast = isLast;
    this.element = null;
    this.isOpen = false;
  }

  // Those below it, made when first asked for.
  get children() {
    const entries = this.node.entries ?? [];
    return this.made ??= entries.map(({ key, node }, i) => new Place(node, key, this, i === entries.length - 1));
  }
}

export class Tree {
  #root;

  constructor(node) {
    this.#root = new Place(node, null, null, true);
    this.element = el('div', { role: 'tree', class: 'tree code', 'aria-label': 'JSON', on: { keydown: (event) => this.#key(event) } });
    this.element.append(this.#line(this.#root));
    this.element.firstChild.tabIndex = 0;
    this.element.addEventListener('click', (event) => this.#click(event));
    this.#openSome();
  }

  // Opens level after level as long as it stays a view.
  #openSome() {
    let lines = 1;
    for (let level = [this.#root]; level.length > 0;) {
      const below = level.flatMap((place) => place.children.slice(0, PART));
      lines += below.length;
      if (lines > OPEN_AT_FIRST && level[0] !== this.#root) {
        return;
      }
      level.forEach((place) => this.#open(place, true));
      level = below;
    }
  }

  // All places whose name or value has the text, in the order of the body, a thousand at the most.
  find(text) {
    const wanted = text.toLowerCase();
    const found = [];
    const walk = (place) => {
      if (found.length < 1000) {
        if (`${place.key ?? ''}\n${place.node.text ?? ''}`.toLowerCase().includes(wanted)) {
          found.push(place);
        }
        place.children.forEach(walk);
      }
    };
    walk(this.#root);
    return found;
  }

  // Marks a place and brings it into sight, with all above it open.
  show(place) {
    this.element.querySelector('.found')?.classList.remove('found');
    if (place) {
      this.#appear(place);
      place.element.classList.add('found');
      (place.element.querySelector('.line') ?? place.element).scrollIntoView({ block: 'nearest' });
    }
  }

  #appear(place) {
    if (place.parent !== null && place.element === null) {
      this.#appear(place.parent);
      this.#open(place.parent, true);
      while (place.element === null) {
        this.#more(place.parent);
      }
    } else if (place.parent !== null) {
      this.#appear(place.parent);
      this.#open(place.parent, true);
    }
  }

  #line(place) {
    const { node, key, isLast } = place;
    const name = key === null ? [] : [el('span', { class: 'key' }, key), ': '];
    const comma = isLast ? '' : ',';
    place.element = el('div', { role: 'treeitem', tabindex: '-1' });
    place.element.place = place;
    if (!node.entries) {
      place.element.append(el('span', { class: 'line' }, ...name, el('span', { class: node.kind }, node.text), comma));
      return place.element;
    }
    const [open, close] = [OPENING[node.kind], CLOSING[node.kind] + comma];
    const size = node.entries.length;
    if (size === 0) {
      place.element.append(el('span', { class: 'line' }, ...name, open + close));
      return place.element;
    }
    const what = node.kind === 'object' ? (size === 1 ? 'key' : 'keys') : (size === 1 ? 'item' : 'items');
    place.element.setAttribute('aria-expanded', 'false');
    place.element.append(
      el('span', { class: 'line' }, el('span', { class: 'twist', 'aria-hidden': 'true' }), ...name, open,
        el('span', { class: 'folded' }, ` ${size} ${what} ${close}`)),
      el('div', { role: 'group', class: 'inner', hidden: true }),
      el('span', { class: 'line closing', hidden: true }, close));
    return place.element;
  }

  #open(place, open) {
    if (place.children.length === 0 || place.isOpen === open) {
      return;
    }
    place.isOpen = open;
    const [, inner, closing] = place.element.children;
    if (open && inner.childElementCount === 0) {
      this.#more(place);
    }
    set(place.element, 'aria-expanded', String(open));
    inner.hidden = !open;
    closing.hidden = !open;
  }

  // The next part of what is in it.
  #more(place) {
    const inner = place.element.children[1];
    inner.querySelector(':scope > .more')?.remove();
    const shown = inner.childElementCount;
    const all = place.children;
    inner.append(...all.slice(shown, shown + PART).map((child) => this.#line(child)));
    const left = all.length - inner.childElementCount;
    if (left > 0) {
      inner.append(button(`${left} more`, () => this.#more(place), { class: 'more' }));
    }
  }

  #click(event) {
    const line = event.target.closest('.line');
    const item = event.target.closest('[role=treeitem]');
    if (item && line?.parentNode === item && !line.classList.contains('closing') && getSelection().isCollapsed) {
      this.#open(item.place, !item.place.isOpen);
      this.#focus(item);
    }
  }

  #focus(item) {
    if (item) {
      this.element.querySelectorAll('[tabindex="0"]').forEach((other) => set(other, 'tabindex', '-1'));
      item.tabIndex = 0;
      item.focus();
    }
  }

  #key(event) {
    const item = event.target.closest('[role=treeitem]');
    if (!item || event.target !== item || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const { place } = item;
    const seen = [...this.element.querySelectorAll('[role=treeitem]')].filter((one) => !one.parentNode.closest('[hidden]'));
    const moves = {
      ArrowDown: () => this.#focus(seen[seen.indexOf(item) + 1]),
      ArrowUp: () => this.#focus(seen[seen.indexOf(item) - 1]),
      Home: () => this.#focus(seen[0]),
      End: () => this.#focus(seen.at(-1)),
      ArrowRight: () => (place.isOpen ? this.#focus(place.children[0]?.element) : this.#open(place, true)),
      ArrowLeft: () => (place.isOpen ? this.#open(place, false) : this.#focus(place.parent?.element)),
      Enter: () => this.#open(place, !place.isOpen),
      ' ': () => this.#open(place, !place.isOpen),
    };
    if (moves[event.key]) {
      event.preventDefault();
      event.stopPropagation(); // the arrows are this tree's now, not the list's
      moves[event.key]();
    }
  }
}
