/**
 * Says which limit a script met, and what to do about it, by what Python says
 * of its end: the record's `reason` where the engine itself has none. It reads
 * the last traceback with all that led to it, and nothing that came before.
 */
import type { Importable } from '@ved/runner/contract';
import { moduleAdvice } from './module-advice.ts';
import { outOfMemoryReason } from './run-control.ts';

/** What a sandbox holds a script to, beside the limits of its job. Zero of what it has not at all. */
export interface SandboxBounds extends Importable {
  readonly processes: number;
  readonly openFiles: number;
  /** Of `/tmp`. */
  readonly diskBytes: number;
  readonly diskFiles: number;
  /** Of one file. */
  readonly fileBytes: number;
  readonly sharedMemoryBytes: number;
}

/** A script that has ended by itself, and not well. */
export interface FailedScript {
  readonly exitCode: number;
  /** The end of its stderr. */
  readonly stderr: string;
  readonly script: Uint8Array;
  readonly memoryBytes: number;
}

/** Of stderr, enough for a traceback and what led to it. */
export const TAIL_BYTES = 16 * 1024;

const MIB = 2 ** 20;
const INPUT_ADVICE = 'Test data is in the file that sys.argv[1] names: open(sys.argv[1]).read().';
/** What stands between tracebacks of which one led to the next. */
const LED_TO = /^(The above exception was the direct cause|During handling of the above exception)/;
const TRACEBACK = /Traceback \(most recent call last\):$/;
/** In front of the lines of a group of exceptions. */
const GROUP_MARGIN = /^\s*[|+][-+\d ]*(?=\S)/;
/** A class, perhaps with modules in front, and its message. */
const ERROR_LINE = /^[A-Za-z_][\w.]*(?::|$)/;

type Rule = (bounds: SandboxBounds, failed: FailedScript) => string | null;
/** The first that matches says it. Each is tried on the lines of errors, the last first. */
const RULES: readonly (readonly [RegExp, Rule])[] = [
  [/EOFError: EOF when reading a line/, () => `A script has no keyboard: input() finds the end of the file at once. ${INPUT_ADVICE}`],
  [
    /can't start new thread|can't create new thread/,
    ({ processes }) =>
      processes === 0
        ? 'This engine has no threads; the Docker engine has.'
        : `A script may have ${processes} processes and threads together, and it wanted more. Use a pool of fewer.`,
  ],
  [
    /does not support processes|\[Errno 52\] Function not implemented|_multiprocessing|_posixshmem|No module named '_posixsubprocess'/,
    ({ processes }) => (processes === 0 ? 'This engine can start no processes; the Docker engine can.' : null),
  ],
  [
    /\[Errno (?:11|6)\] Resource temporarily unavailable|[Cc]annot fork/,
    ({ processes }, { stderr }) =>
      /fork|_start|spawn|Popen/.test(stderr)
        ? `A script may have ${processes} processes and threads together, and it wanted more. Use a pool of fewer.`
        : null,
  ],
  [
    /Too many open files|No file descriptors available/,
    ({ openFiles }) =>
      `A script may have ${openFiles} files open at once, and it wanted more. Close each when it is read, such as with a with statement.`,
  ],
  [
    /No space left on device/,
    ({ diskBytes, diskFiles, sharedMemoryBytes }) =>
      `The disk of the script is full: /tmp holds ${diskBytes / MIB} MiB in ${count(diskFiles)} files${
        sharedMemoryBytes > 0 ? `, and /dev/shm ${sharedMemoryBytes / MIB} MiB` : ''
      }. Remove files that are no longer needed, or write less.`,
  ],
  [/File too large/, ({ fileBytes }) => `A file may have ${fileBytes / MIB} MiB, and the script wanted to write more into one.`],
  [
    /MemoryError|Cannot allocate memory|Unable to allocate|Out of memory/,
    (_, { memoryBytes, stderr }) =>
      /Parser stack overflowed|too complex/.test(stderr)
        ? 'Python itself gave up on source that is nested this deep. Build what it says in a loop, or read it as data.'
        : outOfMemoryReason(memoryBytes),
  ],
  [
    /RecursionError/,
    () =>
      "Python's limit of recursion stopped the script: 1,000 calls within each other, unless sys.setrecursionlimit has set another, and as much as the stack holds. Use a loop, or nest data less deeply.",
  ],
  [
    /name resolution|Name or service not known|Network is unreachable|Host is unreachable|No route to host|NameResolutionError|gaierror|Address family not supported|Cannot assign requested address|\[Errno 138\] Not supported/,
    () => 'Scripts have no network (0 connections to other machines). Give the script what it needs as its test data.',
  ],
  [
    /ConnectionRefusedError|Connection refused/,
    () => 'Scripts have no network: of servers there are only those that the script itself starts. Give it what it needs as its test data.',
  ],
  [
    /module 'hashlib' has no attribute|unsupported hash type/,
    ({ missingModules }) =>
      missingModules.has('_hashlib')
        ? 'This engine has no OpenSSL: of hashlib only what Python brings itself. The Docker engine has it.'
        : null,
  ],
  [
    /Read-only file system|PermissionError|Permission denied|Operation not permitted/,
    (_, { stderr }) =>
      /Operation not permitted/.test(stderr.slice(stderr.lastIndexOf('PermissionError')))
        ? 'Scripts have no privileges: what needs an administrator is refused.'
        : 'A script can write only below /tmp, and run no programs from there. Files in /tmp/out are kept with the run.',
  ],
];

