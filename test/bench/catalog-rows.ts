/** Rows about the catalog: a durable save, and the list. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type SignedIn, signedIn, startServerProcess, temporaryDataDir } from '../support/server-process.ts';
import { median, quantile } from '../support/statistics.ts';
import { inTurns, type Measurement, type Row, timed } from './row.ts';

/** Fills a catalog through the API; returns the ids. */
export async function fillCatalog(client: SignedIn, count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let index = 0; index < count; index++) {
    const made = await client('POST', '/api/scripts', { content: `"""Script ${index}."""\nprint(${index})\n` });
    if (made.status !== 201) throw new Error(`could not create script ${index}: ${made.status} ${JSON.stringify(made.body)}`);
    ids.push(made.body.id);
  }
  return ids;
}

/** A bare repository of `count` scripts in which git creates commits with plumbing commands, each object and ref flushed to disk. */
function gitBaseline(count: number): { save(round: number): void; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'ved-bench-git-'));
  const git = (args: string[], input?: string) =>
    execFileSync(
      'git',
      [
        '--git-dir',
        folder,
        '-c',
        'core.fsync=loose-object,reference',
        '-c',
        'core.fsyncMethod=fsync',
        '-c',
        'user.name=u',
        '-c',
        'user.email=u@x',
        ...args,
      ],
      {
        input,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    ).trim();
  execFileSync('git', ['init', '-q', '--bare', '-b', 'ed1', folder]);
  const stream = ['commit refs/heads/ed1\ncommitter u <u@x> 1700000000 +0000\ndata 4\ninit\n'];
  for (let index = 0; index < count; index++) {
    const text = `print(${index})\n`;
    stream.push(`M 100644 inline ${index + 1}.py\ndata ${text.length}\n${text}\n`);
  }
  spawnSync('git', ['--git-dir', folder, 'fast-import', '--quiet', '--force'], { input: `${stream.join('')}\n` });
  return {
    save: (round) => {
      const file = `${(round % 5) + 1}.py`;
      const parent = git(['rev-parse', 'refs/heads/ed1']);
      const blob = git(['hash-object', '-w', '--stdin'], `print(${round}, "changed")\n`);
      const lines = git(['ls-tree', parent])
        .split('\n')
        .map((line) => (line.endsWith(`\t${file}`) ? `100644 blob ${blob}\t${file}` : line));
      const tree = git(['mktree'], `${lines.join('\n')}\n`);
      const commit = git(['commit-tree', tree, '-p', parent, '-m', 'save']);
      git(['update-ref', 'refs/heads/ed1', commit, parent]);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function saveRow(scripts: number): () => Promise<Measurement> {
  return async () => {
    const data = temporaryDataDir();
    const server = await startServerProcess(data.dataDir);
    const git = gitBaseline(scripts);
    try {
      const client = await signedIn(server.url);
      const ids = await fillCatalog(client, scripts);
      const save = async (round: number) => {
        const saved = await client('PUT', `/api/scripts/${ids[round % 5]}`, { content: `print(${round}, "changed")\n` });
        if (saved.status !== 200) throw new Error(`a save was refused: ${JSON.stringify(saved.body)}`);
      };
      await inTurns(
        3,
        (round) => save(1000 + round),
        (round) => git.save(1000 + round),
      );
      const { ours, theirs } = await inTurns(30, save, git.save);
      return {
        ved: median(ours),
        baseline: median(theirs),
        unit: 'ms',
        value: median(ours) / median(theirs),
        more: { ved_p95_ms: quantile(ours, 0.95), baseline_p95_ms: quantile(theirs, 0.95), scripts },
      };
    } finally {
      await server.stop();
      data.remove();
      git.remove();
    }
  };
}

/** Rounds, each with its own start: of the first save and the nine after it. */
const STARTS = 9;

async function measureFirstSave(): Promise<Measurement> {
  const data = temporaryDataDir();
  try {
    const before = await startServerProcess(data.dataDir);
    const [id] = await fillCatalog(await signedIn(before.url), 50);
    await before.stop();
    const [first, later]: [number[], number[]] = [[], []];
    for (let round = 0; round < STARTS; round++) {
      const server = await startServerProcess(data.dataDir);
      const client = await signedIn(server.url);
      const save = (turn: number) =>
        timed(async () => {
          const saved = await client('PUT', `/api/scripts/${id}`, { content: `print(${round}, ${turn})\n` });
          if (saved.status !== 200) throw new Error(`a save was refused: ${JSON.stringify(saved.body)}`);
        });
      first.push(await save(0));
      for (let turn = 1; turn < 10; turn++) later.push(await save(turn));
      await server.stop();
    }
    return {
      ved: median(first),
      baseline: median(later),
      unit: 'ms',
      value: median(first) / median(later),
      more: { slowest_ms: Math.max(...first) },
    };
  } finally {
    data.remove();
  }
}

/** Requests per second that one URL answers over four keep-alive connections, during `durationMs`. */
async function rate(url: string, headers: Record<string, string>, durationMs: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const once = () =>
    new Promise<void>((done, failed) => {
      request(url, { agent, headers }, (response) => {
        if (response.statusCode !== 200) failed(new Error(`${url} answered ${response.statusCode}`));
        response.on('end', done).resume();
      })
        .on('error', failed)
        .end();
    });
  let answered = 0;
  const end = performance.now() + durationMs;
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      while (performance.now() < end) {
        await once();
        answered++;
      }
    }),
  );
  agent.destroy();
  return (answered / (performance.now() - startedMs)) * 1000;
}

