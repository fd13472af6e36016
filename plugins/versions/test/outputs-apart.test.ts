import { expect } from 'chai';
import { outputsApart } from '../browser/merge/outputs-apart.ts';

const marked = ({ lines }: ReturnType<typeof outputsApart>[0]) => lines.filter(({ differs }) => differs).map(({ text }) => text);

describe('two outputs', () => {
  it('have nothing marked when they are the same', () => {
    const [a, b] = outputsApart('x\ny\n', 'x\ny\n');
    expect(marked(a)).to.deep.equal([]);
    expect(b).to.deep.equal(a);
  });
  it('are marked only where they differ', () => {
    const [a, b] = outputsApart('one\ntwo\nthree\n', 'one\n2\n2.5\nthree\n');
    expect(marked(a)).to.deep.equal(['two']);
    expect(marked(b)).to.deep.equal(['2', '2.5']);
  });
  it('have the extra lines marked when one is longer', () => {
    const [a, b] = outputsApart('x\n', 'x\nx\n');
    expect([marked(a), marked(b)]).to.deep.equal([[], ['x']]);
    expect(outputsApart('', 'x')[0].lines).to.deep.equal([]);
  });
  it('start a little before the first difference, at the same line, when they are long', () => {
    const long = Array.from({ length: 1000 }, (_, n) => `line ${n}`);
    const [a, b] = outputsApart(long.join('\n'), long.with(500, 'other').join('\n'));
    expect([a.from, b.from]).to.deep.equal([498, 498]);
    expect([a.lines.length, a.more]).to.deep.equal([200, 303]);
    expect(marked(b)).to.deep.equal(['other']);
  });
});
