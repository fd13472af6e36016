import { isDeepStrictEqual } from 'node:util';
import type { Capabilities, Engine, Exit, Job, Started } from '@ved/runner/contract';
import { expect } from 'chai';
import pino from 'pino';
import { EngineList } from '../server/engine-list.ts';
import { EngineSelection } from '../server/engine-selection.ts';
import { ChangeSignals } from '../server/live/change-signals.ts';
import { HeldTails } from '../server/live/held-tails.ts';
import { Scheduler } from '../server/scheduler/scheduler.ts';
import { until } from './engines/support/until.ts';
import { NodeEngine } from './support/node-engine.ts';
import { openQueue, queueOver, wanted } from './support/queue.ts';

const silent = pino({ enabled: false });
const NEEDS = '/*\n# /// script\n# dependencies = ["a"]\n# ///\n*/ console.log(1)';
const LIMITS = { timeoutMs: 30_000, memoryBytes: 1, cpus: 1, outputBytes: 2 ** 20 };

const noTails = (): HeldTails => new HeldTails(new ChangeSignals());

/** Its runs end when released or cancelled; runs with packages wait without a slot until their packages are released. */
class HeldEngine implements Engine {
  readonly id = 'node';
  readonly begun: string[] = [];
  private readonly holds = new Map<string, () => void>();

  async probe(): Promise<Capabilities> {
    return { available: true, reason: null, interpreter: 'held', isolation: 'None.', limitations: [], imageDigest: null };
  }
  makeReady(job: Job): Promise<void> {
    return this.held(`packages of ${job.input}`, job);
  }
  async *run(job: Job): AsyncGenerator<Started | Exit> {
    yield { type: 'started' };
    await this.held(`${job.input}`, job);
    yield { type: 'exit', status: 'succeeded', exitCode: 0, reason: null, durationMs: 1, peakMemoryBytes: null };
  }
  let(...names: string[]): void {
    for (const name of names) this.holds.get(name)!();
  }
  async reap(): Promise<void> {}
  async close(): Promise<void> {}

  private held(name: string, { signal }: Job): Promise<void> {
    this.begun.push(name);
    return new Promise((resolve) => {
      this.holds.set(name, resolve);
      if (signal.aborted) resolve();
      signal.addEventListener('abort', resolve, { once: true });
    });
  }
}

/** A scheduler with the held engine and a new queue. */
async function heldBench(concurrency: number) {
  const bench = await openQueue();
  const engine = new HeldEngine();
  const engines = new EngineList();
  engines.register(engine);
  const selection = new EngineSelection('plugin:node', engines, silent, () => undefined);
  const scheduler = new Scheduler({
    queue: bench.queue,
    selection,
    concurrency,
    log: silent,
    tails: noTails(),
    onEnd: () => undefined,
  });
  await selection.start();
  return {
    ...bench,
    engine,
    scheduler,
    begun: (name: string): Promise<void> => until(() => engine.begun.includes(name), `${name} has begun`),
    /** Adds a run that the engine knows by this name. */
    add: (name: string, { text = '', by = 'ed1' } = {}) =>
      bench.queue.addRun({ ...wanted(by, 100, text), input: Buffer.from(name), limits: LIMITS }),
    close: async () => {
      await scheduler.stop('The server stopped.');
      await selection.stop();
      await bench.close();
    },
  };
}

describe('two runs that end in one step while another waits for a slot', () => {
  it('leave the other slot to the queue', async () => {
    const { add, begun, engine, close } = await heldBench(2);
    try {
      await add('aside', { text: NEEDS });
      await begun('packages of aside');
      for (const name of ['first', 'second']) await add(name);
      await Promise.all(['first', 'second'].map(begun));
      await add('waiting');
      engine.let('packages of aside');
      await new Promise(setImmediate);
      expect(engine.begun).to.not.include('waiting');
      engine.let('first', 'second');
      await Promise.all(['aside', 'waiting'].map(begun));
      engine.let('aside', 'waiting');
    } finally {
      await close();
    }
  });
});

