import type { Capabilities, Engine, Exit, Job, Started } from '@ved/runner/contract';
import { expect } from 'chai';
import pino from 'pino';
import { Dispatcher } from '../server/dispatcher.ts';
import { EngineList } from '../server/engine-list.ts';
import { EngineSelection } from '../server/engine-selection.ts';
import { ChangeSignals } from '../server/live/change-signals.ts';
import { HeldTails } from '../server/live/held-tails.ts';
import { Places } from '../server/places.ts';
import { until } from './engines/support/until.ts';
import { NodeEngine } from './support/node-engine.ts';
import { openQueue, wanted } from './support/queue.ts';

const silent = pino({ enabled: false });
const NEEDS = '/*\n# /// script\n# dependencies = ["a"]\n# ///\n*/ console.log(1)';
const LIMITS = { timeoutMs: 30_000, memoryBytes: 1, cpus: 1, outputBytes: 2 ** 20 };

const noTails = (): HeldTails => new HeldTails(new ChangeSignals());

describe('places of runs', () => {
  it('are lent while one waits, and had again before anybody else', async () => {
    const places = new Places(1, () => undefined);
    expect(places.takeFree()).to.equal(1);
    let end = (): void => undefined;
    const aside = places.stepAside(() => new Promise<void>((resolve) => (end = resolve)));
    expect(places.takeFree()).to.equal(1);
    end();
    await Promise.resolve();
    expect(places.takeFree()).to.equal(0);
    places.leave();
    await aside;
    expect(places.takeFree()).to.equal(0);
    places.leave();
    expect(places.takeFree()).to.equal(1);
  });

  it('are not lent without end', () => {
    const places = new Places(1, () => undefined);
    for (let waiting = 0; waiting < 16; waiting += 1) {
      expect(places.takeFree()).to.equal(1);
      void places.stepAside(() => new Promise(() => undefined));
    }
    expect(places.takeFree()).to.equal(0);
  });

  it('are offered again when one of too many who wait is back', async () => {
    let offered = 0;
    const places = new Places(2, () => (offered += 1));
    let end = (): void => undefined;
    for (let waiting = 0; waiting < 16; waiting += 1) {
      const free = places.takeFree();
      places.leave(free - 1);
      void places.stepAside(() => new Promise<void>((resolve) => (end = resolve)));
    }
    expect(places.hasFree).to.equal(false);
    offered = 0;
    end();
    await new Promise(setImmediate);
    expect([places.hasFree, offered]).to.deep.equal([true, 1]);
  });
});

/** Its runs end when they are told to; those with packages wait aside until they are told that these are there. */
class HeldEngine implements Engine {
  readonly id = 'node';
  readonly begun: string[] = [];
  private readonly holds = new Map<string, () => void>();

  async probe(): Promise<Capabilities> {
    return { available: true, reason: null, interpreter: 'held', isolation: 'None.', limitations: [], imageDigest: null };
  }
  makeReady(job: Job): Promise<void> {
    return this.held(`packages of ${job.input}`);
  }
  async *run(job: Job): AsyncGenerator<Started | Exit> {
    yield { type: 'started' };
    await this.held(`${job.input}`);
    yield { type: 'exit', status: 'succeeded', exitCode: 0, reason: null, durationMs: 1, peakMemoryBytes: null };
  }
  let(...names: string[]): void {
    for (const name of names) this.holds.get(name)!();
  }
  async reap(): Promise<void> {}
  async close(): Promise<void> {}

  private held(name: string): Promise<void> {
    this.begun.push(name);
    return new Promise((resolve) => this.holds.set(name, resolve));
  }
}

describe('two runs that end in one step, one of whose places somebody waits to be back in', () => {
  it('leave the other to what waits', async () => {
    const bench = await openQueue();
    const engine = new HeldEngine();
    const engines = new EngineList();
    engines.register(engine);
    const selection = new EngineSelection('plugin:node', engines, silent, () => undefined);
    const dispatcher = new Dispatcher({
      queue: bench.queue,
      selection,
      concurrency: 2,
      log: silent,
      tails: noTails(),
      onEnd: () => undefined,
    });
    const begun = (name: string): Promise<void> => until(() => engine.begun.includes(name), `${name} has begun`);
    const add = (name: string, text = '') => bench.queue.addRun({ ...wanted('ed1', 100, text), input: Buffer.from(name), limits: LIMITS });
    await selection.start();
    try {
      await add('aside', NEEDS);
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
      await dispatcher.stop();
      await selection.stop();
      await bench.close();
    }
  });
});

describe('a run that waits for its packages', () => {
  it('lets others go on, says what it waits for, and can be cancelled', async () => {
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
    const dispatcher = new Dispatcher({
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
      dispatcher.cancel(waiting, 'Cancelled by ed1.');
      await end(waiting);
      expect(await bench.runs.row(waiting)).to.include({ status: 'cancelled', reason: 'Cancelled by ed1.' });
      expect(selection.describe().progress).to.equal(null);
    } finally {
      await dispatcher.stop();
      await selection.stop();
      await bench.close();
    }
  });

  it('ends with the reason on an engine that has none', async () => {
    const bench = await openQueue();
    const engines = new EngineList();
    engines.register(new NodeEngine({ missing: null, dies: false, probes: 0 }));
    const selection = new EngineSelection('plugin:node', engines, silent, () => undefined);
    const done = new Promise<void>((resolve) => {
      new Dispatcher({ queue: bench.queue, selection, concurrency: 1, log: silent, tails: noTails(), onEnd: () => resolve() });
      void selection.start().then(() => bench.queue.addRun({ ...wanted('ed1', 100, NEEDS), limits: LIMITS }));
    });
    await done;
    const [run] = await bench.runs.list({});
    expect(run).to.include({ status: 'engine_error', reason: 'The script asks for a, and the engine node has no packages.' });
    await selection.stop();
    await bench.close();
  });
});
