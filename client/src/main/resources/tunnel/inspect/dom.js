// The only place where elements are made. What a request says becomes the text of a node, or the value of an attribute whose name
// is ours: nothing of it is ever parsed as a document.

const SVG = 'http://www.w3.org/2000/svg';

// An element by its name. Attributes that are null or false are left out; `on` has listeners by event; children are nodes or texts.
export function el(name, { on = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    set(element, key, value);
  }
  for (const [event, listener] of Object.entries(on)) {
    element.addEventListener(event, listener);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

// Sets an attribute, or takes it away where the value is null or false.
export function set(element, name, value) {
  if (value === null || value === undefined || value === false) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true ? '' : value);
  }
}

// One of the symbols in index.html. It decorates: what it means is said in words beside it, or by `title`.
export function icon(name, title = null) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  if (title === null) {
    svg.setAttribute('aria-hidden', 'true');
  } else {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', title);
  }
  return svg;
}

export const byId = (id) => document.getElementById(id);

export function button(label, listener, attributes = {}) {
  return el('button', { type: 'button', ...attributes, on: { click: listener } }, label);
}

// A function that runs `work` once, so many milliseconds after it was last called.
export function settled(milliseconds, work) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, milliseconds);
  };
}

// A function that runs `work` at once, and while it is called again and again, no more often than this.
export function spaced(milliseconds, work) {
  let timer = 0;
  let last = -Infinity;
  const run = () => {
    timer = 0;
    last = performance.now();
    work();
  };
  return () => {
    timer ||= setTimeout(run, Math.max(0, last + milliseconds - performance.now()));
  };
}
