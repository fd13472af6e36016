import type { OutputChunk } from '@ved/runner/contract';
import { expect } from 'chai';
import { KEPT_BYTES, OutputRecorder } from '../server/output/output-recorder.ts';

const text = (chunks: readonly OutputChunk[], stream: string) =>
  chunks
    .filter((chunk) => chunk.stream === stream)
    .map((chunk) => chunk.text)
    .join('');

describe('output on its way to the store', () => {
  it('is numbered without gaps and complete, in the order in which it was written', async () => {
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

  it('is gathered: a run that writes little and ends costs no step of its own', async () => {
    let steps = 0;
    const recorder = new OutputRecorder(3, async () => {
      steps += 1;
    });
    await recorder.write('stdout', Buffer.from('hello\n'));
    expect(await recorder.end()).to.deep.equal([{ seq: 3, stream: 'stdout', text: 'hello\n' }]);
    expect(steps).to.equal(0);
  });

  it('holds its writer back while the store is slower', async () => {
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

  it('keeps the first MiB of each stream, in chunks that cut no character', async () => {
    const kept: OutputChunk[] = [];
    const recorder = new OutputRecorder(3, async (chunks) => void kept.push(...chunks));
    await recorder.write('stdout', Buffer.from(`a${'😀'.repeat(KEPT_BYTES / 4)}`));
    await recorder.write('stderr', Buffer.from('the traceback'));
    kept.push(...(await recorder.end()));
    expect(text(kept, 'stdout')).to.equal(`a${'😀'.repeat(KEPT_BYTES / 4 - 1)}`);
    expect(kept.every((chunk) => Buffer.from(chunk.text).toString() === chunk.text)).to.equal(true);
    expect(text(kept, 'stderr')).to.equal('the traceback');
    expect(recorder.truncated).to.equal(true);
  });

  it('that cannot be stored ends the run that writes it', async () => {
    const recorder = new OutputRecorder(3, () => Promise.reject(new Error('database or disk is full')));
    const error = await recorder.write('stdout', Buffer.alloc(300 * 1024, 'x')).catch((thrown: Error) => thrown);
    expect(error).to.have.property('message', 'database or disk is full');
  });

  it('that was refused meanwhile is kept with the end of a run that wrote no more', async () => {
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
