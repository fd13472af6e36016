import { expect } from 'chai';
import fc from 'fast-check';
import { syntaxErrors } from '../../server/python/ruff.ts';
import { compiles, needsPython } from './cpython.ts';

/** Texts that look right to a lenient parser. */
const REFUSED = [
  'x =',
  'if 1:\nx = 1',
  'x = 1\n y = 2',
  'def f():\n\treturn 1\n        return 2',
  'return 5',
  'return 5  # noqa',
  'break',
  'continue',
  'yield 1',
  'await x',
  'def f(a, a): pass',
  'def f(a=1, b): pass',
  'f(a=1, 2)',
  'f(a=1, a=2)',
  'f(x) = 1',
  '1 = x',
  'None = 1',
  'x = 08',
  'x = 1__0',
  '"\\x4"',
  '"\\N{no such name}"',
  'b"é"',
  'f"{}"',
  'print "a"',
  'def f():\n  global x\n  x: int = 1',
  'x = 1\nglobal x',
  'def f():\n  nonlocal x',
  'def f(x):\n  global x',
  'a, *b, *c = d',
  'from __future__ import braces',
  'import x\nfrom __future__ import annotations',
  'try:\n  pass\nexcept:\n  pass\nexcept A:\n  pass',
  'class A:\n  return 1',
  'x = (1,',
  "print('a'",
  "x = 'a",
  'x = """a',
  'a\0b',
  'for 1 in x: pass',
  'x = *a',
  'a := 1',
  'def f():\n  async with x: pass',
  'lambda: (yield) = 1',
  'match x:\n  case a: pass\n  case b: pass',
];
const ACCEPTED = [
  '',
  '\ufeffx = 1\r\n',
  '# comment',
  '\f\nx = 1',
  'x = (yield_)',
  'def f(a, /, b, *, c): pass',
  'async def f():\n  return [await x async for x in y]',
  'print(*a, **b)',
  'x: int = 1',
  'with (a as b, c): pass',
  'match x:\n  case {"a": 1, **rest}: pass',
  'try: pass\nexcept* A: pass',
  'def f():\n  global x\n  x = 1',
  'f"{x!r:>{w}}"',
  'lambda *a, b=1, **k: a',
  '(a := 1)',
  'x = 1_000',
  'if 1:\n\tx = 1\n\ty = 2',
];

describe('the syntax errors of a text', () => {
  for (const source of REFUSED) {
    it(`are found in ${JSON.stringify(source)}`, () => expect(syntaxErrors(source)).to.not.deep.equal([]));
  }
  for (const source of ACCEPTED) {
    it(`are not found in ${JSON.stringify(source)}`, () => expect(syntaxErrors(source)).to.deep.equal([]));
  }

  it('say where they are, in lines and UTF-16 columns from 1', () => {
    expect(syntaxErrors('x = 1\n"🐍" = 2\n')).to.deep.equal([{ line: 2, column: 1, message: 'Invalid assignment target' }]);
    expect(syntaxErrors('"🐍" +\n')[0]).to.include({ line: 1, column: 7 });
  });

  it('are found at once in a comment of 1 MiB, which may begin at any of its characters', () => {
    expect(syntaxErrors(`return ${'#'.repeat(1024 * 1024)} noqa noqa`)).to.have.length(1);
  }).timeout(5_000);

  it('are at most a hundred', () => {
    expect(syntaxErrors('1 = 1\n'.repeat(5000))).to.have.length(100);
  });

  describe('compared with CPython', () => {
    before(needsPython);

    it('are found where CPython does not compile', () => {
      const taken = compiles(REFUSED);
      expect(REFUSED.filter((_, i) => taken[i])).to.deep.equal([]);
      const alsoTaken = compiles(ACCEPTED);
      expect(ACCEPTED.filter((_, i) => !alsoTaken[i])).to.deep.equal([]);
    });

    it('agree for generated texts', () => {
      const token = fc.constantFrom(
        'x',
        'y',
        '1',
        '=',
        '+',
        '(',
        ')',
        '[',
        ']',
        ':',
        ',',
        '.',
        '\n',
        '\n    ',
        'if ',
        'else',
        'def f',
        'return ',
        'for ',
        ' in ',
        '"s"',
        'not ',
        'lambda ',
        '*',
        'pass',
        'x = 1\n',
      );
      const sources = fc.sample(
        fc.array(token, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('')),
        { numRuns: 4000, seed: 4 },
      );
      // Ruff takes a starred expression as a statement, which CPython's compiler refuses.
      const isKnown = (source: string) => /^\s*\*/m.test(source);
      const differing = compiles(sources).flatMap((accepted, i) =>
        accepted === (syntaxErrors(sources[i]!).length === 0) || isKnown(sources[i]!) ? [] : [sources[i]],
      );
      expect(differing).to.deep.equal([]);
    });
  });
});