describe('a run whose packages are installed', () => {
  it('gets the next slot, before queued runs (W2)', async () => {
    const { add, begun, engine, close } = await heldBench(1);
    try {
      await add('aside', { text: NEEDS });
      await begun('packages of aside');
      await add('first');
      await begun('first');
      await add('waiting');
      engine.let('packages of aside');
      await new Promise(setImmediate);
      engine.let('first');
      await begun('aside');
      expect(engine.begun).to.not.include('waiting');
      engine.let('aside');
      await begun('waiting');
      engine.let('waiting');
    } finally {
      await close();
    }
  });
});

describe('more runs waiting for packages than allowed', () => {
  const PERSON = 'Waiting to install its packages: at most 4 runs of one person do so at a time.';
  const ALL = 'Waiting to install its packages: at most 16 runs in total do so at a time.';
  let held: Awaited<ReturnType<typeof heldBench>>;
  beforeEach(async () => {
    held = await heldBench(2);
  });
  afterEach(() => held.close());

  /** Adds this many runs of a person that need packages; returns their ids. */
  const addNeeding = async (by: string, count: number): Promise<number[]> => {
    const ids: number[] = [];
    for (let at = 1; at <= count; at += 1) ids.push(await held.add(`${by}-${at}`, { text: NEEDS, by }));
    return ids;
  };
  const told = async (ids: readonly number[]) => (await held.runs.rows(ids)).map(({ status, reason }) => reason ?? status);
  /** Polls, because the reason for waiting is set in the step after the one that starts others. */
  const comesTo = (ids: readonly number[], expected: readonly string[]) =>
    until(async () => isDeepStrictEqual(await told(ids), expected), `they are told: ${expected.join(', ')}`);

  it('stay queued with the reason beyond four of one person; runs without packages continue (W3)', async () => {
    const ids = await addNeeding('ed1', 6);
    await held.begun('packages of ed1-4');
    await comesTo(ids, [...Array(4).fill('running'), PERSON, PERSON]);
    await held.add('plain');
    await addNeeding('mo1', 1);
    await Promise.all(['plain', 'packages of mo1-1'].map(held.begun));
    expect(held.engine.begun).to.not.include('packages of ed1-5');
  });

  it('stay queued beyond sixteen in total, and the person with the fewest is next (W3, W4)', async () => {
    for (const person of ['a', 'b', 'c', 'd']) await addNeeding(person, 5);
    const ids = await addNeeding('e', 1);
    await held.begun('packages of d-4');
    await comesTo(ids, [ALL]);
    held.engine.let('packages of a-1');
    await held.begun('packages of e-1');
    expect(held.engine.begun).to.not.include('packages of a-5');
    expect(await told(ids)).to.deep.equal(['running']);
  });

  it('start in order as others get their packages or are cancelled (W4)', async () => {
    const [first, ...others] = await addNeeding('ed1', 7);
    await held.begun('packages of ed1-4');
    held.engine.let('packages of ed1-2');
    await held.begun('packages of ed1-5');
    await held.scheduler.cancelRun(first!, 'Cancelled by ed1.');
    await held.begun('packages of ed1-6');
    expect(await held.scheduler.cancelRun(others.at(-1)!, 'Cancelled by ed1.')).to.equal(false);
    await comesTo(others, [...Array(5).fill('running'), 'Cancelled by ed1.']);
  });

  it('start as soon as possible in a pass too, and each change has its own revision', async () => {
    const runs = [100, 101, 102, 103, 104, 200].map((ordering) => ({
      ...wanted('ed1', ordering, NEEDS),
      input: Buffer.from(`${ordering}`),
      limits: LIMITS,
    }));
    const id = await held.queue.addPass({ startedBy: 'ed1', onFailure: 'continue', runs });
    await held.begun('packages of 103');
    const rows = () => held.db('runner_runs').where({ pass_id: id }).orderBy('ordering');
    // It gets its reason in the step after the one that starts the four.
    await until(async () => (await rows())[4].reason !== null, 'the fifth says why it waits');
    expect((await rows()).map(({ reason }) => reason)).to.deep.equal([null, null, null, null, PERSON, null]);
    expect(new Set((await rows()).map((row) => row.pass_revision)).size).to.equal(6);
    held.engine.let('packages of 100');
    await held.begun('packages of 104');
    // The first has its packages and may have ended.
    expect((await rows()).slice(1).map(({ status, reason }) => [status, reason])).to.deep.equal([
      ...Array(4).fill(['running', null]),
      ['queued', null],
    ]);
  });

  it('wait for their turn again after a restart (W5)', async () => {
    const ids = await addNeeding('ed1', 5);
    await held.begun('packages of ed1-4');
    const after = queueOver(held.db);
    await after.recover();
    expect(await told(ids)).to.deep.equal([...Array(4).fill('The server stopped while it was running.'), 'queued']);
  });
});

