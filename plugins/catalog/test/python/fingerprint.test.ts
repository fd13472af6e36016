import { expect } from 'chai';
import fc from 'fast-check';
import { comparable } from '../../server/python/fingerprint.ts';
import { needsPython, programs } from './cpython.ts';
import { anAnalyser } from './support.ts';

/** The same programs, written differently. */
const SAME: readonly (readonly [string, string])[] = [
  ['x = 1', 'x = (1)  # one\n\n'],
  ['def f(a):\n  """Doc"""\n  return a', 'def f(a): return a'],
  ['class A():\n  "doc"', 'class A: pass'],
  ['"""Module"""\nx = 1', 'x = 1'],
  ["x = 'a' 'b'", 'x = """ab"""'],
  ["x = b'a' b'b'", 'x = b"\\x61b"'],
  ['x = f"a" "b{c}"', "x = f'ab{{c}}'"],
  ['x = f"a" "b" f"{c}d"', "x = f'ab{c}' 'd'"],
  ['x = 0xff_ff', 'x = 65535'],
  ['x = 0xffffffffffffffffffffffff', 'x = 79228162514264337593543950335'],
  ['x = 1e3', 'x = 1000.0'],
  ['if a:\n  b\nelif c:\n  d\nelse:\n  e', 'if a:\n    b\nelse:\n    if c:\n        d\n    else:\n        e'],
  ['f"{x=}"', 'f"x={x!r}"'],
  ['with (a, b): pass', 'with a, b: pass'],
  ['for (x, y) in z: pass', 'for x, y in z:\n\tpass'],
  ['x = [1,\n 2,]', 'x = [1, 2]'],
  ['a = 1; b = 2', 'a = 1\nb = 2\n'],
  ['x = "\\u00e9\\N{BULLET}"', 'x = "é•"'],
  ['return_ = lambda: (1)', 'return_ = lambda : 1'],
  ['async def f():\n  "d"\n  await x', 'async def f(): await (x)'],
  ['x = u"a"', 'x = "a"'],
  ['x = 1  # type: int', 'x = 1'],
  ['\ufeffx = 1\r\n', 'x = 1'],
];

/** Different programs that look alike. */
const DIFFERENT: readonly (readonly [string, string])[] = [
  ['x = 1', 'x = 2'],
  ['x = 1', 'y = 1'],
  ['x = 1', 'x = 1.0'],
  ['x = 1', 'x = True'],
  ['x = "a"', 'x = b"a"'],
  ['x = "a"', 'x = f"a"'],
  ['x = f"{a}"', 'x = f"{a!r}"'],
  ['x = f"{a:>3}"', 'x = f"{a:<3}"'],
  ['x = f"{a}b"', 'x = f"b{a}"'],
  ['a < b < c', '(a < b) < c'],
  ['a - b - c', 'a - (b - c)'],
  ['(1, 2)', '[1, 2]'],
  ['x = "a",', 'x = "a"'],
  ['x = 1\n"not a docstring"', 'x = 1'],
  ['def f():\n  pass\n  "no docstring"', 'def f(): pass'],
  ['def f(a, /): pass', 'def f(a): pass'],
  ['def f(*, a): pass', 'def f(a): pass'],
  ['if a:\n  b\nc', 'if a:\n  b\n  c'],
  ['import a.b', 'import a'],
  ['from . import a', 'from .. import a'],
  ['x: int', '(x): int'],
  ['class A(B): pass', 'class A: pass'],
  ['try:\n  a\nexcept B:\n  c', 'try:\n  a\nexcept* B:\n  c'],
  ['a and b or c', 'a and (b or c)'],
  ['x = -1', 'x = 1'],
  ['x = 0.0', 'x = -0.0'],
  ['x = 1j', 'x = 1'],
  ['x = "1"', 'x = 1'],
  ['x = "\\n"', 'x = "\\\\n"'],
  ['x = ...', 'x = None'],
  ['x = [a, [b]]', 'x = [[a], b]'],
  ['f(a)(b)', 'f(a, b)'],
  ['x = "a\\nName b"', 'x = "a"'],
];

