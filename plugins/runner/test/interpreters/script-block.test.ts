import { expect } from 'chai';
import fc from 'fast-check';
import { findBlocks, NO_NEEDS, readScriptBlock, ScriptBlockError } from '../../server/interpreters/script-block.ts';

const block = (...lines: string[]) => ['# /// script', ...lines.map((line) => `# ${line}`), '# ///', ''].join('\n');

/** The regular expression of the reference implementation, with the meaning of Python's `re.MULTILINE`: only \n ends a line. */
const REFERENCE = /(?<=^|\n)# \/\/\/ (?<type>[a-zA-Z0-9-]+)\n(?<content>(?:#(?:| [^\n]*)\n)+)# \/\/\/(?=\n|$)/g;

function reasonOf(text: string): string {
  try {
    readScriptBlock(text);
  } catch (error) {
    expect(error).to.be.instanceOf(ScriptBlockError);
    return (error as Error).message;
  }
  throw new Error('it was taken');
}

describe('the metadata block of a script', () => {
  it('is found by the rule of the specification', () => {
    const line = fc.constantFrom(
      '# /// script',
      '# /// other',
      '# ///',
      '#',
      '# a = 1',
      '#a',
      '# /// two words',
      'x',
      '',
      '#  ///',
      '# /// script ',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), fc.boolean(), (lines, ends) => {
        const text = lines.join('\n') + (ends ? '\n' : '');
        const wanted = [...text.matchAll(REFERENCE)].map(({ groups, index }) => ({
          type: groups!.type,
          line: text.slice(0, index).split('\n').length,
          content: groups!
            .content!.split('\n')
            .slice(0, -1)
            .map((each) => each.slice(2))
            .join('\n'),
        }));
        expect(findBlocks(text)).to.deep.equal(wanted);
        // Python reads these the same; editors may add a byte order mark or use other line ends.
        expect(findBlocks(`\ufeff${text}`)).to.deep.equal(wanted);
        expect(findBlocks(`\ufeff${text.replaceAll('\n', '\r\n')}`)).to.deep.equal(wanted);
      }),
      { numRuns: 2000 },
    );
  });

  it('is found in linear time, where that expression takes quadratic time', () => {
    const began = performance.now();
    expect(findBlocks('# /// script\n'.repeat(80_000))).to.deep.equal([]);
    expect(performance.now() - began).to.be.below(2000);
  });

  it('may be absent', () => {
    expect(readScriptBlock('print(1)\n')).to.equal(NO_NEEDS);
    expect(readScriptBlock('# /// pyproject\n# a = 1\n# ///\n')).to.equal(NO_NEEDS);
  });

  it('names the Python version and the packages, normalised', () => {
    const text = block(
      'requires-python = ">=3.13"',
      'dependencies = [',
      '  "Requests [socks, Security] >= 2 , < 3",',
      '  "attrs",',
      '  "ATTRS",',
      ']',
    );
    const needs = { requiresPython: '>=3.13', packages: ['attrs', 'requests[security,socks]<3,>=2'] };
    expect(readScriptBlock(text)).to.deep.equal(needs);
    expect(readScriptBlock(text.replaceAll('\n', '\r\n'))).to.deep.equal(needs);
  });

  it('is found after one byte order mark, but not after two, which Python refuses', () => {
    const text = block('requires-python = ">=3.99"');
    expect(readScriptBlock(`\ufeff${text}`)).to.deep.equal({ requiresPython: '>=3.99', packages: [] });
    expect(readScriptBlock(`\ufeff# -*- coding: utf-8 -*-\n${text}`).requiresPython).to.equal('>=3.99');
    expect(readScriptBlock(`\ufeff\ufeff${text}`)).to.equal(NO_NEEDS);
  });

  it('may contain entries for other tools', () => {
    expect(readScriptBlock(block('[tool.uv]', 'exclude-newer = "2026-01-01T00:00:00Z"'))).to.deep.equal(NO_NEEDS);
  });

  const refused: [string, string, RegExp][] = [
    ['invalid TOML', `\n${block('dependencies = [')}`, /^Line [34] of the "# \/\/\/ script" block is not valid TOML: /],
    ['two blocks', `${block('a = 1')}\n${block('a = 1')}`, /one "# \/\/\/ script" block is allowed, but there are 2: on lines 1 and 5\.$/],
    [
      'a Python version that is not a string',
      block('requires-python = 3.14'),
      /requires-python must be a string such as ">=3\.13", not 3\.14\.$/,
    ],
    ['a Python version that is not a specifier', block('requires-python = "python3"'), /requires-python must be .* not "python3"\.$/],
    ['packages that are not a list', block('dependencies = "requests"'), /dependencies must be a list of strings/],
    ['packages that are not strings', block('dependencies = [1]'), /dependencies must be a list of strings/],
    ['too many packages', block(`dependencies = [${'"a",'.repeat(101)}]`), /names 101 packages; the limit is 100/],
    [
      'an option',
      block('dependencies = ["--index-url=http://evil"]'),
      /"--index-url=http:\/\/evil" cannot be installed: a requirement starts with the name/,
    ],
  ];
  for (const [what, text, message] of refused) {
    it(`is refused with the line or the text: ${what}`, () => expect(reasonOf(text)).to.match(message));
  }
});
