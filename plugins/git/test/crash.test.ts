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

/** More of them are worth a night: `VED_TEST_KILL_ROUNDS=200`. */
const ROUNDS = Number(process.env.VED_TEST_KILL_ROUNDS ?? 25);
/** A round takes half a second; a busy machine is given ten times that. */
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
    // One file, so that each of the many processes is up in no time.
    await build({
      entryPoints: [join(import.meta.dirname, 'support/committing-process.ts')],
      outfile: join(folder, 'committing-process.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      // Of the core only a queue is used; what the rest of it needs is left where it is.
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
      // A little later each round, so that the blow falls into every step of a commit.
      if (acknowledged.length === 5 + (round % 7)) setTimeout(() => child.kill('SIGKILL'), (round * 7) % 10);
    }
    await ended;
    expect(child.signalCode).to.equal('SIGKILL');
    return acknowledged;
  }

  it('loses nothing that it acknowledged, and leaves a sound repository without locks', async () => {
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

  it('leaves a lock of another program alone', async () => {
    const dataDir = await makeFolder(join(folder, 'foreign'));
    const first = await openRepository(dataDir);
    await first.close();
    const lock = join(first.gitDir, 'refs/heads/prod.lock');
    await writeFile(lock, 'of someone else');
    const second = await openRepository(dataDir);
    expect(second.removedLocks).to.deep.equal([]);
    expect(await readFile(lock, 'utf8')).to.equal('of someone else');
    await second.close();
  });
});

async function makeFolder(path: string): Promise<string> {
  await mkdir(path);
  return path;
}
