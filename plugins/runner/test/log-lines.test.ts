import { plainText } from '@ved/runner/contract';
import { expect } from 'chai';
import fc from 'fast-check';
import { LogLines } from '../browser/log/log-lines.ts';
import { colorsOf, paletteColor } from '../browser/log/palette.ts';
import { PLAIN, parseLine } from '../browser/log/sgr.ts';

function linesOf(...pieces: (string | ['stderr', string])[]): string[] {
  const log = new LogLines();
  for (const piece of pieces) typeof piece === 'string' ? log.append('stdout', piece) : log.append('stderr', piece[1]);
  return Array.from({ length: log.length }, (_, index) => log.at(index)!.text);
}

describe('the lines of a log', () => {
  it('are joined from pieces, wherever they are cut', () => {
    expect(linesOf('a', 'b\nc', '\n\nd')).to.deep.equal(['ab', 'c', '', 'd']);
  });
  it('end at CR LF as at LF, wherever it is cut', () => {
    expect(linesOf('a\r\nb\r', '\nc')).to.deep.equal(['a', 'b', 'c']);
  });
  it('are overwritten after a carriage return, as progress bars need', () => {
    expect(linesOf('10%\r20%\r', '100%\n')).to.deep.equal(['100%']);
    expect(linesOf('loading…\rdone\n')).to.deep.equal(['doneing…']);
    expect(linesOf('loading…\r\x1b[Kdone\n')).to.deep.equal(['done']);
    expect(linesOf('loading…\rdo', 'ne\n')).to.deep.equal(['doneing…']);
  });
  it('keep a stream’s open line when output of the other stream comes in between', () => {
    expect(linesOf('out ', ['stderr', 'warning\n'], 'goes on\n')).to.deep.equal(['out goes on', 'warning']);
  });
  it('continue a colour on the next line of their stream, but not on the other stream', () => {
    const log = new LogLines();
    log.append('stdout', '\x1b[31mred\n');
    log.append('stderr', 'plain\n');
    log.append('stdout', 'still red\x1b[0m\nplain\n');
    const styles = [0, 1, 2, 3].map((index) => parseLine(log.at(index)!.text, log.at(index)!.start).map(({ style }) => style.foreground));
    expect(styles).to.deep.equal([[1], [undefined], [1], [undefined]]);
  });

  it('keep their colours next to overwritten text', () => {
    const log = new LogLines();
    log.append('stdout', '\x1b[31mred\x1b[0m and \x1b[48;2;1;2;3mground\x1b[0m\b\b\b\b\b\b\b\x1b[1;38;5;208mX\n');
    expect(parseLine(log.at(0)!.text, log.at(0)!.start)).to.deep.equal([
      { text: 'red', style: { foreground: 1 } },
      { text: ' and', style: {} },
      { text: 'X', style: { bold: true, foreground: 208 } },
      { text: 'ground', style: { background: '#010203' } },
    ]);
  });

  it('do not depend on where the output was cut', () => {
    const output = fc
      .array(fc.constantFrom('a', 'é', '\n', '\r', '\r\n', '\x1b[31m', '\x1b[0m', '\x1b[K', 'word'), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(output, fc.array(fc.nat({ max: 60 }), { maxLength: 6 }), (text, cuts) => {
        const at = [...new Set(cuts)].filter((cut) => cut < text.length).sort((a, b) => a - b);
        const pieces = [0, ...at].map((start, index) => text.slice(start, at[index] ?? text.length));
        expect(linesOf(...pieces)).to.deep.equal(linesOf(text));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a coloured line', () => {
  it('becomes segments of one style each', () => {
    expect(parseLine('a\x1b[1;32mb\x1b[0mc', PLAIN)).to.deep.equal([
      { text: 'a', style: {} },
      { text: 'b', style: { bold: true, foreground: 2 } },
      { text: 'c', style: {} },
    ]);
  });
  it('knows 256 and true colours', () => {
    expect(parseLine('\x1b[38;5;208mx', PLAIN)[0]!.style.foreground).to.equal(208);
    expect(parseLine('\x1b[48;2;1;2;255mx', PLAIN)[0]!.style.background).to.equal('#0102ff');
    expect(parseLine('\x1b[48:2::1:2:255mx', PLAIN)[0]!.style.background).to.equal('#0102ff');
    expect(parseLine('\x1b[4:3;58;5;9mx', PLAIN)[0]!.style).to.deep.equal({ underline: true });
    expect(paletteColor(208)).to.equal('#ff8700');
    expect(paletteColor(232)).to.equal('#080808');
  });
  it('follows the theme, unless the script sets the background itself', () => {
    expect(colorsOf({ foreground: 1, background: 4 })).to.deep.equal({
      text: 'var(--ved-ansi-text-1)',
      ground: 'var(--ved-ansi-ground-4)',
    });
    expect(colorsOf({ foreground: 15, background: '#1e5ac8' })).to.deep.equal({ text: '#ffffff', ground: '#1e5ac8' });
    expect(colorsOf({ background: 226 })).to.deep.equal({ text: '#000000', ground: '#ffff00' });
    expect(colorsOf({ inverse: true })).to.deep.equal({ text: 'var(--jp-layout-color0)', ground: 'var(--jp-content-font-color0)' });
  });
  it('drops cursor movements, titles and links, and shows other control characters as symbols', () => {
    expect(plainText('a\x1b[2Jb\x1b]0;title\x07c\x1b]8;;http://x\x1b\\d')).to.equal('abcd');
    expect(parseLine('\x00\x07', PLAIN)[0]!.text).to.equal('␀␇');
  });
});
