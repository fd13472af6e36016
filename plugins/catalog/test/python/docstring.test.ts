import { expect } from 'chai';
import fc from 'fast-check';
import { cleandoc, describe as describeScript, UNTITLED } from '../../server/python/description.ts';
import { plainDocstring } from '../../server/python/docstring.ts';
import { docstrings, needsPython } from './cpython.ts';
import { anAnalyser } from './support.ts';

describe('the docstring of a script', () => {
  const python = anAnalyser();
  const docstringOf = async (source: string) => (await python.analyse(source, 'ed1')).docstring;

  for (const [what, source, expected] of [
    ['in triple quotes', '"""Name\n\n  more\n"""\n', 'Name\n\n  more\n'],
    ['in single quotes', "'Name'\n", 'Name'],
    ['raw', 'r"a\\n"\n', 'a\\n'],
    ['with the prefix u', 'U"a\\u00e9"\n', 'aé'],
    ['with escapes', '"\\x41\\101\\N{BULLET}\\\n\\q"\n', 'AA•\\q'],
    [
      'after comments, blank lines, an encoding and a byte order mark',
      '\ufeff#!/usr/bin/python\n# -*- coding: utf-8 -*-\n\n\f\n"Name"\n',
      'Name',
    ],
    ['of several literals', '"one" \'two\' \\\n r"three"\n', 'onetwothree'],
    ['in parentheses', '(  # why\n  ("one"\n  "two")\n)\n', 'onetwo'],
    ['before a semicolon', '"Name"; x = 1\n', 'Name'],
    ['before a comment', '"Name" # comment', 'Name'],
    ['with CRLF line ends', '"""a\r\n\r\nb"""\r\n', 'a\n\nb'],
    ['before a syntax error', '"""Name"""\nx = (\n', 'Name'],
    ['with a lone surrogate, which UTF-8 cannot encode', '"a\\ud800b"\n', 'a\ufffdb'],
    ['an empty one', '""\n', ''],
    ['none for an f-string', 'f"Name"\n', null],
    ['none for a t-string', 't"Name"\n', null],
    ['none for bytes', 'b"Name"\n', null],
    ['none for a literal joined with an f-string', '"Name" f"{x}"\n', null],
    ['none for part of an expression', '"Name".upper()\n', null],
    ['none for a tuple', '"Name",\n', null],
    ['none for a sum', '"a" + "b"\n', null],
    ['none after a statement', 'import x\n"Name"\n', null],
    ['none for an unterminated literal', '"""Name\n', null],
    ['none in an empty file', '', null],
    ['none for bytes joined with text', '"a" b"b"\n', null],
    ['none for a call', '("a")("b")\n', null],
  ] as const) {
    it(`is the same as in Python: ${what}`, async () => {
      expect(await docstringOf(source)).to.equal(expected);
      // Without Python, everything but named characters is decoded too.
      if (!source.includes('\\N{')) expect(plainDocstring(source)).to.equal(expected);
    });
  }

  it('has the name in its first non-empty line (V15)', () => {
    expect(describeScript('\n\n   Name  \n\n   Text\n')).to.deep.equal({ name: 'Name', description: 'Name  \n\nText' });
    for (const empty of [null, '', ' \n\t\n']) expect(describeScript(empty).name).to.equal(UNTITLED);
  });

  describe('compared with CPython', () => {
    before(needsPython);

    const literal = fc
      .tuple(
        fc.constantFrom('', 'r', 'u', 'R', 'f', 'b', 'rb', ''),
        fc.constantFrom('"', "'", '"""', "'''"),
        fc.array(
          fc.constantFrom(
            'a',
            ' ',
            '\\n',
            '\\\\',
            '\\x41',
            '\\N{BULLET}',
            '\\101',
            '\\\n',
            '\n',
            '\t',
            'é',
            '🐍',
            '\\u00e9',
            "'",
            '"',
            '#',
            '(',
          ),
          {
            maxLength: 8,
          },
        ),
      )
      .map(([prefix, quote, parts]) => `${prefix}${quote}${parts.join('')}${quote}`);
    const lead = fc
      .array(fc.constantFrom('\n', '# comment\n', '  # indented comment\n', '\f\n', '\\\n', '   \n'), { maxLength: 3 })
      .map((parts) => parts.join(''));
    const between = fc.constantFrom(' ', '', ' \\\n ', ' + ', ', ', '\n', ' # c\n', ';');
    const tail = fc.constantFrom('', '\n', '; x = 1\n', ' # c', '\nx = 1\n', '.join([])', ' if x else y', '\r\n');
    const program = fc
      .tuple(lead, fc.boolean(), fc.array(fc.tuple(literal, between), { minLength: 1, maxLength: 3 }), tail)
      .map(([before, inParens, literals, after]) => {
        const strings = literals.map(([text, gap], i) => (i === literals.length - 1 ? text : text + gap)).join('');
        return `${before}${inParens ? `(${strings})` : strings}${after}`;
      });

    it('is the same for generated programs, with Python and without', async () => {
      const sources = fc.sample(program, { numRuns: 1200, seed: 1 });
      let compared = 0;
      for (const [i, theirs] of docstrings(sources).entries()) {
        if (!theirs.parses) continue;
        compared += 1;
        const source = sources[i]!;
        expect(await docstringOf(source), JSON.stringify(source)).to.equal(theirs.raw);
        if (!source.includes('\\N{')) expect(plainDocstring(source), JSON.stringify(source)).to.equal(theirs.raw);
      }
      expect(compared).to.be.greaterThan(200);
    });

    it('is cleaned the same way', () => {
      const line = fc
        .tuple(fc.constantFrom('', '  ', '    ', '\t', ' \t'), fc.constantFrom('', 'a', 'b\tc', 'é\t.', '🐍\tx'))
        .map((parts) => parts.join(''));
      const texts = fc.sample(
        fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n')),
        { numRuns: 1000, seed: 2 },
      );
      const sources = texts.map((text) => `r"""${text}\n"""\n`);
      for (const [i, python] of docstrings(sources).entries()) {
        expect(cleandoc(`${texts[i]}\n`), JSON.stringify(texts[i])).to.equal(python.clean);
      }
    });
  });
});
