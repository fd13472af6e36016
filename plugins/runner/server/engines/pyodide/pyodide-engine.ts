/**
 * The embedded engine: CPython in WebAssembly, one child process for each run,
 * booted ahead from a memory snapshot. Always there; for trusted users.
 */
import type { Logger } from 'pino';
import type { Artefact, Capabilities, Engine, Exit, Job, Output, Started } from '../../../contract/engine.ts';
import type { SandboxBounds } from '../failure-hints.ts';
import { runInSandbox } from '../run-in-sandbox.ts';
import { WarmPool } from '../warm-pool.ts';
import { type BootOptions, type ChildLocks, lockedCommand, probeLocks } from './child-command.ts';
import { ChildRegister } from './child-register.ts';
import { InterpreterChild } from './interpreter-child.ts';
import { LocalPackages, type PackageSet } from './local-packages.ts';
import { ensureSnapshot } from './snapshot.ts';

export interface PyodideEngineOptions {
  /** A folder of its own in the data folder, for the memory snapshot (about 30 MB) and the list of children. Made when absent. */
  readonly cacheDir: string;
  /** Children kept booted and waiting while there are runs, each about 140 MB; one after a minute without. The first is made by `warmUp` or after the first run. */
  readonly poolSize: number;
  /** A folder with Pyodide's packages as its lock file names them; null when there is none. */
  readonly packagesDir: string | null;
  readonly log: Pick<Logger, 'warn' | 'info' | 'debug'>;
}

const NAME = 'cpython-3.14-pyodide';
const MIB = 2 ** 20;
/** As child-files.mjs has them. */
const BOUNDS: Omit<SandboxBounds, 'packages'> = {
  processes: 0,
  openFiles: 256,
  diskBytes: 64 * MIB,
  diskFiles: 16384,
  fileBytes: 64 * MIB,
  sharedMemoryBytes: 0,
  missingModules: new Set(
    '_hashlib _pydecimal concurrent.interpreters _curses _gdbm _tkinter curses dbm ensurepip grp idlelib pwd pydoc_data readline resource syslog test tkinter turtle turtledemo venv'.split(
      ' ',
    ),
  ),
};
/** Of 140 MB each: one is enough for the next person who runs something. */
const IDLE_CHILDREN = 1;

/** What follows the words on how to ask for a package. */
function packagesAdvice(packagesDir: string | null): string {
  return packagesDir === null
    ? 'This engine has the standard library only: whoever runs the server may name a folder of packages in VED_PYODIDE_PACKAGES, or use the Docker engine.'
    : `This engine has only those packages of Pyodide that are in ${packagesDir}.`;
}

/** The engine that is always there. Nothing is started until the first `run`, `probe` or `warmUp`. */
export function createPyodideEngine(options: PyodideEngineOptions): Engine {
  return new PyodideEngine(options);
}

class PyodideEngine implements Engine {
  readonly id = 'pyodide';
  readonly #options: PyodideEngineOptions;
  readonly #register: ChildRegister;
  readonly #pool: WarmPool<InterpreterChild>;
  readonly #packages: LocalPackages;
  readonly #bounds: SandboxBounds;
  #locks: Promise<ChildLocks> | null = null;
  #boot: Promise<BootOptions> | null = null;

  constructor(options: PyodideEngineOptions) {
    this.#options = options;
    this.#packages = new LocalPackages(options.packagesDir);
    this.#bounds = { ...BOUNDS, packages: { available: options.packagesDir !== null, advice: packagesAdvice(options.packagesDir) } };
    this.#register = new ChildRegister(options.cacheDir);
    this.#pool = new WarmPool({
      size: options.poolSize,
      idleSize: IDLE_CHILDREN,
      make: () => this.#startChild(),
      discard: async (child) => {
        await child.dispose();
        await this.#register.remove(child.pid);
      },
      isAlive: (child) => child.alive,
      onFailure: (error) => options.log.warn({ err: error }, 'an embedded interpreter could not be started ahead'),
    });
  }

  async probe(): Promise<Capabilities> {
    const locks = await this.#probeLocks();
    const closed = [
      'a process for each run',
      locks.permissionFlag && 'no files of this machine',
      locks.withoutNetwork.length > 0 && 'no network',
    ];
    const version = await this.#packages.pythonVersion();
    return {
      available: true,
      reason: null,
      interpreter: NAME,
      interpreters: [{ name: NAME, version, state: 'ready', reason: null, image: null, imageDigest: null }],
      isolation: `For trusted users; not a security boundary: CPython in WebAssembly, ${closed.filter(Boolean).join(', ')}.`,
      limitations: [
        'No network.',
        'No threads, no processes and no signals.',
        'No keyboard: input() finds the end of the file; test data is in the file that sys.argv[1] names.',
        `At most ${BOUNDS.openFiles} open files, and ${BOUNDS.diskBytes / MIB} MiB in ${BOUNDS.diskFiles} files on disk, gone after the run but for the files in /tmp/out.`,
        this.#options.packagesDir === null
          ? 'The standard library only: VED_PYODIDE_PACKAGES names no folder with packages.'
          : `Of packages only those of Pyodide that are in ${this.#options.packagesDir} and that the script asks for, in "# dependencies = [...]" of its "# /// script" block.`,
        'Slower than a Python of the machine, two to four times in pure Python.',
        'The share of the processors is not bounded.',
      ],
      imageDigest: null,
      importable: this.#bounds,
    };
  }

  /** Only finds out whether they are there: nothing is fetched. */
  async makeReady({ packages = [] }: Job): Promise<void> {
    await this.#packages.find(packages);
  }

  warmUp(): void {
    void this.#pool.fill();
  }

  reap(): Promise<void> {
    return this.#register.reap();
  }

  run(job: Job): AsyncIterable<Started | Output | Artefact | Exit> {
    return runInSandbox<InterpreterChild>(
      job,
      () => (job.packages?.length ? this.#startWith(job.packages) : this.#pool.take(job.signal)),
      (child) => this.#pool.retire(child),
      this.#bounds,
    );
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  /** Not from the pool: packages are loaded before the interpreter is sealed. */
  async #startWith(packages: readonly string[]): Promise<InterpreterChild> {
    return this.#startChild(await this.#packages.find(packages));
  }

  async #startChild(packages?: PackageSet): Promise<InterpreterChild> {
    this.#boot ??= ensureSnapshot(this.#options.cacheDir).catch((error: unknown) => {
      this.#boot = null;
      throw error;
    });
    const [locks, boot] = await Promise.all([this.#probeLocks(), this.#boot]);
    const command = lockedCommand(locks, packages ? { ...boot, packages } : boot);
    // Without packages there is nothing to tell of it that the probe has not told.
    const ran = packages && { interpreter: NAME, imageDigest: null, packages: packages.versions };
    const child = await InterpreterChild.start(command, this.#options.cacheDir, ran);
    try {
      await this.#register.add(child.pid);
    } catch (error) {
      await child.dispose();
      throw error;
    }
    return child;
  }

  #probeLocks(): Promise<ChildLocks> {
    this.#locks ??= probeLocks();
    return this.#locks;
  }
}
