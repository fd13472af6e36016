import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pino from 'pino';
import { EngineList } from '../server/engine-list.ts';
import { EngineSelection } from '../server/engine-selection.ts';
import { ChangeSignals } from '../server/live/change-signals.ts';
import { HeldTails } from '../server/live/held-tails.ts';
import { Scheduler } from '../server/scheduler/scheduler.ts';
import { NodeEngine, type NodeEngineControls } from './support/node-engine.ts';
import { openQueue, pass, type QueueBench, queueOver, wanted } from './support/queue.ts';

const silent = pino({ enabled: false });
const SLEEP_100_MS = 'await new Promise((done) => setTimeout(done, 100))';
const FOREVER = "console.log('up'); setInterval(() => {}, 1000)";

describe('runs that are executed', () => {
  let bench: QueueBench;
  let controls: NodeEngineControls;
  let scheduler: Scheduler;
  let selection: EngineSelection;
  let onEnd = () => {};
  let onComplaint = (_: string) => {};
  const log = pino({ level: 'warn' }, { write: (line: string) => onComplaint(JSON.parse(line).msg) });
  const most = { atOnce: 0 };

  const script = (text: string, ordering = 100) => ({
    ...wanted('ed1', ordering, text),
    limits: { timeoutMs: 10_000, memoryBytes: 1, cpus: 1, outputBytes: 64 * 1024 * 1024 },
  });
  const output = (runId: number, text: string) =>
    new Promise<void>((resolve) => {
      const look = async () => {
        if ((await bench.runs.chunksFrom(runId, 1)).some((chunk) => chunk.text.includes(text))) resolve();
      };
      bench.queue.onChange(look);
      void look();
    });
  /** Resolves when this many runs have ended from now on. */
  function untilEnded(count: number): Promise<void> {
    return new Promise((resolve) => {
      let seen = 0;
      onEnd = () => {
        seen += 1;
        if (seen === count) resolve();
      };
    });
  }

  beforeEach(async () => {
    bench = await openQueue();
    controls = { missing: null, dies: false, probes: 0 };
    const engines = new EngineList();
    engines.register(new NodeEngine(controls));
    selection = new EngineSelection('plugin:node', engines, silent, () => scheduler?.wake());
    most.atOnce = 0;
    const enginePatienceMs = 300;
    scheduler = new Scheduler({
      queue: bench.queue,
      selection,
      concurrency: 4,
      log,
      tails: new HeldTails(new ChangeSignals()),
      enginePatienceMs,
      onEnd: () => onEnd(),
    });
    bench.queue.onChange(() => {
      most.atOnce = Math.max(most.atOnce, scheduler.running);
    });
    await selection.start();
  });
  afterEach(async () => {
    await scheduler.stop('The server stopped.');
    await selection.stop();
    await bench.close();
  });

  it('end with their output, their files and their duration', async () => {
    const over = untilEnded(1);
    const id = await bench.queue.addRun(script("console.log('a'); console.error('b'); process.exitCode = 3"));
    await over;
    const run = await bench.runs.execution(id);
    expect(run).to.include({ status: 'failed', exit_code: 3, stdout: 'a\n', stderr: 'b\n', engine: 'node' });
    expect(run.duration_ms).to.be.above(0);
  });

  it('never exceed the concurrency limit (Q3)', async () => {
    const over = untilEnded(9);
    for (let run = 0; run < 9; run += 1) await bench.queue.addRun(script(SLEEP_100_MS));
    await over;
    expect(most.atOnce).to.be.within(2, 4);
  });

  it('never exceed the concurrency limit when all are requested at the same time (Q3)', async () => {
    const over = untilEnded(9);
    const ids = await Promise.all(Array.from({ length: 9 }, () => bench.queue.addRun(script(SLEEP_100_MS))));
    await over;
    expect(most.atOnce).to.be.within(2, 4);
    expect((await bench.runs.rows(ids)).map(({ status }) => status)).to.deep.equal(Array(9).fill('succeeded'));
  });

  it('in a pass run in parallel within a group, one group after another (P2, P3, P6)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ved-meeting-'));
    // Each script creates a file and waits for those of its whole group. It fails if a script of a later group has started before it.
    const meet = (group: number, member: number) =>
      script(
        `const fs = await import('node:fs');
        const folder = ${JSON.stringify(folder)};
        if (fs.readdirSync(folder).some((name) => name[0] > '${group}')) process.exit(1);
        fs.writeFileSync(folder + '/${group}${member}', '');
        while (fs.readdirSync(folder).filter((name) => name[0] === '${group}').length < 4) await new Promise((look) => setTimeout(look, 5));`,
        group * 100 + member,
      );
    const over = untilEnded(12);
    const runs = [3, 1, 2].flatMap((group) => [0, 1, 2, 3].map((member) => meet(group, member)));
    const id = await bench.queue.addPass({ ...pass('ed1', []), runs });
    await over;
    expect(await bench.passes.row(id)).to.include({ status: 'succeeded', finished: 12 });
    await rm(folder, { recursive: true });
  });

  it('end as cancelled, with the name of who cancelled them (S2)', async () => {
    const id = await bench.queue.addRun(script(FOREVER));
    await output(id, 'up');
    const over = untilEnded(1);
    await scheduler.cancelRun(id, 'Cancelled by mo1.');
    await over;
    expect(await bench.runs.execution(id)).to.include({ status: 'cancelled', reason: 'Cancelled by mo1.', stdout: 'up\n' });
  });

  it('end as cancelled at any moment of their start (S2)', async () => {
    const over = untilEnded(1);
    let carried = 0;
    for (let turn = 0; turn < 12 || carried === 0; turn += 1) {
      const id = await bench.queue.addRun(script(FOREVER));
      for (let tick = 0; tick < turn; tick += 1) await new Promise((next) => setImmediate(next));
      if (await scheduler.cancelRun(id, 'Cancelled by ed1.')) {
        carried += 1;
        while ((await bench.runs.row(id)).status === 'running');
      }
      expect(await bench.runs.row(id)).to.include({ status: 'cancelled', reason: 'Cancelled by ed1.' });
    }
    await over;
  });

  it('whose engine dies say so, and the queue continues when it is back (S10)', async () => {
    controls.dies = true;
    const first = untilEnded(1);
    const broken = await bench.queue.addRun(script(''));
    await first;
    expect(await bench.runs.row(broken)).to.include({
      status: 'engine_error',
      reason: 'The engine node failed: the connection to the engine was lost',
    });
    controls.dies = false;
    const second = untilEnded(1);
    const fine = await bench.queue.addRun(script(''));
    await second;
    expect((await bench.runs.row(fine)).status).to.equal('succeeded');
  });

  it('wait while their engine is unavailable, and start when it is back (S11)', async () => {
    controls.missing = 'Somebody stopped it.';
    while ((await selection.current()) !== null) await selection.recheck();
    const over = untilEnded(2);
    const ids = [await bench.queue.addRun(script('')), await bench.queue.addRun(script(''))];
    controls.missing = null;
    while ((await selection.current()) === null) await selection.recheck();
    await over;
    expect((await bench.runs.rows(ids)).map(({ status }) => status)).to.deep.equal(['succeeded', 'succeeded']);
  });

  it('without an engine end with the reason instead of waiting forever (S11)', async () => {
    controls.missing = 'Somebody stopped it.';
    while ((await selection.current()) !== null) await selection.recheck();
    const over = untilEnded(1);
    const id = await bench.queue.addRun(script(''));
    await over;
    const row = await bench.runs.row(id);
    expect(row.status).to.equal('engine_error');
    expect(row.reason).to.include('Somebody stopped it.');
  });

  /** Makes the database refuse this status until the server logs this complaint. */
  async function refuseOnce(status: string, complaint: string): Promise<void> {
    await bench.db.raw(
      `create trigger refuse before update on runner_runs when new.status = '${status}' begin select raise(abort, 'no room'); end`,
    );
    onComplaint = (message) => {
      if (!message.includes(complaint)) return;
      onComplaint = () => {};
      void bench.db.raw('drop trigger refuse').then();
    };
  }

  it('that could not start because of a full disk start when there is space (S12)', async () => {
    controls.missing = 'Somebody stopped it.';
    while ((await selection.current()) !== null) await selection.recheck();
    const over = untilEnded(1);
    const id = await bench.queue.addRun(script(''));
    await refuseOnce('running', 'runs could not be started');
    controls.missing = null;
    while ((await selection.current()) === null) await selection.recheck();
    await over;
    expect((await bench.runs.row(id)).status).to.equal('succeeded');
  });

  it('without an engine are ended, however often a full disk prevents that (S12)', async () => {
    controls.missing = 'Somebody stopped it.';
    while ((await selection.current()) !== null) await selection.recheck();
    await refuseOnce('engine_error', 'could not be stored');
    const over = untilEnded(1);
    const id = await bench.queue.addRun(script(''));
    await over;
    expect((await bench.runs.row(id)).status).to.equal('engine_error');
  });

  it('keep the first and the last 512 KiB of endless output, end at 64 MiB, and block nobody (L2, L3)', async function () {
    this.slow(4000);
    const over = untilEnded(2);
    const flood = await bench.queue.addRun(
      script("const line = 'x'.repeat(65535) + '\\n'; for (;;) await new Promise((done) => process.stdout.write(line, done))"),
    );
    const calm = await bench.queue.addRun(script("console.log('calm')"));
    await over;
    const run = await bench.runs.execution(flood);
    expect(run).to.include({ status: 'output_limit', truncated: true });
    expect(run.stdout).to.match(/^(x+\n){8}\[ved: \d+ bytes omitted here\]\n/);
    expect(Buffer.byteLength(run.stdout.replace(/\[ved:.*\n/, ''))).to.equal(1024 * 1024);
    expect((await bench.runs.execution(calm)).stdout).to.equal('calm\n');
  });

  describe('when the server stops', () => {
    it('are cancelled with that reason, and queued ones are left for the next start (S8)', async () => {
      const going = await bench.queue.addRun(script(FOREVER));
      await output(going, 'up');
      const others: number[] = [];
      for (let run = 0; run < 4; run += 1) others.push(await bench.queue.addRun(script(FOREVER)));
      await scheduler.stop('The server stopped.');
      expect(await bench.runs.row(going)).to.include({ status: 'cancelled', reason: 'The server stopped.' });
      const statuses = (await bench.runs.rows(others)).map((row) => row.status);
      expect(statuses.slice(-1)).to.deep.equal(['queued']);
      expect(statuses).to.not.include('running');
      await queueOver(bench.db).recover();
      expect((await bench.runs.row(others.at(-1)!)).status).to.equal('queued');
    });

    it('in a pass end it with that reason, and none of its other runs start (S8)', async () => {
      const id = await bench.queue.addPass({ ...pass('ed1', []), runs: [script(FOREVER, 100), script(FOREVER, 200)] });
      const [first] = (await bench.passes.detail(id)).groups[0]!.runs;
      await output(first!.id, 'up');
      await scheduler.stop('The server stopped.');
      const detail = await bench.passes.detail(id);
      expect(detail).to.include({ status: 'cancelled', reason: 'The server stopped.' });
      expect(detail.groups.flatMap((group) => group.runs.map((run) => run.status))).to.deep.equal(['cancelled', 'cancelled']);
    });
  });
});
