/** Information about a process by its id: from /proc on Linux, elsewhere from ps. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The page size on Linux, except on a few ARM machines, where the watchdog is then too lax by a factor of 4 or 16. */
const PAGE_BYTES = 4096;

/** Resident memory in bytes, or null without /proc: calling ps each time would be too expensive. */
export function readRss(pid: number): number | null {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1];
    return Number(pages) * PAGE_BYTES;
  } catch {
    return null;
  }
}

/** The command line of a process, or null if there is none with that id. */
export function readCommandLine(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    try {
      return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    } catch {
      return null;
    }
  }
}
