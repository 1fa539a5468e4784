// What differs between two lists of lines: Myers' "An O(ND) Difference Algorithm", greedy, with what is equal at both ends left out.

const MOST_EDITS = 800; // beyond, the work grows with its square and nobody reads the result: all of it counts as replaced

// Pieces in order: { kind: 'same' | 'gone' | 'new', line }.
export function compareLines(before, after) {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) {
    head++;
  }
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail)) {
    tail++;
  }
  const a = before.slice(head, before.length - tail);
  const b = after.slice(head, after.length - tail);
  return [
    ...all('same', before.slice(0, head)),
    ...(edits(a, b) ?? [...all('gone', a), ...all('new', b)]),
    ...all('same', before.slice(before.length - tail)),
  ];
}

const all = (kind, lines) => lines.map((line) => ({ kind, line }));

// Or null where there are too many. `furthest[k]` is how far into `a` one gets on the diagonal k, which is x - y.
function edits(a, b) {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const middle = most + 1;
  const furthest = new Int32Array(2 * most + 3);
  const history = [];
  for (let d = 0; d <= most; d++) {
    history.push(furthest.slice(middle - d - 1, middle + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && furthest[middle + k - 1] < furthest[middle + k + 1]);
      let x = down ? furthest[middle + k + 1] : furthest[middle + k - 1] + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) {
        x++;
      }
      furthest[middle + k] = x;
      if (x >= a.length && x - k >= b.length) {
        return walkBack(a, b, history);
      }
    }
  }
  return null;
}

// From the end, round by round, to the start.
function walkBack(a, b, history) {
  const found = [];
  let x = a.length;
  let y = b.length;
  for (let d = history.length - 1; d >= 0; d--) {
    const furthest = history[d];
    const at = (k) => furthest[k + d + 1]; // as it was before round d
    const k = x - y;
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const beforeK = down ? k + 1 : k - 1;
    const beforeX = d === 0 ? 0 : at(beforeK);
    const beforeY = d === 0 ? 0 : beforeX - beforeK;
    while (x > beforeX && y > beforeY) {
      found.push({ kind: 'same', line: a[--x] });
      y--;
    }
    if (d > 0) {
      found.push(down ? { kind: 'new', line: b[--y] } : { kind: 'gone', line: a[--x] });
    }
  }
  return found.reverse();
}
