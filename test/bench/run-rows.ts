/** Rows about running scripts, each compared with the Python of this machine. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Engine, Exit, PassDetail } from '@ved/runner/contract';
import { createDockerEngine, createPyodideEngine } from '../../plugins/runner/server/engines/index.ts';
import { type ServerProcess, type SignedIn, signedIn, startServerProcess, temporaryDataDir } from '../support/server-process.ts';
import { median, quantile } from '../support/statistics.ts';
import { barePython, withoutPython } from './bare-python.ts';
import { type Measurement, type Row, shared, timed } from './row.ts';

const IMAGE = 'python:3.14-slim';
const HELLO = 'print("hello")\n';
const LINES = 'for i in range(100_000): print(i)\n';
const ROUNDS = 25;
/** Long enough for a pool to have a fresh one ready, so that a run is measured and not the refill. Starting an interpreter takes a second on a slow machine. */
const REFILL_MS = { container: 900, interpreter: 2000 };

const silent = { warn: () => undefined, info: () => undefined, debug: () => undefined };

function withScript<T>(script: string, work: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'ved-bench-script-'));
  const file = join(folder, 'script.py');
  writeFileSync(file, script);
  return work(file).finally(() => rmSync(folder, { recursive: true, force: true }));
}

const withHelloFile = <T>(work: (file: string) => Promise<T>): Promise<T> => withScript(HELLO, work);

async function runOnce(engine: Engine, script: string): Promise<Exit> {
  const job = {
    runId: 1,
    script: Buffer.from(script),
    input: new Uint8Array(),
    limits: { timeoutMs: 30_000, memoryBytes: 256 * 1024 * 1024, cpus: 0.5, outputBytes: 64 * 1024 * 1024 },
    signal: new AbortController().signal,
    lane: 'bench',
  };
  for await (const event of engine.run(job)) if (event.type === 'exit') return event;
  throw new Error('the run reported no exit');
}

async function measureEngine(engine: Engine, refillMs: number, script = HELLO, rounds = ROUNDS): Promise<Measurement> {
  try {
    await engine.probe();
    return await withScript(script, async (file) => {
      const hello = async () => {
        const exit = await runOnce(engine, script);
        if (exit.status !== 'succeeded') throw new Error(`the script ended as ${exit.status}: ${exit.reason}`);
      };
      for (let round = 0; round < 3; round++) await hello();
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < rounds; round++) {
        await wait(refillMs);
        theirs.push(await timed(() => barePython(file)));
        ours.push(await timed(hello));
      }
      return {
        ved: median(ours),
        baseline: median(theirs),
        unit: 'ms',
        value: median(ours) / median(theirs),
        more: { ved_p95_ms: quantile(ours, 0.95), baseline_p95_ms: quantile(theirs, 0.95) },
      };
    });
  } finally {
    await engine.close();
  }
}

async function measureDockerEngine(): Promise<Measurement> {
  const size = { memoryBytes: 256 * 1024 * 1024, cpus: 0.5 };
  return measureEngine(
    createDockerEngine({
      interpreters: [{ name: null, image: IMAGE }],
      owner: `bench-${process.pid}`,
      poolSize: 4,
      packages: { index: 'http://127.0.0.1:1/simple', network: 'none' },
      size,
      log: silent,
    }),
    REFILL_MS.container,
  );
}

async function measurePyodideEngine(script = HELLO, rounds = ROUNDS): Promise<Measurement> {
  const { dataDir, remove } = temporaryDataDir();
  try {
    const engine = createPyodideEngine({ cacheDir: join(dataDir, 'pyodide'), poolSize: 2, packagesDir: null, log: silent });
    return await measureEngine(engine, REFILL_MS.interpreter, script, rounds);
  } finally {
    remove();
  }
}

