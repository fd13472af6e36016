import { expect } from 'chai';
import fc from 'fast-check';
import { StreamText } from '../server/output/stream-text.ts';

/** Decodes bytes that are cut at the given positions. */
function decode(bytes: Uint8Array, cuts: readonly number[], limitBytes: number): { head: string; rest: string } {
  const stream = new StreamText(limitBytes);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const parts = [...places.slice(1).map((end, index) => stream.write(bytes.subarray(places[index], end))), stream.end()];
  return { head: parts.map(({ head }) => head).join(''), rest: parts.map(({ rest }) => rest).join('') };
}

describe('the bytes of a stream', () => {
  it('decode to the same text wherever they are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(200), { maxLength: 6 }), (bytes, cuts) => {
        expect(decode(bytes, cuts, 10_000).head).to.equal(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
      }),
    );
  });

  it('keep a byte order mark and NUL', () => {
    expect(decode(Buffer.from('\ufeffa\0b'), [], 100).head).to.equal('\ufeffa\0b');
  });

  it('are split at the limit, between characters', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.nat(80),
        fc.array(fc.nat(200), { maxLength: 4 }),
        (text, limit, cuts) => {
          const bytes = Buffer.from(text, 'utf8');
          const kept = decode(bytes, cuts, limit);
          expect(kept.head + kept.rest).to.equal(text);
          expect(Buffer.byteLength(kept.head)).to.be.within(Math.min(bytes.length, limit) - (bytes.length > limit ? 3 : 0), limit);
        },
      ),
    );
  });

  it('count with the size of their replacement when they are invalid, so that the beginning stays within the limit', () => {
    const kept = decode(new Uint8Array(1000).fill(0xff), [500], 600);
    expect(kept).to.deep.equal({ head: '\ufffd'.repeat(200), rest: '\ufffd'.repeat(800) });
  });
});
