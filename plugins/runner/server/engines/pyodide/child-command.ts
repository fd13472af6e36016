/**
 * The command that starts a child, with every lock that this Node and this
 * machine have. Found out once, by asking, not by version.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sourceFile } from '../source-file.ts';
import type { PackageSet } from './local-packages.ts';

const run = promisify(execFile);

/** Room for V8 itself; the script's own memory is WebAssembly's and is bounded apart. */
const JS_HEAP_MIB = 96;
const PROBE_TIMEOUT_MS = 5000;
/**
 * Of the interpreter's native stack, the largest that is allowed here is taken. CPython raises RecursionError by how much of its own
 * stack in WebAssembly is used, and does not know of this one, which V8 ends the process for. Of every byte there up to 100 are used here.
 */
const STACK_MIB = [256, 64];
/** What Node itself needs of the stack beside V8. */
const STACK_RESERVE_KIB = 1024;
/** How much of its own stack CPython may use for each MiB of the native one: measured, and twice of it in reserve. */
const PYTHON_STACK_KIB_PER_MIB = 4;

export interface ChildCommand {
  readonly file: string;
  readonly args: readonly string[];
}

/** What a child is told about where its parts are. */
export interface BootOptions {
  readonly pyodideDir: string;
  /** Path of the module with which a child starts from `snapshotPath`. */
  readonly snapshotModule: string;
  readonly preludePath: string;
  readonly snapshotPath: string;
  /** Of CPython's own stack, from which on it raises RecursionError; its own measure when absent. */
  readonly stackKib?: number;
  /** Loaded before anything of the script; none when absent. */
  readonly packages?: PackageSet;
}

export interface ChildLocks {
  /** The flag of Node's permission model, or null when this Node has none. */
  readonly permissionFlag: string | null;
  /** The command in front of Node's that takes the network away; empty where that is not allowed. */
  readonly withoutNetwork: readonly string[];
  /** Size of the native stack that the command in front of all gives; null where that is not allowed, and deep recursion may end the interpreter. */
  readonly stackMib: number | null;
}

const WITHOUT_NETWORK = [
  ['unshare', '--net', '--'],
  ['unshare', '--map-root-user', '--net', '--'],
];

function withStack(mib: number): string[] {
  return ['prlimit', `--stack=${mib * 2 ** 20}:`, '--'];
}

/** Finds out which locks can be had here. */
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

/** Whether a command in front of another is there and may do what it does. */
async function isAllowed([file, ...args]: readonly string[]): Promise<boolean> {
  try {
    await run(file!, [...args, 'true'], { timeout: PROBE_TIMEOUT_MS });
    return true;
  } catch {
    return false;
  }
}

/** The command of a child that runs scripts under all locks. Only what it needs can be read; nothing can be written. */
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

/** The command of any program under the locks that are put on from outside. Of files it can read those named, with what is below them. */
export function lockedNode(locks: ChildLocks, readable: readonly string[], program: string, argument: string): ChildCommand {
  const permissions = locks.permissionFlag
    ? [locks.permissionFlag, '--allow-worker', ...readable.map((path) => `--allow-fs-read=${path}`)]
    : [];
  const { stackMib, withoutNetwork } = locks;
  const [before, flags] = stackMib === null ? [[], []] : [withStack(stackMib), [`--stack-size=${stackMib * 1024 - STACK_RESERVE_KIB}`]];
  const [file, ...args] = [...before, ...withoutNetwork, process.execPath, ...flags, ...nodeFlags(), ...permissions, program, argument];
  return { file: file!, args };
}

/** Flags of every child. Code can be made of text in none of them. */
export function nodeFlags(): string[] {
  return [
    '--no-warnings',
    '--disallow-code-generation-from-strings',
    '--no-addons',
    '--wasm-lazy-compilation',
    `--max-old-space-size=${JS_HEAP_MIB}`,
  ];
}