/** Creates a script on prod through the API. */
async function onProd(client: SignedIn, content: string, orderingNumber?: number): Promise<number> {
  const made = await client('POST', '/api/scripts', { content, ordering_number: orderingNumber });
  if (made.status !== 201) throw new Error(`could not create script ${orderingNumber}: ${JSON.stringify(made.body)}`);
  const merged = await client('POST', `/api/scripts/${made.body.id}/merge`, { allow_duplicate: true });
  if (merged.status !== 200) throw new Error(`could not merge: ${JSON.stringify(merged.body)}`);
  return made.body.id;
}

async function withServer<T>(env: Record<string, string>, work: (client: SignedIn, server: ServerProcess) => Promise<T>): Promise<T> {
  const { dataDir, remove } = temporaryDataDir();
  const server = await startServerProcess(dataDir, env);
  try {
    return await work(await signedIn(server.url), server);
  } finally {
    await server.stop();
    remove();
  }
}

function plainDockerRun(file: string): void {
  execFileSync('docker', [
    'run',
    '--rm',
    '--network',
    'none',
    '--memory',
    '256m',
    '--cpus',
    '0.5',
    '-v',
    `${file}:/script.py:ro`,
    IMAGE,
    'python3',
    '/script.py',
  ]);
}

const measureExecute = shared(() =>
  withServer({ VED_RUNNER: 'docker' }, (client) =>
    withHelloFile(async (file) => {
      const id = await onProd(client, HELLO);
      const execute = async () => {
        const { status, body } = await client('POST', `/api/execute/${id}`, {});
        if (status !== 200 || body.status !== 'succeeded') throw new Error(`hello ended as ${JSON.stringify(body)}`);
      };
      for (let round = 0; round < 3; round++) await execute();
      const ours: number[] = [];
      const bare: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        await wait(REFILL_MS.container);
        bare.push(await timed(() => barePython(file)));
        ours.push(await timed(execute));
      }
      const docker: number[] = [];
      for (let round = 0; round < 7; round++) docker.push(await timed(() => plainDockerRun(file)));
      const ved = median(ours);
      const besideBare: Measurement = {
        ved,
        baseline: median(bare),
        unit: 'ms',
        value: ved / median(bare),
        more: { ved_p95_ms: quantile(ours, 0.95) },
      };
      const besideDocker: Measurement = { ved, baseline: median(docker), unit: 'ms', value: ved / median(docker) };
      return { besideBare, besideDocker };
    }),
  ),
);

/** Runs `work` `count` times, `lanes` in parallel; returns runs per second. */
async function rateOf(count: number, lanes: number, work: () => Promise<unknown>): Promise<number> {
  let left = count;
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (left-- > 0) await work();
    }),
  );
  return (count / (performance.now() - startedMs)) * 1000;
}

/** Follows it as the workspace does, because polling for everything would be measured too. */
async function passOf(client: SignedIn, { url }: ServerProcess): Promise<{ durationMs: number; longestMs: number; failed: number }> {
  const { body } = await client('POST', '/api/passes', {});
  const events = await fetch(`${url}/api/passes/${body.pass_id}/events?output=false`, { headers: { cookie: client.cookie } });
  // The events end with the pass.
  await events.text();
  const pass: PassDetail = (await client('GET', `/api/passes/${body.pass_id}`)).body;
  return {
    durationMs: Date.parse(pass.finished_at!) - Date.parse(pass.started_at!),
    longestMs: sum(pass.groups.map(({ runs }) => Math.max(...runs.map((run) => run.duration_ms ?? 0)))),
    failed: pass.counts.failed,
  };
}

/** With one container per run, Docker's create and remove are the limit; within a pass, containers can be reused after they are cleaned and verified. */
const LANES = { VED_RUNNER: 'docker', VED_RUN_ISOLATION: 'lane', VED_RUN_CPUS: '1' };

