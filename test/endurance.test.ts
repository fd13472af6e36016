/**
 * The built server on its real engines for a long time: killed repeatedly during
 * runs, running thousands of scripts, and answering while every processor is busy.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import Docker from 'dockerode';
import { requireDocker } from '../plugins/runner/test/engines/support/engines.ts';
import { isProcess, until } from '../plugins/runner/test/engines/support/until.ts';
import { startBareServer } from './support/bare-server.ts';
import { exhaustive } from './support/exhaustive.ts';
import { ensurePageBuilt } from './support/page.ts';
import { keepSnapshot, lendSnapshot } from './support/pyodide-snapshot.ts';
import { type ServerProcess, type SignedIn, signedIn, startServerProcess, temporaryDataDir } from './support/server-process.ts';

/** Use more for a night run: `VED_TEST_KILL_ROUNDS=50`. */
const KILL_ROUNDS = Number(process.env.VED_TEST_KILL_ROUNDS ?? 2);
/** Use up to 10,000 for a night run: `VED_TEST_RUNS`. */
const RUNS = Number(process.env.VED_TEST_RUNS ?? 120);
/** Rounds of requests while scripts burn CPU. One fast round is enough, because the machine can make any round slow. */
const ROUNDS = 5;
/** The share of runs after which caches and pools are full; memory is measured from there. */
const WARM_UP = 0.2;

const ENDLESS =
  'import subprocess, sys\nsubprocess.Popen([sys.executable, "-c", "while True: pass"])\nprint("up", flush=True)\nwhile True: pass\n';
const docker = new Docker();

/** Containers of a data folder, by Docker's state. */
async function containersOf(dataDir: string): Promise<string[]> {
  const owner = readFileSync(join(dataDir, 'runner', 'owner'), 'utf8').trim();
  const list = await docker.listContainers({ all: true, filters: { label: [`ved.owner=${owner}`] } });
  return list.map(({ Id }) => Id);
}

async function addScript(client: SignedIn, content: string): Promise<number> {
  const { status, body } = await client('POST', '/api/scripts', { content });
  expect(status).to.equal(201);
  return body.id;
}

async function start(client: SignedIn, script: number): Promise<number> {
  const { status, body } = await client('POST', '/api/runs', { script_id: script, source: 'draft' });
  expect(status, JSON.stringify(body)).to.equal(202);
  return body.run_id;
}

/** Resolves when all runs have printed that they are up. */
async function untilUp(client: SignedIn, runs: readonly number[]): Promise<void> {
  for (const run of runs) await until(() => hasWritten(client, run, 'up'), `run ${run} is running`, 60_000);
}

/** After the next start: the killed runs have ended with the reason, and nothing is running or waiting. */
async function expectNoneRunning(client: SignedIn, killed: readonly number[]): Promise<void> {
  for (const run of killed) {
    expect((await client('GET', `/api/runs/${run}`)).body).to.include({
      status: 'engine_error',
      reason: 'The server stopped while it was running.',
    });
  }
  const all: { status: string }[] = (await client('GET', '/api/runs')).body;
  expect(all.filter(({ status }) => status === 'queued' || status === 'running')).to.deep.equal([]);
}

const hasWritten = async (client: SignedIn, run: number, text: string) =>
  (await client('GET', `/api/runs/${run}`)).body.stdout.includes(text);

