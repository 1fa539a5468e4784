// JSON as it was written: numbers keep their digits, names their order and their twins, which JSON.parse would lose.
// A node is { kind, text } or, for objects and lists, { kind, entries: [{ key, node }] }.

const DEEPEST = 400; // far above what people write, far below where a browser's stack ends

const TOKEN = /\s*(?:([{}[\],:])|("[^"\\]*(?:\\.[^"\\]*)*")|([^\s{}[\],:"]+))/y;

// The node, or null where it is not JSON or too deep to show.
export function readJson(text) {
  try {
    JSON.parse(text); // the judge of what is JSON: behind it nothing can be amiss
  } catch {
    return null;
  }
  TOKEN.lastIndex = 0;
  try {
    return value(text, next(text), 0);
  } catch (error) {
    if (error instanceof RangeError) {
      return null;
    }
    throw error;
  }
}

function next(text) {
  const [, mark, string, word] = TOKEN.exec(text);
  return mark ?? string ?? word;
}

function value(text, token, depth) {
  if (depth > DEEPEST) {
    throw new RangeError('too deep');
  }
  if (token === '{' || token === '[') {
    return { kind: token === '{' ? 'object' : 'list', entries: entries(text, token === '{', depth) };
  }
  return { kind: token.startsWith('"') ? 'string' : /^[-\d]/.test(token) ? 'number' : 'word', text: token };
}

function entries(text, named, depth) {
  const found = [];
  for (let token = next(text); token !== '}' && token !== ']'; token = next(text)) {
    if (token !== ',') {
      const key = named ? token : null;
      if (named) {
        next(text); // the colon
      }
      found.push({ key, node: value(text, named ? next(text) : token, depth + 1) });
    }
  }
  return found;
}

// On lines, two spaces a level: for what compares lines, and for editing.
export function printJson(node, indent = '') {
  if (!node.entries) {
    return node.text;
  }
  const [open, close] = node.kind === 'object' ? '{}' : '[]';
  if (node.entries.length === 0) {
    return open + close;
  }
  const inner = `${indent}  `;
  const lines = node.entries.map(({ key, node: child }) =>
    `${inner}${key === null ? '' : `${key}: `}${printJson(child, inner)}`);
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}
