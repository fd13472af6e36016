import { expect } from 'chai';
import fc from 'fast-check';
import { blameTexts } from '../server/text/blame.ts';
import { splitLines } from '../server/text/lines.ts';
import { cpuMsOf } from './support/cpu-time.ts';
import { anyText, editsOf } from './support/texts.ts';

describe('blame', () => {
  it('tells for each line which text brought it', () => {
    expect(blameTexts(['a\nb\nc\n', 'a\nX\nc\n', 'new\na\nX\nc\nlast'])).to.deep.equal([2, 0, 1, 0, 2]);
  });

  it('gives a line that went and came back to whoever brought it back', () => {
    expect(blameTexts(['a\nb\n', 'a\n', 'a\nb\n'])).to.deep.equal([0, 2]);
  });

  it('takes a changed line end for a changed line', () => {
    expect(blameTexts(['a\nb\n', 'a\r\nb\n'])).to.deep.equal([1, 0]);
  });

  it('of nothing, or of an empty text, is empty', () => {
    expect(blameTexts([])).to.deep.equal([]);
    expect(blameTexts(['a\n', ''])).to.deep.equal([]);
  });

  it('gives every line to a text that holds it, and none to a text in which it was there before', () => {
    const histories = anyText.chain((first) => fc.tuple(fc.constant(first), editsOf(first), editsOf(first)));
    fc.assert(
      fc.property(histories, (history) => {
        const origins = blameTexts(history);
        const lines = splitLines(history.at(-1)!);
        expect(origins).to.have.length(lines.length);
        for (const [line, origin] of origins.entries()) expect(splitLines(history[origin]!)).to.include(lines[line]);
      }),
    );
  });

  it('walks over a thousand versions of a script within 200 ms', () => {
    let lines = Array.from({ length: 100 }, (_, line) => `value_${line} = ${line}\n`);
    const history = Array.from({ length: 1_000 }, (_, version) => {
      lines = lines.with((version * 37) % 100, `value_${version} = compute(${version})\n`);
      return lines.join('');
    });
    expect(Math.min(...blameTexts(history))).to.equal(900);
    expect(cpuMsOf(() => blameTexts(history))).to.be.below(200);
  });
});
