/**
 * The command that starts a child, with every restriction that this Node and this
 * machine support. Detected once, by trying, not by version.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sourceFile } from '../source-file.ts';
import type { PackageSet } from './local-packages.ts';

const run = promisify(execFile);

/** For V8 itself; the script's memory is WebAssembly's and is limited separately. */
const JS_HEAP_MIB = 96;
const PROBE_TIMEOUT_MS = 5000;
/**
 * Sizes of the interpreter's native stack; the first that is allowed here is used. CPython raises RecursionError based on its own
 * stack in WebAssembly, and does not know about this one, whose overflow makes V8 end the process. Each byte there may use up to 100 here.
 */
const STACK_MIB = [256, 64];
/** What Node itself needs of the stack, besides V8. */
const STACK_RESERVE_KIB = 1024;
/** How much of its own stack CPython may use per MiB of the native one: measured, with a safety factor of two. */
const PYTHON_STACK_KIB_PER_MIB = 4;

export interface ChildCommand {
  readonly file: string;
  readonly args: readonly string[];
}

/** Where a child finds its parts. */
export interface BootOptions {
  readonly pyodideDir: string;
  /** The path of the module that boots from `snapshotPath`. */
  readonly snapshotModule: string;
  readonly preludePath: string;
  readonly snapshotPath: string;
  /** How much of its own stack CPython may use before it raises RecursionError; its default if absent. */
  readonly stackKib?: number;
  /** Loaded before the script; none if absent. */
  readonly packages?: PackageSet;
}

export interface ChildLocks {
  /** The flag of Node's permission model, or null if this Node has none. */
  readonly permissionFlag: string | null;
  /** A command prefix that removes the network; empty if not allowed. */
  readonly withoutNetwork: readonly string[];
  /** The size of the native stack set by a command prefix; null if not allowed, in which case deep recursion may crash the interpreter. */
  readonly stackMib: number | null;
}

const WITHOUT_NETWORK = [
  ['unshare', '--net', '--'],
  ['unshare', '--map-root-user', '--net', '--'],
];

function withStack(mib: number): string[] {
  return ['prlimit', `--stack=${mib * 2 ** 20}:`, '--'];
}

/** Detects which restrictions are possible here. */
export async function probeLocks(): Promise<ChildLocks> {
  const permissionFlag =
    ['--permission', '--experimental-permission'].find((flag) => process.allowedNodeEnvironmentFlags.has(flag)) ?? null;
  const [withoutNetwork, stackMib] = await Promise.all([
    firstThat(WITHOUT_NETWORK, isAllowed),
    firstThat(STACK_MIB, (mib) => isAllowed(withStack(mib))),
  ]);
  return { permissionFlag, withoutNetwork: withoutNetwork ?? [], stackMib };
}

async function firstThat<T>(list: readonly T[], test: (each: T) => Promise<boolean>): Promise<T | null> {
  for (const each of list) if (await test(each)) return each;
  return null;
}

/** Whether a command prefix exists and is permitted. */
async function isAllowed([file, ...args]: readonly string[]): Promise<boolean> {
  try {
    await run(file!, [...args, 'true'], { timeout: PROBE_TIMEOUT_MS });
    return true;
  } catch {
    return false;
  }
}

/** The command of a child that runs scripts with all restrictions. It can read only what it needs, and write nothing. */
export function lockedCommand(locks: ChildLocks, options: BootOptions): ChildCommand {
  const { packages } = options;
  const readable = [
    options.pyodideDir,
    sourceFile('pyodide'),
    options.snapshotModule,
    options.snapshotPath,
    ...(packages ? [packages.folder] : []),
  ];
  const argument = locks.stackMib === null ? options : { ...options, stackKib: locks.stackMib * PYTHON_STACK_KIB_PER_MIB };
  return lockedNode(locks, readable, sourceFile('pyodide', 'child.mjs'), JSON.stringify(argument));
}

/** The command of any Node program with the external restrictions. It can only read the given paths and what is below them. */
export function lockedNode(locks: ChildLocks, readable: readonly string[], program: string, argument: string): ChildCommand {
  const permissions = locks.permissionFlag
    ? [locks.permissionFlag, '--allow-worker', ...readable.map((path) => `--allow-fs-read=${path}`)]
    : [];
  const { stackMib, withoutNetwork } = locks;
  const [before, flags] = stackMib === null ? [[], []] : [withStack(stackMib), [`--stack-size=${stackMib * 1024 - STACK_RESERVE_KIB}`]];
  const [file, ...args] = [...before, ...withoutNetwork, process.execPath, ...flags, ...nodeFlags(), ...permissions, program, argument];
  return { file: file!, args };
}

/** Flags of every child. They include a ban on code from strings. */
export function nodeFlags(): string[] {
  return [
    '--no-warnings',
    '--disallow-code-generation-from-strings',
    '--no-addons',
    '--wasm-lazy-compilation',
    `--max-old-space-size=${JS_HEAP_MIB}`,
  ];
}
