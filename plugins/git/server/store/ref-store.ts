/**
 * Branch heads, moved by compare-and-swap under git's own lock file, so that
 * real git and ved never overwrite each other. Loose refs win over packed ones.
 *
 * A lock is created by linking a staged, synced file to `X.lock`. That is atomic,
 * and a lock left by a killed server can be recognised as ved's because it shares
 * its inode with a staged file. Other programs' locks are waited for, never removed.
 */
import { link, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '@ved/core/contract';
import { translateDiskError } from './disk-error.ts';
import { hasCode, type Staging, syncFolder } from './durable-files.ts';
import { isBranch, isObjectId } from './names.ts';

/** How long a save waits for a branch that real git has locked. Git itself holds a lock for milliseconds. */
const LOCK_WAIT_MS = 5_000;
const LOCK_POLL_MS = 20;
const PACKED_LINE = /^([0-9a-f]{40}) refs\/heads\/(\S+)$/gm;

export class RefStore {
  private readonly heads: string;

  constructor(
    private readonly gitDir: string,
    private readonly staging: Staging,
    private readonly lockWaitMs = LOCK_WAIT_MS,
  ) {
    this.heads = join(gitDir, 'refs', 'heads');
  }

  /** The commit that a branch points to. Read from disk each time, since real git may have moved it. */
  async read(branch: string): Promise<string | null> {
    return (await this.readLoose(branch)) ?? (await this.readPacked()).get(branch) ?? null;
  }

  /** Every branch that ved could have created. */
  async list(): Promise<Map<string, string>> {
    const names = (await readdir(this.heads)).filter(isBranch);
    const loose = await Promise.all(names.map(async (name) => [name, await this.readLoose(name)] as const));
    const all = await this.readPacked();
    for (const [name, oid] of loose) if (oid !== null) all.set(name, oid);
    return new Map([...all].filter(([name]) => isBranch(name)).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private async readLoose(branch: string): Promise<string | null> {
    const text = await readFile(join(this.heads, branch), 'utf8').catch((error: unknown) => {
      // EISDIR: real git created a branch `branch/…` and left its folder.
      if (hasCode(error, 'ENOENT', 'EISDIR')) return null;
      throw error;
    });
    if (text === null) return null;
    const oid = text.trimEnd();
    if (!isObjectId(oid)) throw new Error(`the branch ${branch} of the scripts repository does not contain a commit id`);
    return oid;
  }

  private async readPacked(): Promise<Map<string, string>> {
    const text = await readFile(join(this.gitDir, 'packed-refs'), 'utf8').catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return '';
      throw error;
    });
    return new Map([...text.matchAll(PACKED_LINE)].map((match) => [match[2]!, match[1]!]));
  }

  /** Writes and syncs a head in advance, so that moving the branch to it needs no write. Use it for one `move`, then `discard` it. */
  prepare(oid: string): Promise<string> {
    return this.staging.write(`${oid}\n`);
  }

  async discard(prepared: string): Promise<void> {
    await unlink(prepared);
  }

  /**
   * Moves a branch durably from `expected` (null: it is new) to a prepared head. Returns false and leaves the
   * branch alone when it now points elsewhere. Throws Unavailable when another program holds its lock for too long.
   */
  async move(branch: string, expected: string | null, prepared: string): Promise<boolean> {
    const ref = join(this.heads, branch);
    const lock = `${ref}.lock`;
    await this.lock(branch, lock, prepared);
    let held = true;
    try {
      if ((await this.read(branch)) !== expected) return false;
      await rename(lock, ref);
      held = false;
      await syncFolder(this.heads);
      return true;
    } catch (error) {
      return translateDiskError(error);
    } finally {
      if (held) await unlink(lock);
    }
  }

  private async lock(branch: string, lock: string, prepared: string): Promise<void> {
    const deadline = performance.now() + this.lockWaitMs;
    for (;;) {
      try {
        return await link(prepared, lock);
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) translateDiskError(error);
        if (performance.now() > deadline) throw lockedError(branch, this.lockWaitMs, error);
      }
      await delay(LOCK_POLL_MS);
    }
  }

  /** Removes the locks left by previous server processes. Call it only while nothing writes, and before the staging folder is cleared. */
  async removeOwnStaleLocks(): Promise<string[]> {
    const staged = new Set(await Promise.all((await this.staging.list()).map(fileIdentity)));
    const locks = (await readdir(this.heads)).filter((name) => name.endsWith('.lock')).map((name) => join(this.heads, name));
    const ours: string[] = [];
    for (const lock of locks) if (staged.has(await fileIdentity(lock))) ours.push(lock);
    await Promise.all(ours.map((lock) => unlink(lock)));
    return ours;
  }
}

async function fileIdentity(path: string): Promise<string> {
  const { dev, ino } = await stat(path, { bigint: true });
  return `${dev}:${ino}`;
}

function lockedError(branch: string, waitedMs: number, cause: unknown): Unavailable {
  return new Unavailable(
    'git/branch-locked',
    `Another program has locked the branch ${branch} of the scripts repository (waited ${waitedMs / 1000} s). Try again; if no git command is running there, an administrator may remove the file refs/heads/${branch}.lock.`,
    { headers: { 'Retry-After': '5' }, data: { branch }, cause },
  );
}
