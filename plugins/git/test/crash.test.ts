import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { build } from 'esbuild';
import { exhaustive } from '../../../test/support/exhaustive.ts';
import { openRepository } from '../server/open-repository.ts';
import { fsck, git, needsGit } from './support/real-git.ts';

/** Set `VED_TEST_KILL_ROUNDS=200` for a longer test overnight. */
const ROUNDS = Number(process.env.VED_TEST_KILL_ROUNDS ?? 25);
/** A round takes half a second; a busy machine gets ten times that. */
const ROUND_LIMIT_MS = 5_000;

interface Acknowledged {
  readonly branch: string;
  readonly scriptId: number;
  readonly content: string;
  readonly commit: string;
}

exhaustive.describe('a server that is killed while it saves', function () {
  this.timeout(60_000 + ROUNDS * ROUND_LIMIT_MS);
  let folder = '';
  before(needsGit);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ved-crash-'));
    // Bundled into one file, so that each of the many processes starts quickly.
    await build({
      entryPoints: [join(import.meta.dirname, 'support/committing-process.ts')],
      outfile: join(folder, 'committing-process.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      // Only a queue of core is used; the dependencies of the rest are not bundled.
      external: ['knex', 'sqlite3'],
      logLevel: 'error',
    });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Runs the process until it has acknowledged some commits, kills it, and returns what it acknowledged. */
  async function killInMidSave(dataDir: string, round: number): Promise<Acknowledged[]> {
    const child = spawn(process.execPath, [join(folder, 'committing-process.cjs'), dataDir, String(round)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    const acknowledged: Acknowledged[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(JSON.parse(line) as Acknowledged);
      // At a different delay each round, so that every step of a commit gets interrupted.
      if (acknowledged.length === 5 + (round % 7)) setTimeout(() => child.kill('SIGKILL'), (round * 7) % 10);
    }
    await ended;
    expect(child.signalCode).to.equal('SIGKILL');
    return acknowledged;
  }

  it('loses no acknowledged commit, and leaves a valid repository without locks', async () => {
    const dataDir = join(folder, 'data');
    const all: Acknowledged[] = [];
    await openRepository(await makeFolder(dataDir)).then((opened) => opened.close());
    for (let round = 0; round < ROUNDS; round += 1) {
      all.push(...(await killInMidSave(dataDir, round)));
      const opened = await openRepository(dataDir);
      fsck(opened.gitDir);
      expect(readdirSync(join(opened.gitDir, 'refs/heads')).sort()).to.deep.equal(['ed1', 'ed2', 'prod']);
      expect(readdirSync(join(opened.gitDir, 'ved-staging'))).to.deep.equal([]);
      const reachable = new Set(git(opened.gitDir, ['rev-list', '--branches']).split('\n'));
      expect(all.filter(({ commit }) => !reachable.has(commit))).to.deep.equal([]);
      const newest = all.at(-1)!;
      expect(await opened.repository.read(newest.commit, newest.scriptId)).to.equal(newest.content);
      await opened.close();
    }
    expect(all.length).to.be.at.least(ROUNDS * 5);
  });

  it('leaves the locks of other programs in place', async () => {
    const dataDir = await makeFolder(join(folder, 'foreign'));
    const first = await openRepository(dataDir);
    await first.close();
    const lock = join(first.gitDir, 'refs/heads/prod.lock');
    await writeFile(lock, 'of another program');
    const second = await openRepository(dataDir);
    expect(second.removedLocks).to.deep.equal([]);
    expect(await readFile(lock, 'utf8')).to.equal('of another program');
    await second.close();
  });
});

async function makeFolder(path: string): Promise<string> {
  await mkdir(path);
  return path;
}