/** Makes the server collect garbage on SIGUSR2: between automatic collections its heap grows by a quarter. */
const COLLECTS = `import v8 from 'node:v8'; import vm from 'node:vm'; v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc'); process.on('SIGUSR2', () => collect());`;
const COLLECTING = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(COLLECTS)}` };

/** Private bytes of a server process. */
async function heldBytes(client: SignedIn, pid: number): Promise<number> {
  process.kill(pid, 'SIGUSR2');
  // The signal is handled at the latest in the turn that answers the first request.
  for (let asked = 0; asked < 2; asked += 1) await client('GET', '/api/health');
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
}

const descriptors = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

exhaustive.describe('the built server', function () {
  this.timeout(6 * 3_600_000);
  let data: ReturnType<typeof temporaryDataDir>;
  let server: ServerProcess | null = null;

  before(ensurePageBuilt);
  beforeEach(() => {
    data = temporaryDataDir();
  });
  afterEach(async () => {
    await server?.stop();
    server = null;
    data.remove();
  });

  const begin = async (env: Record<string, string>): Promise<SignedIn> => {
    server = await startServerProcess(data.dataDir, env);
    return signedIn(server.url);
  };

  /** Sorted milliseconds: of the server's health route, and of a bare server on the same machine at the same time. */
  const askInTurns = async (client: SignedIn, bare: string): Promise<{ health: number[]; machine: number[] }> => {
    const [health, machine] = [[] as number[], [] as number[]];
    const timed = async (took: number[], ask: () => Promise<void>): Promise<void> => {
      const begun = performance.now();
      await ask();
      took.push(performance.now() - begun);
    };
    for (let asked = 0; asked < 100; asked += 1) {
      await timed(health, async () => {
        expect((await client('GET', '/api/health')).body.status).to.equal('ok');
      });
      await timed(machine, async () => {
        await (await fetch(bare)).text();
      });
    }
    const sorted = (took: number[]): number[] => took.sort((one, other) => one - other);
    return { health: sorted(health), machine: sorted(machine) };
  };

  const answersWhileEightBurn = async (engine: 'docker' | 'pyodide'): Promise<void> => {
    // They run until the end of the test.
    const client = await begin({ VED_RUNNER: engine, VED_RUN_CONCURRENCY: '8', VED_POOL_SIZE: '8', VED_RUN_TIMEOUT_MS: '3600000' });
    const script = await addScript(client, 'print("up", flush=True)\nwhile True: pass\n');
    const runs: number[] = [];
    for (let burning = 0; burning < 8; burning += 1) runs.push(await start(client, script));
    await untilUp(client, runs);
    const bare = await startBareServer();
    try {
      const rounds: string[] = [];
      for (;;) {
        const { health, machine } = await askInTurns(client, bare.url);
        // Other load on the machine delays any server; it comes and goes, so the best round counts.
        if (health[94]! - machine[94]! < 100 && health[99]! - machine[99]! < 200) break;
        const slowest = (took: readonly number[]): string => took.slice(-8).map(Math.round).join(', ');
        rounds.push(`the slowest of 100: ${slowest(health)} ms; of a bare server: ${slowest(machine)} ms`);
        expect(rounds.length, rounds.join('\n')).to.be.below(ROUNDS);
      }
    } finally {
      await bare.stop();
    }
    const states = await Promise.all(runs.map(async (run) => (await client('GET', `/api/runs/${run}`)).body.status));
    expect(states).to.deep.equal(runs.map(() => 'running'));
    for (const run of runs) await client('POST', `/api/runs/${run}/cancel`);
  };

  describe('on a Docker engine', () => {
    before(async function () {
      await requireDocker(this);
    });

    it('leaves no running runs and no containers after being killed during runs', async () => {
      const env = { VED_RUNNER: 'docker', VED_POOL_SIZE: '1' };
      let client = await begin(env);
      const script = await addScript(client, ENDLESS);
      for (let round = 0; round < KILL_ROUNDS; round += 1) {
        const runs = [await start(client, script), await start(client, script)];
        await untilUp(client, runs);
        const before = await containersOf(data.dataDir);
        expect(before.length).to.be.at.least(2);
        await server!.kill();
        client = await begin(env);
        await expectNoneRunning(client, runs);
        await until(
          async () => (await containersOf(data.dataDir)).every((id) => !before.includes(id)),
          'no container of the killed server is left',
        );
      }
      await server!.stop();
      server = null;
      expect(await containersOf(data.dataDir)).to.deep.equal([]);
    });

    for (const isolation of ['lane', 'run'] as const) {
      it(`does not leak memory, descriptors or containers over many short runs, isolated by ${isolation}`, async () => {
        // Isolation by run costs a container each, so do fewer, except at night.
        const count = isolation === 'lane' || process.env.VED_TEST_RUNS ? RUNS : RUNS / 4;
        const client = await begin({ VED_RUNNER: 'docker', VED_RUN_ISOLATION: isolation, VED_POOL_SIZE: '2', ...COLLECTING });
        const script = await addScript(client, 'print("short")\n');
        let reused = 0;
        const run = async () => {
          const { body } = await client('POST', `/api/execute/${script}`, { source: 'draft' });
          expect(body, JSON.stringify(body)).to.include({ status: 'succeeded', stdout: 'short\n' });
          // Each record says how it was isolated from others.
          expect(body.isolation).to.include(isolation === 'lane' ? 'verified to be clean' : 'A new container for each run');
          if (body.reused) reused += 1;
        };
        const runMany = async (many: number) => {
          for (let done = 0; done < many; done += 2) await Promise.all([run(), run()]);
        };
        await runMany(count * WARM_UP);
        const before = { held: await heldBytes(client, server!.pid), descriptors: descriptors(server!.pid) };
        await runMany(count * (1 - WARM_UP));
        // A lane sometimes uses a fresh container, when that is ready before the last one is verified.
        if (isolation === 'lane') expect(reused).to.be.above(count / 2);
        else expect(reused).to.equal(0);
        // Some containers are being removed, and some are being created.
        expect(descriptors(server!.pid)).to.be.at.most(before.descriptors + 8);
        const most = isolation === 'lane' ? 4 : 2;
        await until(
          async () => (await containersOf(data.dataDir)).length <= most,
          `at most ${most} containers are left, which wait for runs`,
        );
        // After a short time the heap is still growing to its normal size.
        const drift = (await heldBytes(client, server!.pid)) / before.held - 1;
        if (process.env.VED_TEST_RUNS) console.log(`      ${count} runs: memory drifted by ${(drift * 100).toFixed(1)} %`);
        expect(drift, `memory grew by ${Math.round(drift * 100)} %`).to.be.at.most(count >= 2000 ? 0.1 : 0.4);
        await server!.stop();
        server = null;
        expect(await containersOf(data.dataDir)).to.deep.equal([]);
      });
    }

    it('answers its health route within 100 ms while eight scripts use the CPU', () => answersWhileEightBurn('docker'));
  });

  it('answers its health route within 100 ms while eight scripts use the CPU on the embedded engine', async () => {
    await lendSnapshot(join(data.dataDir, 'runner', 'pyodide'));
    await answersWhileEightBurn('pyodide');
  });

  it('leaves no running runs and no processes after being killed during runs on the embedded engine', async () => {
    const snapshots = join(data.dataDir, 'runner', 'pyodide');
    const children = () => readdirSync(join(snapshots, 'children')).map(Number);
    const env = { VED_RUNNER: 'pyodide', VED_POOL_SIZE: '1', VED_RUN_CONCURRENCY: '2' };
    await lendSnapshot(snapshots);
    let client = await begin(env);
    const script = await addScript(client, 'print("up", flush=True)\nwhile True: pass\n');
    for (let round = 0; round < KILL_ROUNDS; round += 1) {
      const runs = [await start(client, script), await start(client, script)];
      await untilUp(client, runs);
      const before = children();
      expect(before.filter(isProcess)).to.have.length.at.least(2);
      await server!.kill();
      client = await begin(env);
      await expectNoneRunning(client, runs);
      await until(() => !before.some(isProcess), 'no process of the killed server is left');
      expect(children().filter((pid) => before.includes(pid))).to.deep.equal([]);
    }
    await server!.stop();
    server = null;
    expect(children()).to.deep.equal([]);
    await keepSnapshot(snapshots);
  });
});