/** By the signal that ended it. */
const SIGNALS: Readonly<Record<number, Rule>> = {
  7: ({ sharedMemoryBytes }) =>
    `Ended by SIGBUS, as when more is put into shared memory than /dev/shm holds: ${sharedMemoryBytes / MIB} MiB, and no more than the memory of the run.`,
  11: () =>
    'Python crashed (SIGSEGV): as when calls or data are nested deeper than its stack of 8 MiB holds, or by a fault in code that is not Python.',
  25: ({ fileBytes }) => `Ended by SIGXFSZ: a file may have ${fileBytes / MIB} MiB.`,
};

/** Null when no limit is known to be to blame. */
export function failureHint(failed: FailedScript, bounds: SandboxBounds): string | null {
  if (failed.exitCode < 0) {
    const signal = SIGNALS[-failed.exitCode];
    if (signal) return signal(bounds, failed);
  }
  const lines = errorLines(failed.stderr);
  for (const line of lines) {
    const missing = /ModuleNotFoundError: No module named '([\w.]+)'/.exec(line)?.[1];
    if (missing) return moduleAdvice(missing, failed.script, bounds);
    for (const [pattern, rule] of RULES) {
      const hint = pattern.test(line) ? rule(bounds, failed) : null;
      if (hint !== null) return hint;
    }
  }
  return null;
}

/** The lines that name an error in the last traceback and in those that led to it, the last first. */
function errorLines(stderr: string): string[] {
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(GROUP_MARGIN, ''));
  const begin = lastChain(lines);
  // Without a traceback: what a program that was started says, or sys.exit with a text.
  return begin < 0
    ? lines.slice(-1)
    : lines
        .slice(begin)
        .filter((line) => ERROR_LINE.test(line))
        .reverse();
}

/** Where the first of those tracebacks begins; -1 where there is none. */
function lastChain(lines: readonly string[]): number {
  let begin = lines.findLastIndex(isTraceback);
  while (begin > 0) {
    const before = lines.slice(0, begin).findLastIndex((line) => line.trim() !== '');
    if (before < 0 || !LED_TO.test(lines[before]!)) break;
    begin = Math.max(0, lines.slice(0, before).findLastIndex(isTraceback));
  }
  return begin;
}

function isTraceback(line: string): boolean {
  return TRACEBACK.test(line);
}

function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}