/** Bare node http and sqlite3 with the same query, in its own process. */
const BARE_LIST = `
import http from 'node:http';
import sqlite3 from 'sqlite3';
const db = new sqlite3.Database(process.argv[2], sqlite3.OPEN_READONLY);

http.createServer((_, response) => db.all('SELECT * FROM catalog_scripts WHERE deleted_at IS NULL ORDER BY ordering', (error, rows) => {
  if (error) { response.statusCode = 500; return response.end(String(error)); }
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(rows));
})).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

async function startBareList(dataDir: string): Promise<{ url: string; process: ChildProcess }> {
  const script = join(import.meta.dirname, `../../build/bare-list-${process.pid}.mjs`);
  writeFileSync(script, BARE_LIST);
  const child = spawn(process.execPath, [script, join(dataDir, 'ved.sqlite')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  rmSync(script);
  return { url: `http://127.0.0.1:${port}/`, process: child };
}

async function measureList(): Promise<Measurement> {
  const data = temporaryDataDir();
  const server = await startServerProcess(data.dataDir);
  try {
    const client = await signedIn(server.url);
    await fillCatalog(client, 50);
    const { cookie } = client;
    const bare = await startBareList(data.dataDir);
    const ours: number[] = [];
    const theirs: number[] = [];
    try {
      for (let round = 0; round < 5; round++) {
        theirs.push(await rate(bare.url, {}, 1000));
        ours.push(await rate(`${server.url}/api/scripts`, { cookie }, 1000));
      }
    } finally {
      bare.process.kill();
    }
    return { ved: median(ours), baseline: median(theirs), unit: 'per second', value: median(ours) / median(theirs) };
  } finally {
    await server.stop();
    data.remove();
  }
}

const withoutGit = async () => (spawnSync('git', ['--version']).status === 0 ? null : 'git is not on this machine');

export const catalogRows: Row[] = [
  {
    id: 'save',
    what: 'a save (git + SQLite, durable) at 1,000 scripts',
    baseline: 'git’s own plumbing with fsync',
    reach: { atMost: 0.4 },
    skip: withoutGit,
    measure: saveRow(1000),
  },
  {
    id: 'first-save',
    what: 'the first save after a start, as soon as somebody has signed in',
    baseline: 'the nine saves after it',
    reach: { atMost: 3 },
    measure: measureFirstSave,
  },
  {
    id: 'list',
    what: 'GET /api/scripts, 50 scripts, signed in',
    baseline: 'bare node http + sqlite3 of the same query',
    reach: { atLeast: 1 },
    measure: measureList,
  },
];
