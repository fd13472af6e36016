import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { openDatabase } from '@ved/core/server';
import { expect } from 'chai';
import { build } from 'esbuild';
import { Agent } from '../../../test/support/agent.ts';
import { exhaustive } from '../../../test/support/exhaustive.ts';
import { importBody } from './exchange/import-requests.ts';
import { create, ok } from './support/catalog-server.ts';

/** For a night: `VED_TEST_KILL_ROUNDS=200`. */
const ROUNDS = Number(process.env.VED_TEST_KILL_ROUNDS ?? 12);
/** A round takes a second; twenty times as long on a busy machine. */
const ROUND_LIMIT_MS = 20_000;
/** Scripts per import. */
const IMPORTED = 25;
/** A process that lives for a second ends before its Python parser is optimised. */
const SHORT_LIVED = ['--liftoff-only', '--no-wasm-dynamic-tiering'];
const ROOT = resolve(import.meta.dirname, '../../..');

interface Acknowledged {
  readonly scriptId: number;
  readonly versionId: number;
  readonly label: string;
  readonly content: string;
  readonly commit: string;
}

describe('a server that is killed while it saves', function () {
  this.timeout(60_000 + ROUNDS * ROUND_LIMIT_MS);
  let dataDir = '';
  let bundle = '';
  let running: ChildProcess | null = null;

  before(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'ved-catalog-crash-'));
    // Bundled, so that each of the many processes starts quickly; inside the repository, so that it finds sqlite3.
    mkdirSync(join(ROOT, 'build'), { recursive: true });
    bundle = mkdtempSync(join(ROOT, 'build/catalog-crash-'));
    await build({
      absWorkingDir: ROOT,
      entryPoints: {
        'catalog-process': 'plugins/catalog/test/support/catalog-process.ts',
      },
      outdir: bundle,
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      external: ['sqlite3', 'knex'],
      banner: {
        js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url); const __dirname = import.meta.dirname;",
      },
    });
  });
  after(() => {
    running?.kill('SIGKILL');
    for (const folder of [dataDir, bundle]) rmSync(folder, { recursive: true, force: true });
  });

  /** On a free port, or on the given one, so that a session stays valid. */
  async function startProcess(port = '0'): Promise<{ child: ChildProcess; url: string }> {
    const child = spawn(process.execPath, [...SHORT_LIVED, join(bundle, 'catalog-process.js'), dataDir, port], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running = child;
    const [url] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
    return { child, url };
  }

  async function signIn(url: string): Promise<Agent> {
    const agent = new Agent(url);
    await ok(agent.post('/api/auth/login', { username: 'ed1', password: '1editor' }));
    return agent;
  }

  const git = (...args: string[]) =>
    execFileSync('git', ['-C', join(dataDir, 'scripts.git'), ...args], { encoding: 'utf8', stdio: 'pipe' });

  /** Saves, creates and merges scripts and takes them off prod, several in parallel, until the server dies. */
  async function work(
    agent: Agent,
    scripts: readonly number[],
    round: number,
    onAcknowledged: (saved: Acknowledged) => void,
  ): Promise<void> {
    const keep = (detail: Awaited<ReturnType<typeof ok>>): void =>
      onAcknowledged({
        scriptId: detail.id,
        versionId: detail.version.id,
        label: `${detail.version.major}.${detail.version.minor}`,
        content: detail.content,
        commit: detail.version.git_commit_hash,
      });
    const saveForever = async (id: number): Promise<void> => {
      for (let i = 0; ; i += 1) {
        keep(await ok(agent.put(`/api/scripts/${id}`, { content: `script_${id} = "${round}.${i}"\n` })));
        if (i % 3 === 1) await ok(agent.post(`/api/scripts/${id}/merge`));
        if (i % 5 === 4) await ok(agent.post(`/api/scripts/${id}/unpublish`));
      }
    };
    const createForever = async (): Promise<void> => {
      for (let i = 0; ; i += 1) keep(await create(agent, { content: `made_${round} = ${i}\n` }));
    };
    await Promise.allSettled([...scripts.map(saveForever), createForever()]);
  }

  /** Every version and prod, as in git and as in SQLite, in the same format. */
  async function bothSides(): Promise<
    Record<'inGit' | 'inSqlite' | 'prodInGit' | 'prodInSqlite' | 'onProdInGit' | 'onProdInSqlite', string[]>
  > {
    const db = openDatabase(join(dataDir, 'ved.sqlite'));
    try {
      const versions = await db('catalog_versions').select('script_id', 'major', 'minor', 'git_commit_hash');
      const merges = await db('catalog_merges as m')
        .join('catalog_versions as v', 'v.id', 'm.version_id')
        .select('m.script_id', 'v.major', 'v.minor', 'm.git_commit_hash');
      const told = (rows: typeof versions) => rows.map((row) => `${row.git_commit_hash} ${row.script_id}@${row.major}.${row.minor}`).sort();
      const heads = git('for-each-ref', '--format=%(refname:short)', 'refs/heads').split('\n');
      const commits = (branch: string) =>
        !heads.includes(branch)
          ? []
          : git('log', '--format=%H %(trailers:key=Ved-Version,valueonly,separator=)', '--first-parent', branch).trim().split('\n').sort();
      const onProd: { script_id: number; content: string }[] = await db('catalog_prod').select('script_id', 'content');
      const files = heads.includes('prod') ? git('ls-tree', '--name-only', 'prod').split('\n').filter(Boolean) : [];
      return {
        inGit: commits('ed1'),
        inSqlite: told(versions),
        prodInGit: commits('prod'),
        prodInSqlite: told(merges),
        onProdInGit: files.map((file) => `${file} ${git('show', `prod:${file}`)}`).sort(),
        onProdInSqlite: onProd.map(({ script_id, content }) => `${script_id}.py ${content}`).sort(),
      };
    } finally {
      await db.destroy();
    }
  }

  /** After a start: both agree on every version and on prod, no number exists twice, and git fsck finds nothing. */
  async function expectAgreement(when: string): Promise<void> {
    const { inGit, inSqlite, prodInGit, prodInSqlite, onProdInGit, onProdInSqlite } = await bothSides();
    expect(inSqlite, when).to.deep.equal(inGit);
    expect(prodInSqlite, when).to.deep.equal(prodInGit);
    expect(onProdInSqlite, when).to.deep.equal(onProdInGit);
    const labels = inSqlite.map((line) => line.slice(41));
    expect(new Set(labels).size, when).to.equal(labels.length);
    git('fsck', '--strict', '--no-dangling');
  }

  exhaustive.it('loses nothing that it acknowledged, uses no number twice, and keeps git and SQLite consistent (V17)', async () => {
    const acknowledged: Acknowledged[] = [];
    const first = await startProcess();
    let { child } = first;
    const { port } = new URL(first.url);
    const agent = await signIn(first.url);
    const scripts: number[] = [];
    for (const i of [1, 2, 3]) scripts.push((await create(agent, { content: `first_${i} = 0\n` })).id);
    for (let round = 0; round < ROUNDS; round += 1) {
      let count = 0;
      const enough = 3 + (round % 5);
      const died = once(child, 'exit');
      await work(agent, scripts, round, (saved) => {
        acknowledged.push(saved);
        count += 1;
        // A little later each round, so that the kill hits every step of a save.
        if (count === enough) setTimeout(() => child.kill('SIGKILL'), round % 9);
      });
      await died;
      ({ child } = await startProcess(port));
      await expectAgreement(`after round ${round}`);
    }
    for (const { scriptId, versionId, label, content, commit } of acknowledged) {
      const detail = await ok(agent.get(`/api/scripts/${scriptId}?version=${versionId}`));
      expect([`${detail.version.major}.${detail.version.minor}`, detail.content, detail.version.git_commit_hash]).to.deep.equal([
        label,
        content,
        commit,
      ]);
    }
    const died = once(child, 'exit');
    child.kill('SIGTERM');
    await died;
    await expectAgreement('after it stopped');
  });

  exhaustive.it('keeps all of an import or nothing of it (X1)', async () => {
    const first = await startProcess();
    const { port } = new URL(first.url);
    const agent = await signIn(first.url);
    let { child } = first;
    const bring = (round: number) =>
      agent.post('/api/import', importBody(Array.from({ length: IMPORTED }, (_, i) => [`${i}.py`, `imported_${round} = ${i}\n`] as const)));
    const begun = performance.now();
    await ok(bring(0), 201);
    const durationMs = performance.now() - begun;
    const counts: number[] = [];
    const rounds = Math.ceil(ROUNDS / 3);
    for (let round = 1; round <= rounds; round += 1) {
      const died = once(child, 'exit');
      const kill = setTimeout(() => child.kill('SIGKILL'), (durationMs * round) / rounds);
      const status = await bring(round).then(
        (answer) => answer.status,
        () => null,
      );
      if (status !== null) child.kill('SIGKILL');
      await died;
      clearTimeout(kill);
      ({ child } = await startProcess(port));
      const { length } = await ok(agent.get(`/api/scripts?q=imported_${round}%20`));
      counts.push(length);
      if (status === 201) expect(length).to.equal(IMPORTED);
    }
    expect(counts.filter((count) => count !== 0 && count !== IMPORTED)).to.deep.equal([]);
    git('fsck', '--strict', '--no-dangling');
    const died = once(child, 'exit');
    child.kill('SIGTERM');
    await died;
    const { inGit, inSqlite } = await bothSides();
    expect(inSqlite).to.deep.equal(inGit);
  });
});