describe('a run that waits for its packages', () => {
  it('lets others run, says what it waits for, and can be cancelled (W1)', async () => {
    const bench = await openQueue();
    class Fetching extends NodeEngine {
      makeReady({ signal }: Job, report: (progress: { text: string; fraction: null } | null) => void): Promise<void> {
        report({ text: 'Installing a', fraction: null });
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            report(null);
            reject(new Error('It was cancelled.'));
          });
        });
      }
    }
    const engines = new EngineList();
    engines.register(new Fetching({ missing: null, dies: false, probes: 0 }));
    const selection = new EngineSelection('plugin:node', engines, silent, () => undefined);
    let ended = (_runId: number): void => undefined;
    const scheduler = new Scheduler({
      queue: bench.queue,
      selection,
      concurrency: 1,
      log: silent,
      tails: noTails(),
      onEnd: ({ run }) => ended(run.id),
    });
    const end = (runId: number) => new Promise<void>((resolve) => (ended = (id) => id === runId && resolve()));
    await selection.start();
    try {
      const waiting = await bench.queue.addRun({ ...wanted('ed1', 100, NEEDS), limits: LIMITS });
      const other = await bench.queue.addRun({ ...wanted('ed1', 200, 'console.log(2)'), limits: LIMITS });
      await end(other);
      expect((await bench.runs.row(other)).status).to.equal('succeeded');
      expect((await bench.runs.row(waiting)).status).to.equal('running');
      expect(selection.describe().progress).to.deep.equal({ text: 'Installing a', fraction: null });
      await scheduler.cancelRun(waiting, 'Cancelled by ed1.');
      await end(waiting);
      expect(await bench.runs.row(waiting)).to.include({ status: 'cancelled', reason: 'Cancelled by ed1.' });
      expect(selection.describe().progress).to.equal(null);
    } finally {
      await scheduler.stop('The server stopped.');
      await selection.stop();
      await bench.close();
    }
  });

  it('ends with the reason on an engine without packages (W6)', async () => {
    const bench = await openQueue();
    const engines = new EngineList();
    engines.register(new NodeEngine({ missing: null, dies: false, probes: 0 }));
    const selection = new EngineSelection('plugin:node', engines, silent, () => undefined);
    const done = new Promise<void>((resolve) => {
      new Scheduler({ queue: bench.queue, selection, concurrency: 1, log: silent, tails: noTails(), onEnd: () => resolve() });
      void selection.start().then(() => bench.queue.addRun({ ...wanted('ed1', 100, NEEDS), limits: LIMITS }));
    });
    await done;
    const [run] = await bench.runs.list({});
    expect(run).to.include({ status: 'engine_error', reason: 'The script needs a, but the engine node has no packages.' });
    await selection.stop();
    await bench.close();
  });
});
