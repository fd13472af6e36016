import type { HeldTail, OutputChunk } from '@ved/runner/contract';
import { expect } from 'chai';
import fc from 'fast-check';
import { OutputRecorder, STORED_BYTES_EACH } from '../server/output/output-recorder.ts';

const text = (chunks: readonly OutputChunk[], stream: string) =>
  chunks
    .filter((chunk) => chunk.stream === stream)
    .map((chunk) => chunk.text)
    .join('');

describe('the output of a run', () => {
  it('is stored completely and in order, numbered without gaps', async () => {
    const kept: OutputChunk[] = [];
    const recorder = new OutputRecorder(3, async (chunks) => void kept.push(...chunks));
    for (let line = 0; line < 30_000; line += 1) {
      await recorder.write(line % 100 === 0 ? 'stderr' : 'stdout', Buffer.from(`line ${line} é\n`));
    }
    kept.push(...(await recorder.end()));
    expect(kept.map((chunk) => chunk.seq)).to.deep.equal(kept.map((_, index) => index + 3));
    const lines = Array.from({ length: 30_000 }, (_, line) => `line ${line} é\n`);
    expect(text(kept, 'stderr')).to.equal(lines.filter((_, line) => line % 100 === 0).join(''));
    expect(text(kept, 'stdout')).to.equal(lines.filter((_, line) => line % 100 !== 0).join(''));
  });

  it('is buffered: a short run that writes little needs no separate write', async () => {
    let steps = 0;
    const recorder = new OutputRecorder(3, async () => {
      steps += 1;
    });
    await recorder.write('stdout', Buffer.from('hello\n'));
    expect(await recorder.end()).to.deep.equal([{ seq: 3, stream: 'stdout', text: 'hello\n' }]);
    expect(steps).to.equal(0);
  });

  it('blocks its writer while the database is slower', async () => {
    let release: () => void = () => undefined;
    const stored = new Promise<void>((resolve) => {
      release = resolve;
    });
    const recorder = new OutputRecorder(3, () => stored);
    let taken = 0;
    const writer = (async () => {
      for (; taken < 100; taken += 1) await recorder.write('stdout', Buffer.alloc(64 * 1024, 'x'));
    })();
    await new Promise((tick) => setImmediate(tick));
    expect(taken).to.be.at.most(4);
    release();
    await writer;
    expect(recorder.truncated).to.equal(true);
    await recorder.end();
  });

  /** The chunks stored for these pieces, and whether output was omitted. */
  async function keptOf(pieces: readonly (readonly [stream: 'stdout' | 'stderr', text: string])[]) {
    const kept: OutputChunk[] = [];
    const recorder = new OutputRecorder(3, async (chunks) => void kept.push(...chunks));
    for (const [stream, piece] of pieces) await recorder.write(stream, Buffer.from(piece));
    kept.push(...(await recorder.end()));
    expect(kept.map((chunk) => chunk.seq)).to.deep.equal(kept.map((_, index) => index + 3));
    return { kept, truncated: recorder.truncated };
  }

  it('is kept to the first and the last 512 KiB of each stream, in chunks that split no character', async () => {
    const smile = (count: number) => '😀'.repeat(count);
    const whole = `a${smile(STORED_BYTES_EACH)}b`;
    const { kept, truncated } = await keptOf([
      ['stdout', whole],
      ['stderr', 'the traceback'],
    ]);
    const each = STORED_BYTES_EACH / 4 - 1;
    const missing = Buffer.byteLength(whole) - 2 * (4 * each + 1);
    expect(text(kept, 'stdout')).to.equal(`a${smile(each)}\n[ved: ${missing} bytes omitted here]\n${smile(each)}b`);
    expect(kept.every((chunk) => Buffer.from(chunk.text).toString() === chunk.text)).to.equal(true);
    expect(text(kept, 'stderr')).to.equal('the traceback');
    expect(truncated).to.equal(true);
  });

  it('is complete up to 1 MiB per stream, and mentions omitted bytes only above that', async () => {
    for (const surplus of [-1, 0, 1]) {
      const whole = `${'x'.repeat(1023)}\n`.repeat(1024) + 'y'.repeat(Math.max(0, surplus));
      const { kept, truncated } = await keptOf([['stderr', surplus < 0 ? whole.slice(0, surplus) : whole]]);
      expect(truncated).to.equal(surplus > 0);
      expect(text(kept, 'stderr').includes('[ved: 1 bytes omitted here]')).to.equal(surplus > 0);
      if (surplus <= 0) expect(text(kept, 'stderr').length).to.equal(1024 * 1024 + surplus);
    }
  });

  it('ends with what was written last, whichever stream that was', async () => {
    const flood = 'x'.repeat(2 * STORED_BYTES_EACH);
    const { kept } = await keptOf([
      ['stdout', flood],
      ['stderr', 'Traceback\n'],
      ['stdout', 'after'],
      ['stderr', 'ValueError: the end\n'],
    ]);
    expect(kept.slice(-3).map(({ stream, text: said }) => `${stream} ${said.slice(-20)}`)).to.deep.equal([
      'stderr Traceback\n',
      'stdout after',
      'stderr ValueError: the end\n',
    ]);
  });

  it('is stored with the right bytes, whatever its pieces', async () => {
    const piece = fc.tuple(
      fc.constantFrom('stdout' as const, 'stderr' as const),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.nat(60_000),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (some) => {
        const pieces = some.map(([stream, unit, count]) => [stream, unit.repeat(count)] as const);
        const { kept, truncated } = await keptOf(pieces);
        let isMissing = false;
        for (const stream of ['stdout', 'stderr'] as const) {
          const whole = pieces.flatMap(([of, said]) => (of === stream ? [said] : [])).join('');
          const said = text(kept, stream);
          const size = Buffer.byteLength(whole);
          const [, head, missing, end] = /^(.*?)\n?\[ved: (\d+) bytes omitted here\]\n(.*)$/s.exec(said) ?? [];
          isMissing ||= missing !== undefined;
          if (missing === undefined) expect(said === whole).to.equal(true);
          else {
            expect(whole.startsWith(head!) && whole.endsWith(end!)).to.equal(true);
            const [headBytes, endBytes] = [Buffer.byteLength(head!), Buffer.byteLength(end!)];
            expect(headBytes).to.be.within(STORED_BYTES_EACH - 4, STORED_BYTES_EACH);
            expect(endBytes).to.be.within(STORED_BYTES_EACH - 3, STORED_BYTES_EACH);
            // The line end before the note is part of the output if the beginning ended with one.
            expect(size - headBytes - endBytes - Number(missing)).to.be.oneOf([0, 1]);
          }
        }
        expect(truncated).to.equal(isMissing);
      }),
      { numRuns: 5 },
    );
  });

  it('needs little memory when two streams alternate byte by byte', async () => {
    const pieces = Array.from({ length: 200_000 }, (_, index) => [index % 2 ? 'stdout' : 'stderr', String(index % 10)] as const);
    const { kept } = await keptOf([['stdout', 'x'.repeat(STORED_BYTES_EACH)], ['stdout', 'y'], ...pieces]);
    expect(kept.length).to.be.below(12_000);
    expect(text(kept, 'stderr')).to.equal('02468'.repeat(20_000));
    expect(text(kept, 'stdout')).to.equal(`${'x'.repeat(STORED_BYTES_EACH)}y${'13579'.repeat(20_000)}`);
  });

  it('is reported while it is held back', async () => {
    const told = new Promise<HeldTail>((resolve) => {
      const recorder = new OutputRecorder(3, async () => undefined, resolve);
      void recorder.write('stderr', Buffer.from(`${'x'.repeat(STORED_BYTES_EACH)}and 😀 more`));
    });
    expect(await told).to.deep.equal({ bytes: 13, latest: 'and 😀 more' });
  });

  it('ends the run when it cannot be stored', async () => {
    const recorder = new OutputRecorder(3, () => Promise.reject(new Error('database or disk is full')));
    const error = await recorder.write('stdout', Buffer.alloc(300 * 1024, 'x')).catch((thrown: Error) => thrown);
    expect(error).to.have.property('message', 'database or disk is full');
  });

  it('is stored with the end of the run when an earlier write failed', async () => {
    const tried: string[] = [];
    let refuse = (): void => undefined;
    const refused = new Promise<void>((resolve) => (refuse = resolve));
    const recorder = new OutputRecorder(3, async (chunks) => {
      tried.push(text(chunks, 'stdout'));
      refuse();
      throw new Error('database or disk is full');
    });
    await recorder.write('stdout', Buffer.from('before\n'));
    await refused;
    await recorder.write('stderr', Buffer.from('after\n')).catch(() => undefined);
    expect(await recorder.end()).to.deep.equal([
      { seq: 3, stream: 'stdout', text: 'before\n' },
      { seq: 4, stream: 'stderr', text: 'after\n' },
    ]);
    expect(tried).to.deep.equal(['before\n']);
  });
});

describe('the last line of an error', () => {
  const lastOf = async (...pieces: string[]) => {
    const recorder = new OutputRecorder(3, async () => undefined);
    for (const piece of pieces) await recorder.write('stderr', Buffer.from(piece));
    await recorder.end();
    return recorder.errorLine;
  };

  it('is the last one that is not blank, as displayed, whatever the pieces', async () => {
    expect(await lastOf('Traceback\n  File "x"\nValue', 'Error: bad\n', '\n \n')).to.equal('ValueError: bad');
    expect(await lastOf('10 %\r20 %\r\x1b[31mfailed\x1b[0m\r\n')).to.equal('failed');
    expect(await lastOf('x'.repeat(2 * 1024 * 1024), '\nKeyError: 1\n')).to.equal('KeyError: 1');
    expect(await lastOf(' \n\n')).to.equal(null);
    expect(await lastOf()).to.equal(null);
  });

  it('is cut to its beginning when it is very long', async () => {
    expect(await lastOf(`ValueError: ${'y'.repeat(5000)}\n`)).to.match(/^ValueError: y{488}…$/);
  });
});
