/** Everything that shares one connection is parsed wherever the network cuts it. */
import { Readable } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { TrailerScanner } from '../../server/engines/docker/trailer.ts';
import { readFrames } from '../../server/engines/frame-reader.ts';

const NONCE = '0123456789abcdef0123456789abcdef';

function cut(data: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (data.length + 1)))].sort((a, b) => a - b);
  return [...at, data.length].map((end, i) => data.subarray(at[i - 1] ?? 0, end));
}

function frame(kind: number, data: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = kind;
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, data]);
}

describe('the trailer of a container', () => {
  it('is found after any output, however it is cut', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 50 }),
      fc.constant(Buffer.from(`\0${NONCE.slice(0, 20)}`)),
      fc.constant(Buffer.from('\0\0')),
    );
    fc.assert(
      fc.property(bytes, fc.boolean(), fc.array(fc.nat(200)), (output, files, places) => {
        const scanner = new TrailerScanner(NONCE);
        const stream = Buffer.concat([output, Buffer.from(`\0${NONCE} -9 2 4096 ${files ? 1 : 0}\nbehind`)]);
        const passed = Buffer.concat(cut(stream, places).map((chunk) => scanner.scan(chunk)));
        expect(passed.equals(Buffer.from(output))).to.equal(true);
        expect(scanner.trailer).to.deep.equal({ exitCode: -9, oomKills: 2, peakMemoryBytes: 4096, files });
        expect(scanner.after.toString()).to.equal('behind');
      }),
    );
  });

  it('is not found if the nonce differs', () => {
    const scanner = new TrailerScanner(NONCE);
    const forged = Buffer.from(`\0${'f'.repeat(32)} 0 0 0 1\n`);
    expect(scanner.scan(forged).equals(forged)).to.equal(true);
    expect(scanner.trailer).to.equal(null);
  });

  it('returns held data if the stream ends within it', () => {
    const scanner = new TrailerScanner(NONCE);
    const passed = scanner.scan(Buffer.from('x\x012'));
    expect(Buffer.concat([passed, scanner.rest()]).toString('latin1')).to.equal('x\x012');
  });
});

describe('a stream of frames', () => {
  it('is parsed however it is cut', async () => {
    const frames = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.uint8Array({ maxLength: 30 })), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(frames, fc.array(fc.nat(300)), async (sent, places) => {
        const stream = Buffer.concat(sent.map(([kind, data]) => frame(kind, Buffer.from(data))));
        const received: [number, number][] = [];
        const chunks = cut(stream, places).filter((chunk) => chunk.length > 0);
        for await (const { kind, data } of readFrames(Readable.from(chunks))) for (const byte of data) received.push([kind, byte]);
        expect(received).to.deep.equal(sent.flatMap(([kind, data]) => [...data].map((byte) => [kind, byte])));
      }),
    );
  });
});
