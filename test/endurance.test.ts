/**
 * The server that people run, on a real Docker engine, for longer than anybody
 * watches: killed in mid-run again and again, running thousands of scripts,
 * asked while every processor burns.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import Docker from 'dockerode';
import { requireDocker } from '../plugins/runner/test/engines/support/engines.ts';
import { until } from '../plugins/runner/test/engines/support/until.ts';
import { ensurePageBuilt } from './support/page.ts';
import { type ServerProcess, type SignedIn, signedIn, startServerProcess, temporaryDataDir } from './support/server-process.ts';

/** More of them are worth a night: `VED_TEST_KILL_ROUNDS=50`. */
const KILL_ROUNDS = Number(process.env.VED_TEST_KILL_ROUNDS ?? 3);
/** As many as 10,000 are worth a night, by `VED_TEST_RUNS`. */
const RUNS = Number(process.env.VED_TEST_RUNS ?? 120);
/** The share of the runs after which caches and pools are full, and the memory that the process then has. */
const WARM_UP = 0.2;

const ENDLESS =
  'import subprocess, sys\nsubprocess.Popen([sys.executable, "-c", "while True: pass"])\nprint("up", flush=True)\nwhile True: pass\n';
const docker = new Docker();

/** Containers of a data folder, by the state that Docker says they are in. */
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

const hasWritten = async (client: SignedIn, run: number, text: string) =>
  (await client('GET', `/api/runs/${run}`)).body.stdout.includes(text);

/** Resident bytes of a process that nobody shares with it. */
function residentBytes(pid: number): number {
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
}

const descriptors = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

describe('the server on a Docker engine', function () {
  this.timeout(3_600_000);
  let data: ReturnType<typeof temporaryDataDir>;
  let server: ServerProcess | null = null;

  before(async function () {
    await requireDocker(this);
    await ensurePageBuilt();
  });
  beforeEach(() => {
    data = temporaryDataDir();
  });
  afterEach(async () => {
    await server?.stop();
    server = null;
    data.remove();
  });

  const begin = async (env: Record<string, string> = {}): Promise<SignedIn> => {
    server = await startServerProcess(data.dataDir, { VED_RUNNER: 'docker', ...env });
    return signedIn(server.url);
  };

  it('killed in mid-run leaves no run going on and no container, however often', async () => {
    let client = await begin({ VED_POOL_SIZE: '1' });
    const script = await addScript(client, ENDLESS);
    for (let round = 0; round < KILL_ROUNDS; round += 1) {
      const runs = [await start(client, script), await start(client, script)];
      for (const run of runs) await until(() => hasWritten(client, run, 'up'), `run ${run} goes on`);
      const before = await containersOf(data.dataDir);
      expect(before.length).to.be.at.least(2);
      await server!.kill();
      client = await begin({ VED_POOL_SIZE: '1' });
      for (const run of runs) {
        expect((await client('GET', `/api/runs/${run}`)).body).to.include({
          status: 'engine_error',
          reason: 'The server stopped while it ran.',
        });
      }
      await until(
        async () => (await containersOf(data.dataDir)).every((id) => !before.includes(id)),
        'no container of the killed server is left',
      );
    }
    const all: { status: string }[] = (await client('GET', '/api/runs')).body;
    expect(all.filter(({ status }) => status === 'queued' || status === 'running')).to.deep.equal([]);
    await server!.stop();
    server = null;
    expect(await containersOf(data.dataDir)).to.deep.equal([]);
  });

  it('keeps its memory, its descriptors and its containers over many short runs', async () => {
    const client = await begin({ VED_RUN_ISOLATION: 'lane' });
    const script = await addScript(client, 'print("short")\n');
    const run = async () => {
      const { body } = await client('POST', `/api/execute/${script}`, { source: 'draft' });
      expect(body, JSON.stringify(body)).to.include({ status: 'succeeded', stdout: 'short\n' });
      return body;
    };
    const runMany = async (count: number) => {
      for (let done = 0; done < count; done += 2) await Promise.all([run(), run()]);
    };
    await runMany(RUNS * WARM_UP);
    const before = {
      resident: residentBytes(server!.pid),
      descriptors: descriptors(server!.pid),
      containers: (await containersOf(data.dataDir)).length,
    };
    await runMany(RUNS * (1 - WARM_UP));
    // The record of each says which way it was kept apart from others.
    const { isolation, reused } = await run();
    expect(isolation).to.include('proved clean');
    expect(reused).to.equal(true);
    expect(descriptors(server!.pid)).to.be.at.most(before.descriptors + 4);
    expect((await containersOf(data.dataDir)).length).to.be.at.most(before.containers + 2);
    // A short life is still growing into its heap.
    const drift = residentBytes(server!.pid) / before.resident - 1;
    expect(drift, `memory grew by ${Math.round(drift * 100)} %`).to.be.at.most(RUNS >= 2000 ? 0.1 : 0.4);
    await server!.stop();
    server = null;
    expect(await containersOf(data.dataDir)).to.deep.equal([]);
  });

  it('answers for its health within 100 ms while eight scripts burn', async () => {
    const client = await begin({ VED_RUN_CONCURRENCY: '8', VED_POOL_SIZE: '8' });
    const script = await addScript(client, 'print("up", flush=True)\nwhile True: pass\n');
    const runs: number[] = [];
    for (let burning = 0; burning < 8; burning += 1) runs.push(await start(client, script));
    for (const run of runs) await until(() => hasWritten(client, run, 'up'), `run ${run} burns`);
    const took: number[] = [];
    for (let asked = 0; asked < 60; asked += 1) {
      const begun = performance.now();
      expect((await client('GET', '/api/health')).body.status).to.equal('ok');
      took.push(performance.now() - begun);
    }
    const median = took.sort((a, b) => a - b)[took.length / 2]!;
    expect(median).to.be.below(100);
    for (const run of runs) await client('POST', `/api/runs/${run}/cancel`);
  });
});
