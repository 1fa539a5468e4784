// The page: wires the list, the filter and the detail to what the client tells, and to what its user does.

import * as api from './api.js';
import { byId, set, settled } from './dom.js';
import { copy, tell } from './copy.js';
import { Detail } from './detail.js';
import { Editor } from './editor.js';
import { Exchanges } from './exchanges.js';
import { Filter } from './filter.js';
import { count, counted, statusText, duration } from './format.js';
import { listenToKeys } from './keys.js';
import { List } from './list.js';
import { Feed } from './feed.js';
import { Standing } from './standing.js';

const exchanges = new Exchanges();
const standing = new Standing();
const filter = new Filter(() => {
  byId('har-all').href = api.harOfAll(filter.value);
  feed.reload();
});
const list = new List(exchanges, (id) => open(id), () => feed.older());
const detail = new Detail((id) => open(id));
const editor = new Editor((id, edited) => repeat(id, edited));
const feed = new Feed(exchanges, filter, {
  arrived: () => list.arrived(),
  changed: (exchange) => exchange.id === detail.id && detail.changed(exchange),
  drawn: () => drawing ||= requestAnimationFrame(draw),
  standing,
});

// --- what is shown

let drawing = 0; // before the next frame, once for all events until then

function draw() {
  drawing = 0;
  list.draw();
  const { counts } = feed;
  byId('counts').textContent = [
    filter.isSet ? `${count(exchanges.size)}${feed.hasMore ? ' or more' : ''} of ${counted(counts.total, 'request')}` : counted(counts.total, 'request'),
    counts.dropped > 0 ? `${count(counts.dropped)} older ones made room` : '',
    counts.missed > 0 ? `${count(counts.missed)} not captured` : '',
  ].filter(Boolean).join(' · ');
  const tunnels = [...new Set([...(standing.status?.tunnels ?? []).map((tunnel) => tunnel.label).filter(Boolean), ...feed.tunnels])].sort();
  filter.tunnels(tunnels);
  list.severalTunnels(tunnels.length > 1);
  drawEmpty();
  drawPause();
}

function drawEmpty() {
  const isEmpty = exchanges.size === 0 && feed.isLoaded;
  byId('empty').hidden = !isEmpty;
  byId('list').hidden = isEmpty;
  byId('empty-filtered').hidden = !filter.isSet;
  byId('empty-fresh').hidden = filter.isSet;
  const url = standing.firstUrl;
  byId('try').hidden = url === null;
  byId('try-line').textContent = url === null ? '' : url.startsWith('http') ? `curl ${url}/` : url;
}

function drawPause() {
  set(byId('pause'), 'aria-pressed', String(feed.isPaused));
  byId('held').hidden = !feed.isPaused;
  byId('held-count').textContent = feed.held === 0 ? 'Paused. New requests are kept all the same.' : `Paused, ${counted(feed.held, 'new request')} waiting.`;
}

// --- one exchange

// While one walks through the list with a key held down, only where one stops is looked at.
const look = settled(60, () => detail.show(list.selected, exchanges.get(list.selected), wish));
let wish = '';

const isNarrow = matchMedia('(max-width: 719px)'); // as inspector.css has it: one view at a time

function open(id, tab = '') {
  wish = tab;
  list.select(id);
  if (isNarrow.matches && document.body.dataset.view === 'list') {
    history.pushState({ isDetail: true }, '', `#${id}`); // so that the browser's own way back leads to the list
  } else {
    history.replaceState(history.state, '', `#${id}`);
  }
  document.body.dataset.view = 'detail';
  detail.show(id, exchanges.get(id), tab);
}

function walk(to) {
  const next = exchanges.at(Math.max(0, Math.min(exchanges.size - 1, to)));
  if (next) {
    wish = '';
    list.select(next.id);
    history.replaceState(history.state, '', `#${next.id}`);
    if (document.activeElement === document.body) {
      byId('list').focus(); // or nobody reads out the row
    }
    look();
  }
}

function step(by) {
  walk(exchanges.get(list.selected) ? exchanges.place(list.selected) + by : 0);
}

function back() {
  if (history.state?.isDetail) {
    history.back();
  } else {
    showList();
  }
}

function showList() {
  document.body.dataset.view = 'list';
  byId('list').focus();
}

function enter() {
  if (list.selected > 0) {
    open(list.selected);
    byId('panel').focus();
  }
}

async function repeat(id, edited = null) {
  tell(`Replaying #${id} …`);
  const { id: made, left } = await api.replay(id, edited);
  const result = await api.request(made);
  open(made, 'compare');
  const got = `Replayed: ${statusText(result)} in ${duration(result.micros)}`;
  tell(left.length > 0 ? `${got}, without ${left.join(', ')}, of which only masked values were kept.` : `${got}.`);
}

async function guarded(work) {
  try {
    await work();
  } catch (error) {
    tell(error.message, true);
  }
}

// --- what its user does

const actions = {
  replay: () => detail.id > 0 && !byId('replay').disabled && guarded(() => repeat(detail.id)),
  edit: () => detail.whole?.request && !byId('edit').disabled && editor.open(detail.whole),
  curl: () => detail.whole?.curl && copy(detail.whole.curl, 'Copied as curl.'),
  har: () => detail.id > 0 && byId('har').click(),
  harAll: () => byId('har-all').click(),
  pause: () => feed.pause(!feed.isPaused),
  clear: () => exchanges.size > 0 && byId('forget').showModal(),
  theme: () => tell({ auto: 'As the system has it.', light: 'Light.', dark: 'Dark.' }[window.nextTheme()]),
  help: () => byId('help').showModal(),
};

listenToKeys({
  j: () => step(1), k: () => step(-1), g: () => walk(0), G: () => walk(exchanges.size - 1),
  '/': () => { document.body.dataset.view = 'list'; byId('q').focus(); byId('q').select(); },
  r: actions.replay, e: actions.edit, c: actions.curl, d: actions.har, D: actions.harAll,
  p: actions.pause, x: actions.clear, t: actions.theme, '?': actions.help, Escape: back,
  ...Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`${i + 1}`, () => detail.tab(detail.tabs[i])])),
}, { ArrowDown: () => step(1), ArrowUp: () => step(-1), Home: () => walk(0), End: () => walk(exchanges.size - 1), Enter: enter });

for (const name of ['replay', 'edit', 'curl', 'pause', 'clear', 'theme', 'help']) {
  byId(name === 'help' ? 'help-button' : name).addEventListener('click', actions[name]);
}
byId('back').addEventListener('click', back);
addEventListener('popstate', () => document.body.dataset.view === 'detail' && showList());
byId('unfilter').addEventListener('click', () => filter.clear());
byId('try-copy').addEventListener('click', () => copy(byId('try-line').textContent, 'Copied.'));
byId('forget-yes').addEventListener('click', () => guarded(api.forget));
byId('har-all').href = api.harOfAll(filter.value);

feed.start();
const asked = Number(location.hash.slice(1));
if (Number.isSafeInteger(asked) && asked > 0) {
  open(asked);
}
