/**
 * Keeps a file for each running child, so that the next server process finds those
 * that outlived this one. Normally a child ends by itself when the server does.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCommandLine } from './process-table.ts';

export class ChildRegister {
  private readonly cacheDir: string;
  private readonly folder: string;
  /** Children of this server process. */
  private readonly own = new Set<number>();

  constructor(cacheDir: string) {
    this.cacheDir = cacheDir;
    this.folder = join(cacheDir, 'children');
  }

  async add(pid: number): Promise<void> {
    this.own.add(pid);
    await mkdir(this.folder, { recursive: true });
    await writeFile(join(this.folder, String(pid)), '');
  }

  async remove(pid: number): Promise<void> {
    this.own.delete(pid);
    await rm(join(this.folder, String(pid)), { force: true });
  }

  /**
   * Kills children of previous server processes. A process that merely has the same id is left alone:
   * the command line of a child contains the folder.
   */
  async reap(): Promise<void> {
    for (const name of await readdir(this.folder).catch(() => [])) {
      const pid = Number(name);
      if (this.own.has(pid)) continue;
      if (Number.isInteger(pid) && readCommandLine(pid)?.includes(this.cacheDir)) process.kill(pid, 'SIGKILL');
      await rm(join(this.folder, name), { force: true });
    }
  }
}