describe('the fingerprint of a program', () => {
  const python = anAnalyser();
  const print = (source: string) => python.fingerprint(source, 'ed1');

  for (const [one, other] of SAME) {
    it(`is the same for ${JSON.stringify(one)} and ${JSON.stringify(other)}`, async () =>
      expect(await print(one)).to.equal(await print(other)));
  }
  for (const [one, other] of DIFFERENT) {
    it(`differs for ${JSON.stringify(one)} and ${JSON.stringify(other)}`, async () =>
      expect(await print(one)).to.not.equal(await print(other)));
  }

  it('is a hash of the text when the text does not compile', async () => {
    for (const broken of ['x = (', 'return 1', `x = ${'9'.repeat(5000)}`]) {
      expect(await print(broken)).to.match(/^text:/);
      expect(await print(broken)).to.equal(await print(broken));
      expect(await print(broken)).to.not.equal(await print(`${broken} `));
    }
    expect(comparable(await print('x = ('), await print('x'))).to.equal(true);
    expect(comparable('0.0.1:abc', await print('x'))).to.equal(false);
  });

  it('works for the deepest nesting that Python accepts, and for the longest number', async () => {
    const sum = (last: string) => `x = ${'a + '.repeat(3000)}${last}`;
    expect(await print(sum('b'))).to.match(/^cpython-/);
    expect(await print(sum('b'))).to.not.equal(await print(sum('c')));
    expect(await print(`x = 0x${'f'.repeat(100_000)}`)).to.match(/^cpython-/);
  });

  describe('compared with CPython', () => {
    before(needsPython);

    it('agrees on the pairs above', () => {
      for (const [pairs, alike] of [
        [SAME, true],
        [DIFFERENT, false],
      ] as const) {
        const dumps = programs(pairs.flat());
        for (const [i, pair] of pairs.entries()) expect(dumps[2 * i] === dumps[2 * i + 1], JSON.stringify(pair)).to.equal(alike);
      }
    });

    const atom = fc.constantFrom(
      'a',
      'b',
      '1',
      '2',
      '0x1',
      '"s"',
      "'s'",
      '"" "s"',
      '(a)',
      '(1)',
      'f"{a}"',
      "f'{a}'",
      '1.0',
      'None',
      '[]',
      '()',
      '(a,)',
      'f(a)',
      'f(a,)',
    );
    const expression = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        atom,
        fc
          .tuple(tie('node'), fc.constantFrom('+', '-', '<', 'and', 'or', 'in', '**', ' +\\\n '), tie('node'))
          .map(([l, op, r]) => `${l} ${op} ${r}`),
        tie('node').map((inner) => `(${inner})`),
        tie('node').map((inner) => `not ${inner}`),
        tie('node').map((inner) => `[${inner}, ]`),
      ),
    })).node;
    const statement = fc.letrec<{ node: string[] }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 2 },
        expression.map((text) => [`x = ${text}`]),
        expression.map((text) => [`x = ${text}  # comment`, '']),
        fc.constantFrom('pass', '"""doc"""', "'doc'", 'x: int').map((line) => [line]),
        fc.tuple(expression, tie('node')).map(([test, body]) => [`if ${test}:`, ...indent(body)]),
        fc
          .tuple(expression, tie('node'), expression, tie('node'), fc.boolean())
          .map(([test, body, other, rest, nested]) =>
            nested
              ? [`if ${test}:`, ...indent(body), 'else:', ...indent([`if ${other}:`, ...indent(rest)])]
              : [`if ${test}:`, ...indent(body), `elif ${other}:`, ...indent(rest)],
          ),
        fc.array(tie('node'), { minLength: 1, maxLength: 2 }).map((body) => ['def f(a):', ...indent(body.flat())]),
        fc.array(tie('node'), { minLength: 1, maxLength: 2 }).map((body) => ['class A:', ...indent(body.flat())]),
      ),
    })).node;

    it('is equal for two generated programs exactly when their trees are', async () => {
      const pairs = fc.sample(fc.tuple(statement, statement), { numRuns: 500, seed: 3 });
      const sources = pairs.flat().map((lines) => `${lines.join('\n')}\n`);
      const dumps = programs(sources);
      const prints: (string | null)[] = [];
      for (const [i, source] of sources.entries()) prints.push(dumps[i] === null ? null : await print(source));
      const byDump = new Map<string, string>();
      const byPrint = new Map<string, string>();
      for (const [i, dump] of dumps.entries()) {
        const own = prints[i];
        if (dump === null || own == null) continue;
        expect(byDump.get(dump) ?? own, sources[i]).to.equal(own);
        expect(byPrint.get(own) ?? dump, sources[i]).to.equal(dump);
        byDump.set(dump, own);
        byPrint.set(own, dump);
      }
      const parsed = dumps.filter((dump) => dump !== null).length;
      expect(byDump.size).to.be.lessThan(parsed);
      expect(byDump.size).to.be.greaterThan(200);
    });
  });
});

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? line : `    ${line}`));
}
