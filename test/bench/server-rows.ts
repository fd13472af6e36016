/** Rows about the server itself: its start-up time and its memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { answer, startModelServer } from '../support/model-server.ts';
import { signedIn, startServerProcess, temporaryDataDir } from '../support/server-process.ts';
import { median } from '../support/statistics.ts';
import { fillCatalog } from './catalog-rows.ts';
import { type Measurement, type Row, timed } from './row.ts';

async function measureStart(): Promise<Measurement> {
  const data = temporaryDataDir();
  try {
    const first = await startServerProcess(data.dataDir);
    await fillCatalog(await signedIn(first.url), 1000);
    await first.kill();
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < 7; round++) {
      theirs.push(await timed(() => once(spawn(process.execPath, ['-e', '0']), 'exit')));
      const server = await startServerProcess(data.dataDir);
      ours.push(server.healthyAfterMs);
      await server.kill();
    }
    return {
      ved: median(ours),
      baseline: median(theirs),
      unit: 'ms',
      value: median(ours) / 1000,
      more: { ratio_to_node: median(ours) / median(theirs) },
    };
  } finally {
    data.remove();
  }
}

/** Resident memory of a process in MiB, from the kernel. */
function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}

const BARE_KOA = `
import Koa from 'koa';
new Koa().use((ctx) => { ctx.body = 'ok'; }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

async function measureMemory(): Promise<Measurement> {
  const data = temporaryDataDir();
  const script = join(import.meta.dirname, `../../build/bare-koa-${process.pid}.mjs`);
  writeFileSync(script, BARE_KOA);
  const bare = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const server = await startServerProcess(data.dataDir, { NODE_ENV: 'production' });
  try {
    const [port] = (await once(createInterface({ input: bare.stdout! }), 'line')) as [string];
    await fetch(`http://127.0.0.1:${port}/`);
    await wait(3000); // until what starts after listening is running
    const ours = residentMiB(server.pid);
    const theirs = residentMiB(bare.pid!);
    return { ved: ours, baseline: theirs, unit: 'MiB', value: ours / theirs };
  } finally {
    bare.kill();
    rmSync(script);
    await server.stop();
    data.remove();
  }
}

/** The idle time after which a working session's memory must have been freed. */
const IDLE_MS = 5 * 60_000;
const [SCRIPTS, SAVES, QUESTIONS] = [30, 60, 10];

function longScript(script: number, edit: number): string {
  const lines = Array.from({ length: 120 }, (_, line) => `value_${line} = ${line} + ${edit}`);
  return [`"""Script ${script}"""`, ...lines, 'print(value_1)', ''].join('\n');
}

/** A person's requests of a working day, over HTTP like the page, while following live events. Resolves with a function that stops following. */
async function workForADay(url: string): Promise<() => Promise<void>> {
  const call = await signedIn(url);
  const leaving = new AbortController();
  const events = await fetch(`${url}/api/events`, { headers: { cookie: call.cookie }, signal: leaving.signal });
  const followed = events.body!.pipeTo(new WritableStream()).catch(() => undefined);
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await call(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const ids: number[] = [];
  for (let script = 0; script < SCRIPTS; script += 1) ids.push((await ask('POST', '/api/scripts', { content: longScript(script, 0) })).id);
  for (const id of ids) for (const part of ['', '/versions', '/blame']) await ask('GET', `/api/scripts/${id}${part}`);
  for (let edit = 1; edit <= SAVES; edit += 1) {
    const id = ids[edit % ids.length]!;
    await ask('PUT', `/api/scripts/${id}`, { content: longScript(id, edit) });
    await ask('POST', `/api/execute/${id}`, { source: 'draft' });
    await ask('GET', '/api/scripts');
  }
  for (let question = 0; question < QUESTIONS; question += 1)
    await ask('POST', '/api/llm/complete', { script_id: ids[0], prompt: `Question ${question}?`, context_code: longScript(0, 1) });
  return async () => {
    leaving.abort();
    await followed;
  };
}

async function measureSessionMemory(): Promise<Measurement> {
  const data = temporaryDataDir();
  const model = await startModelServer();
  for (let question = 0; question < QUESTIONS; question += 1) model.reply(answer(['Hello', ' there']));
  const server = await startServerProcess(data.dataDir, {
    NODE_ENV: 'production',
    OPENROUTER_API_KEY: 'bench',
    OPENROUTER_BASE_URL: model.baseUrl,
  });
  try {
    const fresh = residentMiB(server.pid);
    const leave = await workForADay(server.url);
    const busy = residentMiB(server.pid);
    await wait(IDLE_MS);
    const ours = residentMiB(server.pid);
    await leave();
    return { ved: ours, baseline: fresh, unit: 'MiB', value: ours, more: { right_after: busy } };
  } finally {
    await server.stop();
    await model.stop();
    data.remove();
  }
}

export const serverRows: Row[] = [
  {
    id: 'start',
    what: 'start to healthy, data of 1,000 scripts, after kill -9, in seconds',
    baseline: 'node -e 0',
    reach: { atMost: 0.7 },
    measure: measureStart,
  },
  {
    id: 'memory',
    what: 'idle memory of the server, pool apart',
    baseline: 'bare koa',
    reach: { atMost: 2 },
    skip: async () => (process.platform === 'linux' ? null : 'resident memory is read from /proc'),
    measure: measureMemory,
  },
  {
    id: 'session-memory',
    what: 'memory of the server after 30 scripts opened, 60 saves and runs, 10 questions and 5 idle minutes, in MiB',
    baseline: 'the same server just after its start',
    reach: { atMost: 220 },
    skip: async () => (process.platform === 'linux' ? null : 'resident memory is read from /proc'),
    measure: measureSessionMemory,
  },
];
