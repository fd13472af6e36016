/**
 * The Python that runs are compared with: the fastest `python3` of this
 * machine. The first on the PATH may be a script that looks for an interpreter,
 * or have hooks from other software, and would make anything look fast.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { median } from '../support/statistics.ts';

let fastest: string | null | undefined;

/** The program's path, or null when there is none. */
function findPython(): string | null {
  if (fastest === undefined) {
    const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'python3'));
    const timed = onPath.filter((path) => existsSync(path)).map((path) => ({ path, startMs: startOf(path) }));
    fastest = timed.sort((a, b) => a.startMs - b.startMs)[0]?.path ?? null;
  }
  return fastest;
}

function startOf(path: string): number {
  const samples = Array.from({ length: 5 }, () => {
    const startedMs = performance.now();
    const { status } = spawnSync(path, ['-c', '0']);
    return status === 0 ? performance.now() - startedMs : Number.POSITIVE_INFINITY;
  });
  return median(samples);
}

/** Runs a file, and resolves with what it wrote once its output has ended. */
export async function barePython(file: string): Promise<string> {
  // Python's default for a pipe, without flushing each line.
  const env = { ...process.env, PYTHONUNBUFFERED: '' };
  const child = spawn(findPython()!, [file], { stdio: ['ignore', 'pipe', 'inherit'], env });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  await once(child, 'close');
  return text;
}

/** For `skip` of a row. */
export async function withoutPython(): Promise<string | null> {
  return findPython() === null ? 'python3 is not on this machine' : null;
}
