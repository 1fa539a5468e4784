// How tunnel-client stands: its session and tunnels at the top of the page, and what is wrong in a banner, in the client's own words.

import { button, byId, el, icon } from './dom.js';
import { copy } from './copy.js';

const SESSIONS = { online: 'Online', connecting: 'Connecting', lost: 'Offline' };

export class Standing {
  status = null;
  #page = 'connecting'; // this page's own connection: connecting, live, waiting, foreign

  // The client told how it stands.
  told(status) {
    this.status = status;
    this.#draw();
  }

  // This page hears the client, or does not; `foreign` where it is of an earlier run.
  page(state) {
    this.#page = state;
    this.#draw();
  }

  // The address to try a tunnel with, or null.
  get firstUrl() {
    return this.status?.tunnels.flatMap((tunnel) => tunnel.urls)[0] ?? null;
  }

  #draw() {
    const { status } = this;
    const heard = this.#page === 'live' && status !== null;
    const session = heard ? status.session : this.#page === 'waiting' || this.#page === 'foreign' ? 'gone' : 'connecting';
    byId('session').dataset.state = session;
    byId('session-text').textContent = session === 'gone' ? 'Disconnected' : SESSIONS[session];
    byId('session').title = heard ? `tunnel-client ${status.version}, server ${status.server}` : '';
    if (status !== null) {
      byId('tunnels').replaceChildren(...status.tunnels.map(tunnelLine));
    }
    const wrong = this.#wrong();
    const banner = byId('banner');
    const said = wrong.join('\n');
    if (banner.dataset.said !== said) { // it is read out when it changes, and only then
      banner.dataset.said = said;
      banner.replaceChildren(...wrong.map((sentence) => el('p', {}, icon('bad'), sentence)));
      banner.hidden = wrong.length === 0;
    }
  }

  #wrong() {
    if (this.#page === 'foreign') {
      return ['This page belongs to an earlier run of tunnel-client. Open the address that the running one prints.'];
    }
    if (this.#page === 'waiting') {
      return ['tunnel-client does not answer. Is it still running? Trying again; what you see is from before.'];
    }
    const { status } = this;
    if (status === null) {
      return [];
    }
    const session = status.session === 'online' ? []
      : [status.why || (status.session === 'lost' ? 'The session with the server is lost. Dialling again.' : `Connecting to ${status.server}.`)];
    const down = status.tunnels.filter((tunnel) => tunnel.down)
      .map((tunnel) => (tunnel.label ? `${tunnel.label}: ${tunnel.down}` : tunnel.down));
    const blind = status.capturing ? [] : ['Requests are not kept at the moment.'];
    return [...session, ...down, ...blind];
  }
}

function tunnelLine(tunnel) {
  const url = tunnel.urls[0] ?? '';
  return el('li', { class: tunnel.down ? 'tunnel down' : 'tunnel' },
    tunnel.down ? icon('bad', 'down') : null,
    tunnel.label ? el('span', { class: 'tag' }, tunnel.label) : null,
    isWeb(url) ? el('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, url.replace(/^https?:\/\//, '')) : el('span', {}, url),
    url === '' ? null : button(icon('copy'), () => copy(url, 'Address copied.'), { class: 'quiet-button', 'aria-label': `Copy ${url}` }),
    el('span', { class: 'quiet local' }, `→ ${tunnel.local}`));
}

function isWeb(url) {
  try {
    return ['http:', 'https:'].includes(new URL(url).protocol);
  } catch {
    return false;
  }
}
