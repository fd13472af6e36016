/** Making names and texts from users safe to display. */
import { expect } from 'chai';
import fc from 'fast-check';
import { makeSafe } from '../browser/client/shown-members.ts';
import { safeName, safeText } from '../browser/parts/safe-name.ts';

const MARK = '\uFFFD';

describe('a name from a user', () => {
  it('shows a mark for each character that would change the direction of the text around it', () => {
    expect(safeName('Delete all \u202eyp.stropxe')).to.equal(`Delete all ${MARK}yp.stropxe`);
    for (const control of '\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069')
      expect(safeName(`a${control}b`), control.codePointAt(0)!.toString(16)).to.equal(`a${MARK}b`);
  });

  it('shows a mark for invisible characters, so that different names look different', () => {
    for (const hidden of [
      '\u200B',
      '\u200D',
      '\u2060',
      '\uFEFF',
      '\u00AD',
      '\u034F',
      '\u115F',
      '\u3164',
      '\uFFA0',
      '\u2800',
      '\uFFF9',
      '\u{E0041}',
      '\uFE0F',
    ])
      expect(safeName(`pay${hidden}roll`), hidden.codePointAt(0)!.toString(16)).to.equal(`pay${MARK}roll`);
    expect(safeName('\0\x1b[31mred\x7f\x9b')).to.equal(`${MARK}[31mred${MARK}`);
    expect(safeName('half \ud800')).to.equal(`half ${MARK}`);
  });

  it('is one line', () => {
    expect(safeName('one\r\ntwo\u2028three\fx\ty')).to.equal('one two three x y');
  });

  it('is unchanged in any script, and with emoji', () => {
    const names = [
      'Load orders',
      'Café Ğ ß',
      '数据导入',
      'データ',
      '한국어',
      'हिन्दी क्ष',
      'ไทย',
      '👨\u200D👩\u200D👧 ❤\uFE0F 1\uFE0F\u20E3',
      '🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}',
    ];
    for (const name of names) expect(safeName(name)).to.equal(name);
  });

  it('keeps its own direction, and does not affect the text around it', () => {
    expect(safeName('שלום')).to.equal('\u2068שלום\u2069');
    expect(safeName('می\u200Cخواهم 12')).to.equal('\u2068می\u200Cخواهم 12\u2069');
  });

  it('is not drawn over adjacent lines', () => {
    expect(safeName(`Z${'\u0301'.repeat(100)}algo`)).to.equal(`Z${'\u0301'.repeat(6)}algo`);
  });

  it('does not change when made safe again, and is always balanced', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', 'ש', ' ', '\n', '\u202E', '\u2066', '\u2068', '\u2069', '\u200D', '👩', '\uFE0F', '\u0301', '\0'),
        }),
        (name) => {
          const shown = safeName(name);
          expect(safeName(shown)).to.equal(shown);
          expect(shown).to.match(/^(\u2068[^\u2066-\u2069]*\u2069|[^\u2066-\u2069]*)$/);
          expect(shown).not.to.match(/[\n\0\u202A-\u202E]/);
        },
      ),
    );
  });
});

describe('a text of several lines', () => {
  it('keeps its lines and tabs, and hides nothing', () => {
    expect(safeText('one\n\ttwo\r\nthree\u202E\u0007')).to.equal(`one\n\ttwo\r\nthree${MARK}`);
  });
});

describe('a response of the server', () => {
  it('has shown members made safe, at any depth, and edited ones unchanged', () => {
    const evil = 'a\u202Eb';
    const answer = {
      descriptive_name: evil,
      content: evil,
      runs: [{ reason: evil, name: evil }, null],
      version: { message: evil, description: null },
    };
    expect(makeSafe(answer)).to.deep.equal({
      descriptive_name: `a${MARK}b`,
      content: evil,
      runs: [{ reason: `a${MARK}b`, name: evil }, null],
      version: { message: `a${MARK}b`, description: null },
    });
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
    expect(makeSafe(deep)).to.equal(deep);
    expect(makeSafe('text')).to.equal('text');
  });
});
