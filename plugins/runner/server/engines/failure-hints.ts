/**
 * Finds out which limit a script hit, and what to do about it, from Python's error
 * messages: the record's `reason` if the engine itself has none. Reads the last
 * traceback with the chain that led to it, and nothing before.
 */
import type { Importable } from '@ved/runner/contract';
import { moduleAdvice } from './module-advice.ts';
import { outOfMemoryReason } from './run-control.ts';

/** The limits of a sandbox, in addition to those of its job. Zero for what it does not have at all. */
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

/** A script that ended by itself with a failure. */
export interface FailedScript {
  readonly exitCode: number;
  /** The end of its stderr. */
  readonly stderr: string;
  readonly script: Uint8Array;
  readonly memoryBytes: number;
}

/** Enough of stderr for a traceback and its causes. */
export const TAIL_BYTES = 16 * 1024;

const MIB = 2 ** 20;
const INPUT_ADVICE = 'Read the test data with open(sys.argv[1]).read().';
/** The line between chained tracebacks. */
const LED_TO = /^(The above exception was the direct cause|During handling of the above exception)/;
const TRACEBACK = /Traceback \(most recent call last\):$/;
/** The margin of the lines of an exception group. */
const GROUP_MARGIN = /^\s*[|+][-+\d ]*(?=\S)/;
/** A class, optionally with modules, and its message. */
const ERROR_LINE = /^[A-Za-z_][\w.]*(?::|$)/;

type Rule = (bounds: SandboxBounds, failed: FailedScript) => string | null;
/** The first match wins. All are tried on each error line, the last line first. */
const RULES: readonly (readonly [RegExp, Rule])[] = [
  [/EOFError: EOF when reading a line/, () => `Scripts have no keyboard, so input() fails immediately. ${INPUT_ADVICE}`],
  [
    /can't start new thread|can't create new thread/,
    ({ processes }) =>
      processes === 0
        ? 'This engine has no threads; the Docker engine does.'
        : `A script may have at most ${processes} processes and threads in total. Use a smaller pool.`,
  ],
  [
    /does not support processes|\[Errno 52\] Function not implemented|_multiprocessing|_posixshmem|No module named '_posixsubprocess'/,
    ({ processes }) => (processes === 0 ? 'This engine cannot start processes; the Docker engine can.' : null),
  ],
  [
    /\[Errno (?:11|6)\] Resource temporarily unavailable|[Cc]annot fork/,
    ({ processes }, { stderr }) =>
      /fork|_start|spawn|Popen/.test(stderr)
        ? `A script may have at most ${processes} processes and threads in total. Use a smaller pool.`
        : null,
  ],
  [
    /Too many open files|No file descriptors available/,
    ({ openFiles }) => `A script may have at most ${openFiles} open files. Close each after use, such as with a with statement.`,
  ],
  [
    /No space left on device/,
    ({ diskBytes, diskFiles, sharedMemoryBytes }) =>
      `The script's disk is full: /tmp is limited to ${diskBytes / MIB} MiB in ${count(diskFiles)} files${
        sharedMemoryBytes > 0 ? `, and /dev/shm ${sharedMemoryBytes / MIB} MiB` : ''
      }. Remove files that are no longer needed, or write less.`,
  ],
  [/File too large/, ({ fileBytes }) => `A file may have at most ${fileBytes / MIB} MiB.`],
  [
    /MemoryError|Cannot allocate memory|Unable to allocate|Out of memory/,
    (_, { memoryBytes, stderr }) =>
      /Parser stack overflowed|too complex/.test(stderr)
        ? "The source is nested too deeply for Python's parser. Build the value in a loop, or read it as data."
        : outOfMemoryReason(memoryBytes),
  ],
  [
    /RecursionError/,
    () =>
      "The script exceeded Python's recursion limit: 1,000 nested calls, unless set with sys.setrecursionlimit, and no more than fit on the stack. Use a loop, or nest data less deeply.",
  ],
  [
    /name resolution|Name or service not known|Network is unreachable|Host is unreachable|No route to host|NameResolutionError|gaierror|Address family not supported|Cannot assign requested address|\[Errno 138\] Not supported/,
    () => 'Scripts have no network. Put the data that the script needs into its test data.',
  ],
  [
    /ConnectionRefusedError|Connection refused/,
    () =>
      'Scripts have no network: they can only connect to servers that they start themselves. Put the data that the script needs into its test data.',
  ],
  [
    /module 'hashlib' has no attribute|unsupported hash type/,
    ({ missingModules }) =>
      missingModules.has('_hashlib')
        ? "This engine has no OpenSSL: hashlib only has Python's built-in algorithms. The Docker engine has them all."
        : null,
  ],
  [
    /Read-only file system|PermissionError|Permission denied|Operation not permitted/,
    (_, { stderr }) =>
      /Operation not permitted/.test(stderr.slice(stderr.lastIndexOf('PermissionError')))
        ? 'Scripts have no privileges: operations that need an administrator are refused.'
        : 'Scripts can write only below /tmp, and cannot run programs from there. Files in /tmp/out are stored with the run.',
  ],
];

/** By the signal that ended the script. */
const SIGNALS: Readonly<Record<number, Rule>> = {
  7: ({ sharedMemoryBytes }) =>
    `Ended by SIGBUS, probably because shared memory exceeded the ${sharedMemoryBytes / MIB} MiB of /dev/shm or the memory of the run.`,
  11: () => 'Python crashed (SIGSEGV): calls or data may be nested too deeply for its stack of 8 MiB, or native code has a bug.',
  25: ({ fileBytes }) => `Ended by SIGXFSZ: a file may have at most ${fileBytes / MIB} MiB.`,
};

/** Null if no known limit is the cause. */
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

/** The error lines of the last traceback and of its causes, the last first. */
function errorLines(stderr: string): string[] {
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(GROUP_MARGIN, ''));
  const begin = lastChain(lines);
  // Without a traceback: the message of a child process, or of sys.exit.
  return begin < 0
    ? lines.slice(-1)
    : lines
        .slice(begin)
        .filter((line) => ERROR_LINE.test(line))
        .reverse();
}

/** Where the first traceback of the last chain starts; -1 if there is none. */
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
