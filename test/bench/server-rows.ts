/** Rows about the server itself: how soon it is there, and what it weighs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
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
    await wait(3000); // what starts after listening has started
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

export const serverRows: Row[] = [
  {
    id: 'start',
    what: 'start to healthy, data of 1,000 scripts, after kill -9, in seconds',
    baseline: 'node -e 0',
    reach: { atMost: 1 },
    measure: measureStart,
  },
  {
    id: 'memory',
    what: 'idle memory of the server, pool apart',
    baseline: 'bare koa',
    reach: { atMost: 2.5 },
    skip: async () => (process.platform === 'linux' ? null : 'resident memory is read from /proc'),
    measure: measureMemory,
  },
];