async function measureSustained(): Promise<Measurement> {
  const lanes = 2;
  return withServer({ ...LANES, VED_RUN_CONCURRENCY: String(lanes) }, (client, server) =>
    withHelloFile(async (file) => {
      for (let index = 0; index < 200; index++) await onProd(client, `print("hello ${index}")\n`, (1000 + index) / 100);
      const bare = await rateOf(200, lanes, () => barePython(file));
      const { durationMs, failed } = await passOf(client, server);
      if (failed > 0) throw new Error(`${failed} of 200 failed`);
      const ours = 200_000 / durationMs;
      return { ved: ours, baseline: bare, unit: 'per second', value: ours / bare };
    }),
  );
}

/** Compared with the longest run of each group, as timed by its engine; the time of four parallel bare Pythons per group is recorded too. */
async function measurePass(): Promise<Measurement> {
  const env = { ...LANES, VED_RUN_CONCURRENCY: '4', VED_POOL_SIZE: '8' };
  const sleep = 'import time\ntime.sleep(0.1)\n';
  return withServer(env, (client, server) =>
    withScript(sleep, async (file) => {
      for (let group = 1; group <= 5; group++)
        for (let index = 1; index <= 4; index++) await onProd(client, `${sleep}print(${group}, ${index})\n`, (group * 100 + index) / 100);
      const [ours, longest, bare]: number[][] = [[], [], []];
      for (let round = 0; round < 5; round++) {
        await wait(3000);
        bare!.push(5 * (await timed(() => Promise.all([1, 2, 3, 4].map(() => barePython(file))))));
        const { durationMs, longestMs, failed } = await passOf(client, server);
        if (failed > 0) throw new Error(`${failed} of 20 failed`);
        ours!.push(durationMs);
        longest!.push(longestMs);
      }
      const [ved, baseline] = [median(ours!), median(longest!)];
      return { ved, baseline, unit: 'ms', value: ved / baseline, more: { bare_ms: median(bare!), slept_ms: 500 } };
    }),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

const withoutDocker = async () =>
  (await withoutPython()) ??
  (spawnSync('docker', ['image', 'inspect', IMAGE]).status === 0 ? null : `no Docker engine with the image ${IMAGE} on this machine`);

export const runRows: Row[] = [
  {
    id: 'docker',
    what: 'print("hello"), warm Docker pool, engine level, to exit',
    baseline: 'bare python3 hello.py',
    reach: { atMost: 0.5 },
    skip: withoutDocker,
    measure: measureDockerEngine,
  },
  {
    id: 'execute',
    what: 'the same through POST /api/execute/:id',
    baseline: 'bare python3 hello.py',
    reach: { atMost: 1 },
    skip: withoutDocker,
    measure: async () => (await measureExecute()).besideBare,
  },
  {
    id: 'execute-run',
    what: 'the same through POST /api/execute/:id',
    baseline: 'docker run with the plain flags',
    reach: { atMost: 0.06 },
    skip: withoutDocker,
    measure: async () => (await measureExecute()).besideDocker,
  },
  {
    id: 'embedded',
    what: 'the same, embedded engine, warm',
    baseline: 'bare python3 hello.py',
    reach: { atMost: 0.5 },
    skip: withoutPython,
    measure: () => measurePyodideEngine(),
  },
  {
    id: 'embedded-lines',
    what: '100,000 lines printed, embedded engine, warm',
    baseline: 'bare python3 with the same lines into a pipe',
    reach: { atMost: 10 },
    skip: withoutPython,
    measure: () => measurePyodideEngine(LINES, 9),
  },
  {
    id: 'sustained',
    what: '200 short scripts in one pass, Docker, lanes, sustained',
    baseline: 'bare python3 at the same concurrency',
    reach: { atLeast: 0.7 },
    skip: withoutDocker,
    measure: measureSustained,
  },
  {
    id: 'pass',
    what: 'a pass of 5 groups × 4 scripts of sleep(0.1), Docker, lanes',
    baseline: 'the longest run of each group, together',
    reach: { atMost: 1.15 },
    skip: withoutDocker,
    measure: measurePass,
  },
];
