// The form in which a request is edited before it is replayed. It is filled from what was kept, without what the client computes
// itself, and without what it knows only masked.

import { byId, el } from './dom.js';
import { readJson, printJson } from './json.js';
import { bytes as size } from './format.js';

// Of the connection and of the body as it was sent; the client writes them anew.
const COMPUTED = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'content-encoding', 'trailer', 'expect']);

const MASK = '[masked]'; // what the client writes in place of a value

export class Editor {
  #dialog = byId('editor');
  #detail = null;
  #send;

  // `send(id, edited)` replays, and throws what the user is told; the form stays open then.
  constructor(send) {
    this.#send = send;
    byId('editor-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    byId('editor-cancel').addEventListener('click', () => this.#dialog.close());
    byId('editor-tidy').addEventListener('click', () => this.#tidy());
    this.#dialog.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.#submit();
      }
    });
  }

  open(detail) {
    const { request } = detail;
    this.#detail = detail;
    const masked = new Set((detail.masked ?? []).map((name) => name.toLowerCase()));
    const sent = request.headers.filter(([name]) => !COMPUTED.has(name.toLowerCase()) || isWholeEncoding(name, request.body));
    byId('editor-method').value = detail.method;
    byId('editor-path').value = detail.path;
    byId('editor-headers').value = sent.filter(([name]) => !masked.has(name.toLowerCase())).map(([name, value]) => `${name}: ${value}`).join('\n');
    byId('editor-body').value = request.body?.text ?? '';
    byId('editor-tidy').hidden = readJson(byId('editor-body').value) === null;
    byId('editor-notes').replaceChildren(...this.#notes(sent, masked).map((note) => el('p', { class: 'note' }, note)));
    this.#complain('');
    this.#dialog.showModal();
    byId('editor-path').focus();
  }

  #notes(sent, masked) {
    const { body } = this.#detail.request;
    const notes = [];
    const left = sent.filter(([name]) => masked.has(name.toLowerCase())).map(([name]) => name);
    if (left.length > 0) {
      notes.push(`${left.join(', ')}: left out, since only masked values were kept. Write them again to send them.`);
    }
    if (body?.text?.includes(MASK)) {
      notes.push(`The body has masked values, where it says ${MASK}: they are sent like that unless you write them again.`);
    }
    if (body?.base64) {
      notes.push(`The body is ${size(body.captured)} of bytes, sent as they are unless you write another one.`);
    }
    if (body?.truncated) {
      notes.push(`Only the first ${size(body.captured)} of the body were kept: what you see is what will be sent.`);
    }
    return notes;
  }

  #tidy() {
    const body = byId('editor-body');
    const json = readJson(body.value);
    if (json !== null) {
      body.value = printJson(json);
    }
    this.#complain(json === null ? 'The body is not JSON.' : '');
  }

  async #submit() {
    const { fields, wrong } = readFields(byId('editor-headers').value);
    if (wrong !== null) {
      this.#complain(`Headers: '${wrong}' is not a field. Write it as Name: value.`);
      byId('editor-headers').focus();
      return;
    }
    const text = byId('editor-body').value;
    const { body } = this.#detail.request;
    const edited = {
      method: byId('editor-method').value.trim(),
      path: byId('editor-path').value.trim(),
      headers: fields,
      ...(text === '' && body?.base64 ? { base64: body.base64 } : { text }),
    };
    const button = byId('editor-send');
    button.disabled = true;
    this.#complain('');
    try {
      await this.#send(this.#detail.id, edited);
      this.#dialog.close();
    } catch (error) {
      this.#complain(error.message);
    } finally {
      button.disabled = false;
    }
  }

  #complain(sentence) {
    byId('editor-error').textContent = sentence;
  }
}

// A body that could not be unpacked is sent packed, as its field says.
const isWholeEncoding = (name, body) => name.toLowerCase() === 'content-encoding' && Boolean(body?.base64) && !body.decoded;

function readFields(text) {
  const fields = [];
  for (const line of text.split('\n').map((one) => one.trim()).filter(Boolean)) {
    const at = line.indexOf(':');
    if (at < 1) {
      return { fields, wrong: line };
    }
    fields.push([line.slice(0, at).trim(), line.slice(at + 1).trim()]);
  }
  return { fields, wrong: null };
}
