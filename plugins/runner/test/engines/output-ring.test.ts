/** The output of an embedded interpreter is passed to another thread through a ring buffer in shared memory. */
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import fc from 'fast-check';

// Plain JavaScript, since it runs in the child.
const { RingReader, RingWriter, ringMemory } = await import('../../server/engines/pyodide/child-ring.mjs' as string);

const KINDS = [1, 2];

describe('the ring between a script and the thread that passes its output on', () => {
  it('keeps every byte and the order of both streams, for any pieces and reading times', () => {
    const piece = fc.record({ kind: fc.constantFrom(...KINDS), length: fc.oneof(fc.nat(40), fc.nat(70_000)), reads: fc.boolean() });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const memory = ringMemory();
        const [writer, reader] = [new RingWriter(memory), new RingReader(memory)];
        const wanted: number[][] = [];
        const got: number[][] = [];
        let held = 0;
        // Stretches of one stream: stream, first byte, length.
        const add = (list: number[][], kind: number, data: Uint8Array): void => {
          for (const byte of [data[0]!, data.at(-1)!]) list.push([kind, byte]);
          list.push([kind, data.length]);
        };
        const read = (): void => {
          reader.passOn((kind: number, data: Uint8Array) => add(got, kind, data));
          held = 0;
        };
        // Bytes of one stream since the last read.
        const stretch = { kind: 0, data: Buffer.alloc(0) };
        const close = (): void => {
          if (stretch.data.length > 0) add(wanted, stretch.kind, stretch.data);
          stretch.data = Buffer.alloc(0);
        };
        for (const [index, { kind, length, reads }] of pieces.entries()) {
          const data = Buffer.alloc(length, index);
          // Nothing else reads here, so a writer that waits for space would wait forever.
          if (held + length + 64 > 2 ** 17) {
            read();
            close();
          }
          writer.write(kind, data);
          held += length + 8;
          if (length > 0 && stretch.kind !== kind) close();
          if (length > 0) stretch.kind = kind;
          stretch.data = Buffer.concat([stretch.data, data]);
          if (reads) {
            read();
            close();
          }
        }
        read();
        close();
        expect(got).to.deep.equal(wanted);
      }),
      { numRuns: 300 },
    );
  });

  it('blocks the writer when it is full, and loses nothing', async () => {
    const memory = ringMemory();
    const ring = new URL('../../server/engines/pyodide/child-ring.mjs', import.meta.url).href;
    const program = `import { workerData } from 'node:worker_threads';
      const { RingWriter } = await import('${ring}');
      const writer = new RingWriter(workerData);
      for (let i = 0; i < 2000; i++) writer.write(1, Buffer.alloc(1000, i % 251));
      writer.drain();`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), { workerData: memory });
    let ended = false;
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve())).then(() => {
      ended = true;
    });
    const reader = new RingReader(memory);
    const got: Buffer[] = [];
    let bytes = 0;
    while (bytes < 2_000_000) {
      await reader.untilWritten();
      expect(ended).to.equal(false);
      reader.passOn((_: number, data: Uint8Array) => {
        got.push(Buffer.from(data));
        bytes += data.length;
      });
    }
    await exited;
    const wanted = Buffer.concat(Array.from({ length: 2000 }, (_, i) => Buffer.alloc(1000, i % 251)));
    expect(Buffer.concat(got).equals(wanted)).to.equal(true);
  });
});
