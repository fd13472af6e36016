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

export interface ChildCommand {
  readonly file: string;
  readonly args: readonly string[];
}

/** What a child is told about where its parts are. */
export interface BootOptions {
  readonly pyodideDir: string;
  readonly preludePath: string;
  readonly snapshotPath: string;
  /** Loaded before anything of the script; none when absent. */
  readonly packages?: PackageSet;
}

export interface ChildLocks {
  /** The flag of Node's permission model, or null when this Node has none. */
  readonly permissionFlag: string | null;
  /** The command in front of Node's that takes the network away; empty where that is not allowed. */
  readonly withoutNetwork: readonly string[];
}

/** Finds out which locks can be had here. */
export async function probeLocks(): Promise<ChildLocks> {
  const permissionFlag =
    ['--permission', '--experimental-permission'].find((flag) => process.allowedNodeEnvironmentFlags.has(flag)) ?? null;
  for (const command of [
    ['unshare', '--net', '--'],
    ['unshare', '--map-root-user', '--net', '--'],
  ]) {
    try {
      await run(command[0]!, [...command.slice(1), 'true'], { timeout: PROBE_TIMEOUT_MS });
      return { permissionFlag, withoutNetwork: command };
    } catch {
      // This way is not allowed here, or there is no unshare: the next, or none.
    }
  }
  return { permissionFlag, withoutNetwork: [] };
}

/** The command of a child that runs scripts under all locks. Only what it needs can be read; nothing can be written. */
export function lockedCommand(locks: ChildLocks, options: BootOptions): ChildCommand {
  const { packages } = options;
  const readable = [options.pyodideDir, sourceFile('pyodide'), options.snapshotPath, ...(packages ? [packages.folder] : [])];
  return lockedNode(locks, readable, sourceFile('pyodide', 'child.mjs'), JSON.stringify(options));
}

/** The command of any program under the locks that are put on from outside. Of files it can read those named, with what is below them. */
export function lockedNode(locks: ChildLocks, readable: readonly string[], program: string, argument: string): ChildCommand {
  const permissions = locks.permissionFlag
    ? [locks.permissionFlag, '--allow-worker', ...readable.map((path) => `--allow-fs-read=${path}`)]
    : [];
  const [file, ...args] = [...locks.withoutNetwork, process.execPath, ...nodeFlags(), ...permissions, program, argument];
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
