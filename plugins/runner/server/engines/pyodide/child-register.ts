/**
 * Keeps a file for each child that lives, so that the next life of the server
 * finds those that outlived this one. A child ends by itself when the server
 * does; this is for the one that could not.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceFile } from '../source-file.ts';
import { readCommandLine } from './process-table.ts';

export class ChildRegister {
  readonly #folder: string;

  constructor(cacheDir: string) {
    this.#folder = join(cacheDir, 'children');
  }

  async add(pid: number): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(join(this.#folder, String(pid)), '');
  }

  async remove(pid: number): Promise<void> {
    await rm(join(this.#folder, String(pid)), { force: true });
  }

  /** Ends what is still there of those that were added. A process that has merely been given the same id is left alone. */
  async reap(): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const pid = Number(name);
      if (Number.isInteger(pid) && readCommandLine(pid)?.includes(sourceFile('pyodide', 'child.mjs'))) process.kill(pid, 'SIGKILL');
      await rm(join(this.#folder, name), { force: true });
    }
  }
}
