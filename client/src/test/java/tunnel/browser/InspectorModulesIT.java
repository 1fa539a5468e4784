package tunnel.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The parts of the page that compute: differences of lines, JSON as it was written, and the order of the list.
@Tag("browser")
class InspectorModulesIT extends InspectionScene {
    private static void assertAllGood(String script) {
        assertThat(page.run(script)).isEqualTo("good");
    }

    @Test
    void aDifferenceOfLinesHasBothSidesInIt() {
        assertAllGood("""
                return import('/lines.js').then(({ compareLines }) => {
                  let seed = 7;
                  const random = (most) => (seed = (seed * 1103515245 + 12345) % 2147483648) % most;
                  for (let round = 0; round < 500; round++) {
                    const some = () => Array.from({ length: random(30) }, () => 'abcd'[random(4)]);
                    const [before, after] = [some(), some()];
                    const pieces = compareLines(before, after);
                    const side = (other) => pieces.filter(piece => piece.kind !== other).map(piece => piece.line).join();
                    if (side('new') !== before.join() || side('gone') !== after.join()) return before + ' / ' + after;
                  }
                  return 'good';
                })""");
    }

    @Test
    void aDifferenceIsAsShortAsCanBe() {
        assertAllGood("""
                return import('/lines.js').then(({ compareLines }) => {
                  const pieces = compareLines([...'ABCABBA'], [...'CBABAC']);
                  return pieces.filter(piece => piece.kind !== 'same').length === 5 ? 'good' : JSON.stringify(pieces);
                })""");
    }

    @Test
    void twoThatHaveNothingInCommonAreComparedInNoTime() {
        assertAllGood("""
                return import('/lines.js').then(({ compareLines }) => {
                  const lines = (letter) => Array.from({ length: 20000 }, (_, i) => letter + i);
                  const start = performance.now();
                  const pieces = compareLines(lines('a'), lines('b'));
                  return pieces.length === 40000 && performance.now() - start < 2000 ? 'good' : String(performance.now() - start);
                })""");
    }

    @Test
    void jsonIsPrintedWithItsOwnDigitsAndTwins() {
        assertAllGood("""
                return import('/json.js').then(({ readJson, printJson }) => {
                  const print = (text) => { const node = readJson(text); return node && printJson(node); };
                  const got = print('{"b":1.10,"10":12345678901234567890,"b":[],"__proto__":{"x":null},"s":"\\\\"]}\\\\u00e9"}');
                  const wanted = '{\\n  "b": 1.10,\\n  "10": 12345678901234567890,\\n  "b": [],\\n  "__proto__": {\\n    "x": null\\n  },\\n'
                    + '  "s": "\\\\"]}\\\\u00e9"\\n}';
                  if (got !== wanted) return got;
                  for (const text of ['{"a":1,}', '[1 2]', '', 'nothing', '{"a"}', '\\u00a01']) if (readJson(text) !== null) return text;
                  if (readJson('['.repeat(100000) + ']'.repeat(100000)) !== null) return 'too deep';
                  return ['"x"', '1', 'true', ' [ ] '].every(text => readJson(text)) ? 'good' : 'values';
                })""");
    }

    @Test
    void theListIsInOrderHoweverItCame() {
        assertAllGood("""
                return import('/exchanges.js').then(({ Exchanges }) => {
                  const all = new Exchanges();
                  for (const id of [5, 1, 9, 7, 3, 9, 2]) all.put({ id, state: 'complete', kind: 'http' });
                  all.remove(7);
                  all.remove(8);
                  const got = Array.from({ length: all.size }, (_, place) => all.at(place).id).join();
                  return got === '9,5,3,2,1' && all.place(5) === 1 && all.place(4) === 1 && all.newest === 9 && all.oldest === 1 ? 'good' : got + all.place(4);
                })""");
    }
}
