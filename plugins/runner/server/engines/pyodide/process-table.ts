/** What the machine says of a process by its id. Linux by /proc; elsewhere by ps. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** As Linux has it everywhere that Node runs but on a few ARM machines, where the watchdog then is lax by 4 or 16. */
const PAGE_BYTES = 4096;

/** Resident memory in bytes, or null where there is no /proc: a ps for each look would cost more than it tells. */
export function readRss(pid: number): number | null {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1];
    return Number(pages) * PAGE_BYTES;
  } catch {
    return null;
  }
}

/** The command line of a process, or null when there is none of that id. */
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
