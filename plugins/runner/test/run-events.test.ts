import type { ServerSentEvent } from '@ved/core/server';
import type { PassOutput } from '@ved/runner/contract';
import { expect } from 'chai';
import { ChangeSignals } from '../server/live/change-signals.ts';
import { HeldTails } from '../server/live/held-tails.ts';
import { PassEvents } from '../server/live/pass-events.ts';
import { RunEvents } from '../server/live/run-events.ts';
import { filesOf } from './support/files.ts';
import { take as claim, FAILED, openQueue, pass, type QueueBench, SUCCEEDED, wanted } from './support/queue.ts';

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
  let tails: HeldTails;
  let passEvents: PassEvents;
  beforeEach(async () => {
    bench = await openQueue();
    const [runSignals, passSignals] = [new ChangeSignals(), new ChangeSignals()];
    bench.queue.onChange(({ runs, passes }) => {
      runSignals.notify(runs);
      passSignals.notify(passes);
    });
    tails = new HeldTails(runSignals);
    runEvents = new RunEvents(bench.runs, runSignals, tails);
    passEvents = new PassEvents({ runs: bench.runs, passes: bench.passes, runSignals, passSignals });
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

  it('of a queued run are told why it waits, also when the reason changes', async () => {
    const id = await bench.queue.addRun(wanted('ed1', 100, '# /// script\n# dependencies = ["a"]\n# ///\n'));
    const events = runEvents.follow(id, null, forever);
    const next = async () => ((await events.next()).value as ServerSentEvent).data;
    expect(await next()).to.include({ status: 'queued', reason: null });
    const told = next();
    await claim(bench.queue, 1, new Map([['ed1', 4]]));
    expect(await told).to.include({
      status: 'queued',
      reason: 'Waiting to install its packages: at most 4 runs of one person do so at a time.',
    });
    await claim(bench.queue, 1);
    expect(await next()).to.include({ status: 'running', reason: null });
    await events.return(undefined);
  });

  describe('of a finished run', () => {
    it('get all events, numbered consecutively', async () => {
      const events = await take(runEvents.follow(await runWithOutput(), null, forever));
      expect(events.map((event) => event.id)).to.deep.equal(Array.from({ length: 43 }, (_, index) => index + 1));
      expect(events.map((event) => event.event)).to.deep.equal(['status', 'status', ...Array(40).fill('output'), 'done']);
      expect(events.slice(0, 2).map((event) => (event.data as { status: string }).status)).to.deep.equal(['queued', 'running']);
    });

    it('get its files before its end', async () => {
      const id = await runWithOutput({ 'a.txt': 'a' });
      const [files, done] = (await take(runEvents.follow(id, null, forever))).slice(-2);
      expect(files).to.deep.include({ id: 43, event: 'files' });
      expect(files!.data).to.deep.equal({ files: (await bench.runs.execution(id)).files, files_left_out: [] });
      expect(done).to.deep.include({ id: 44, event: 'done' });
      expect(done!.data).to.include({ file_count: 1 });
    });

    it('resume at every position with exactly the rest', async () => {
      const id = await runWithOutput({ 'a.txt': 'a' });
      const all = await take(runEvents.follow(id, null, forever));
      for (let place = 0; place <= all.length + 1; place += 1) {
        expect(await take(runEvents.follow(id, String(place), forever))).to.deep.equal(all.slice(place));
        expect(await runEvents.isUpToDate(id, String(place))).to.equal(place >= all.length);
      }
    });

    it('get all events when their last event id is invalid', async () => {
      expect(await take(runEvents.follow(await runWithOutput(), 'x-7', forever))).to.have.length(43);
    });

    it('are told that it never started', async () => {
      const id = await bench.queue.addRun(wanted('ed1'));
      await bench.queue.cancelRun(id, 'Cancelled by ed1.');
      const events = await take(runEvents.follow(id, null, forever));
      expect(events.map(({ id: place, event }) => [place, event])).to.deep.equal([
        [1, 'status'],
        [2, 'done'],
      ]);
    });
  });

  describe('of an unfinished run', () => {
    it('get each event as it happens, and resume without loss wherever they were cut off (S14)', async () => {
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

    it('get output that is held back as events without a number, and none of it twice', async () => {
      const id = await bench.queue.addRun(wanted('ed1'));
      await bench.claim(1);
      const events = runEvents.follow(id, '2', forever);
      const next = async () => (await events.next()).value as ServerSentEvent;
      tails.set(id, { bytes: 5, latest: 'first' });
      expect(await next()).to.deep.equal({ event: 'tail', data: { bytes: 5, latest: 'first' } });
      await bench.queue.append(id, [{ seq: 3, stream: 'stderr', text: 'a' }]);
      expect(await next()).to.deep.include({ id: 3, event: 'output' });
      tails.set(id, { bytes: 9, latest: 'next' });
      expect(await next()).to.deep.equal({ event: 'tail', data: { bytes: 9, latest: 'next' } });
      await bench.queue.finish(id, FAILED, [{ seq: 4, stream: 'stdout', text: 'firstnext' }]);
      tails.remove(id);
      expect([(await next()).id, (await next()).id]).to.deep.equal([4, 5]);
    });

    it('are never up to date, whatever number they resume from', async () => {
      const id = await bench.queue.addRun(wanted('ed1'));
      expect(await runEvents.isUpToDate(id, '99')).to.equal(false);
    });

    it('end when they disconnect', async () => {
      const id = await bench.queue.addRun(wanted('ed1'));
      const leaving = new AbortController();
      const told = take(runEvents.follow(id, null, leaving.signal));
      await bench.claim(1);
      leaving.abort();
      expect((await told).map((event) => event.event)).to.include('status');
    });
  });

  describe('of a pass', () => {
    it('get every run, then every change, and the end', async () => {
      const id = await bench.queue.addPass(pass('ed1', [100, 200]));
      const told = take(passEvents.follow(id, null, false, forever));
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

    it('resume at every position with the newest state of what has changed since', async () => {
      const id = await bench.queue.addPass(pass('ed1', [100, 101, 200]));
      for (const run of await bench.claim(5)) await bench.queue.finish(run, SUCCEEDED, []);
      for (const run of await bench.claim(5)) await bench.queue.finish(run, FAILED, []);
      const all = await take(passEvents.follow(id, null, true, forever));
      expect(all.map((event) => event.event)).to.deep.equal(['run', 'run', 'run', 'done']);
      for (const [index, event] of all.entries()) {
        expect(await take(passEvents.follow(id, String(event.id), true, forever))).to.deep.equal(all.slice(index + 1));
        expect(await passEvents.isUpToDate(id, String(event.id))).to.equal(event.event === 'done');
      }
    });

    const chunk = (seq: number, text: string) => ({ seq, stream: 'stdout' as const, text });
    const outputOf = (events: readonly ServerSentEvent[]) =>
      events.filter(({ event }) => event === 'output').map(({ data }) => `${(data as PassOutput).run_id} ${(data as PassOutput).text}`);

    it('get the output of each run as it is written, all of it before the end of that run', async () => {
      const id = await bench.queue.addPass(pass('ed1', [100, 101]));
      const [a, b] = (await bench.claim(5)) as [number, number];
      const events: ServerSentEvent[] = [];
      const following = passEvents.follow(id, null, true, forever);
      const until = async (wanted: (event: ServerSentEvent) => boolean): Promise<void> => {
        while (!(events.at(-1) && wanted(events.at(-1)!))) events.push((await following.next()).value!);
      };
      await until(({ event }) => event === 'status');
      await bench.queue.append(a, [chunk(3, 'first')]);
      await until(({ event }) => event === 'output');
      await bench.queue.append(b, [chunk(3, 'other')]);
      await bench.queue.finish(a, SUCCEEDED, [chunk(4, 'last')]);
      await bench.queue.finish(b, SUCCEEDED, []);
      await until(({ event }) => event === 'done');
      expect(outputOf(events).sort()).to.deep.equal([`${a} first`, `${a} last`, `${b} other`].sort());
      const ended = (run: number) => events.findLastIndex(({ event, data }) => event === 'run' && (data as { id: number }).id === run);
      const wrote = (run: number) => events.findLastIndex(({ event, data }) => event === 'output' && (data as PassOutput).run_id === run);
      expect([ended(a) > wrote(a), ended(b) > wrote(b)]).to.deep.equal([true, true]);
    });

    it('resume at every position with all later output while runs continue', async () => {
      const id = await bench.queue.addPass(pass('ed1', [100, 101, 200]));
      const [a, b] = (await bench.claim(5)) as [number, number];
      await bench.queue.append(a, [chunk(3, 'a'), chunk(4, 'b')]);
      await bench.queue.append(b, [chunk(3, 'c')]);
      const places = await take(passEvents.follow(id, null, true, forever), 7);
      expect(places.map(({ event }) => event)).to.deep.equal(['run', 'run', 'run', 'status', 'output', 'output', 'output']);
      await bench.queue.finish(b, FAILED, [chunk(4, 'd')]);
      await bench.queue.append(a, [chunk(5, 'e')]);
      const next = await take(passEvents.follow(id, String(places.at(-1)!.id), true, forever), 4);
      expect(next.map(({ event }) => event)).to.deep.equal(['output', 'run', 'status', 'output']);
      expect(outputOf(next)).to.deep.equal([`${b} d`, `${a} e`]);
      await bench.queue.finish(a, SUCCEEDED, []);
      for (const run of await bench.claim(1)) await bench.queue.finish(run, SUCCEEDED, []);
      const all = [`${a} a`, `${a} b`, `${b} c`, `${b} d`, `${a} e`].sort();
      const had = [...places, ...next];
      for (const [index, { id: place }] of had.entries()) {
        const told = await take(passEvents.follow(id, String(place), true, forever));
        expect([...outputOf(had.slice(0, index + 1)), ...outputOf(told)].sort()).to.deep.equal(all);
      }
    });

    it('get no output of other runs, whatever id they resume from', async () => {
      const id = await bench.queue.addPass(pass('ed1', [100]));
      const stranger = await runWithOutput();
      const [run] = await bench.claim(1);
      await bench.queue.finish(run!, SUCCEEDED, [chunk(3, 'own')]);
      expect(outputOf(await take(passEvents.follow(id, `1.${stranger}:1`, true, forever)))).to.deep.equal([`${run} own`]);
    });
  });
});
