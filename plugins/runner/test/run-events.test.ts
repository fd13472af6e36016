import type { ServerSentEvent } from '@ved/core/server';
import { expect } from 'chai';
import { ChangeSignals } from '../server/live/change-signals.ts';
import { PassEvents } from '../server/live/pass-events.ts';
import { RunEvents } from '../server/live/run-events.ts';
import { filesOf } from './support/files.ts';
import { FAILED, openQueue, pass, type QueueBench, SUCCEEDED, wanted } from './support/queue.ts';

const forever = new AbortController().signal;

async function take(events: AsyncIterable<ServerSentEvent>, count = Number.POSITIVE_INFINITY): Promise<ServerSentEvent[]> {
  const taken: ServerSentEvent[] = [];
  for await (const event of events) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}

describe('followers', () => {
  let bench: QueueBench;
  let runEvents: RunEvents;
  let passEvents: PassEvents;
  beforeEach(async () => {
    bench = await openQueue();
    const [runSignals, passSignals] = [new ChangeSignals(), new ChangeSignals()];
    bench.queue.onChange(({ runs, passes }) => {
      runSignals.notify(runs);
      passSignals.notify(passes);
    });
    runEvents = new RunEvents(bench.runs, runSignals);
    passEvents = new PassEvents(bench.passes, passSignals);
  });
  afterEach(() => bench.close());

  /** A run with 40 chunks, more than two pages, that ends. */
  async function runWithOutput(files: Record<string, string> = {}): Promise<number> {
    const id = await bench.queue.addRun(wanted('ed1'));
    await bench.claim(1);
    const chunks = Array.from({ length: 40 }, (_, index) => ({ seq: index + 3, stream: 'stdout' as const, text: `line ${index}\n` }));
    await bench.queue.append(id, chunks.slice(0, 39));
    await bench.queue.finish(id, SUCCEEDED, chunks.slice(39), await filesOf(files));
    return id;
  }

  describe('of a run that is over', () => {
    it('are told all of it, numbered by one', async () => {
      const events = await take(runEvents.follow(await runWithOutput(), null, forever));
      expect(events.map((event) => event.id)).to.deep.equal(Array.from({ length: 43 }, (_, index) => index + 1));
      expect(events.map((event) => event.event)).to.deep.equal(['status', 'status', ...Array(40).fill('output'), 'done']);
      expect(events.slice(0, 2).map((event) => (event.data as { status: string }).status)).to.deep.equal(['queued', 'running']);
    });

    it('are told of its files before they are told that it is over', async () => {
      const id = await runWithOutput({ 'a.txt': 'a' });
      const [files, done] = (await take(runEvents.follow(id, null, forever))).slice(-2);
      expect(files).to.deep.include({ id: 43, event: 'files' });
      expect(files!.data).to.deep.equal({ files: (await bench.runs.execution(id)).files, files_left_out: [] });
      expect(done).to.deep.include({ id: 44, event: 'done' });
      expect(done!.data).to.include({ file_count: 1 });
    });

    it('resume at every place with exactly the rest', async () => {
      const id = await runWithOutput({ 'a.txt': 'a' });
      const all = await take(runEvents.follow(id, null, forever));
      for (let place = 0; place <= all.length + 1; place += 1) {
        expect(await take(runEvents.follow(id, String(place), forever))).to.deep.equal(all.slice(place));
      }
    });

    it('with a place that is not ours are told all of it', async () => {
      expect(await take(runEvents.follow(await runWithOutput(), 'x-7', forever))).to.have.length(43);
    });

    it('that never started are told so', async () => {
      const id = await bench.queue.addRun(wanted('ed1'));
      await bench.queue.cancelRun(id, 'Cancelled by ed1.');
      const events = await take(runEvents.follow(id, null, forever));
      expect(events.map(({ id: place, event }) => [place, event])).to.deep.equal([
        [1, 'status'],
        [2, 'done'],
      ]);
    });
  });

  describe('of a run that goes on', () => {
    it('are told each thing as it happens, and cut anywhere resume without loss', async () => {
      const id = await bench.queue.addRun(wanted('ed1'));
      const whole = take(runEvents.follow(id, null, forever));
      const pieces: ServerSentEvent[] = [];
      const step = async (count: number) => pieces.push(...(await take(runEvents.follow(id, String(pieces.length), forever), count)));
      await step(1);
      await bench.claim(1);
      await step(1);
      for (let seq = 3; seq < 8; seq += 1) {
        await bench.queue.append(id, [{ seq, stream: 'stderr', text: `${seq}` }]);
        await step(1);
      }
      await bench.queue.finish(id, FAILED, [{ seq: 8, stream: 'stdout', text: 'last' }]);
      await step(2);
      expect(pieces.map(({ id: place, event }) => [place, event])).to.deep.equal(
        (await whole).map(({ id: place, event }) => [place, event]),
      );
      expect(pieces.map((event) => event.id)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });

    it('end when they leave', async () => {
      const id = await bench.queue.addRun(wanted('ed1'));
      const leaving = new AbortController();
      const told = take(runEvents.follow(id, null, leaving.signal));
      await bench.claim(1);
      leaving.abort();
      expect((await told).map((event) => event.event)).to.include('status');
    });
  });

  describe('of a pass', () => {
    it('are told every run, then every change, and the end', async () => {
      const id = await bench.queue.addPass(pass('ed1', [100, 200]));
      const told = take(passEvents.follow(id, null, forever));
      for (let group = 0; group < 2; group += 1) {
        const [run] = await bench.claim(5);
        await bench.queue.finish(run!, SUCCEEDED, []);
      }
      const events = await told;
      const ids = events.map((event) => Number(event.id));
      expect(ids).to.deep.equal([...new Set(ids)].sort((a, b) => a - b));
      expect(events.at(-1)).to.deep.include({ event: 'done' });
      const lastOf = new Map(events.filter((event) => event.event === 'run').map(({ data }) => [(data as { id: number }).id, data]));
      expect([...lastOf.values()].map((run) => (run as { status: string }).status)).to.deep.equal(['succeeded', 'succeeded']);
    });

    it('resume at every place with the newest state of what changed since', async () => {
      const id = await bench.queue.addPass(pass('ed1', [100, 101, 200]));
      for (const run of await bench.claim(5)) await bench.queue.finish(run, SUCCEEDED, []);
      for (const run of await bench.claim(5)) await bench.queue.finish(run, FAILED, []);
      const all = await take(passEvents.follow(id, null, forever));
      expect(all.map((event) => event.event)).to.deep.equal(['run', 'run', 'run', 'done']);
      for (const [index, event] of all.entries()) {
        expect(await take(passEvents.follow(id, String(event.id), forever))).to.deep.equal(all.slice(index + 1));
      }
    });
  });
});
