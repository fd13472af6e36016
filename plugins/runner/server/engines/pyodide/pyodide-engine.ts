/**
 * The embedded engine: CPython in WebAssembly, one child process per run, booted ahead
 * from a memory snapshot. Always available; for trusted users only.
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
  /** A folder for the memory snapshot (about 30 MB) and the list of children. Created if missing. */
  readonly cacheDir: string;
  /** Children kept booted while there are runs, about 140 MB each; one after a minute without. The first is started by `warmUp` or after the first run. */
  readonly poolSize: number;
  /** A folder with Pyodide's packages; null if there is none. */
  readonly packagesDir: string | null;
  readonly log: Pick<Logger, 'warn' | 'info' | 'debug'>;
}

const NAME = 'cpython-3.14-pyodide';
const MIB = 2 ** 20;
/** The same as in child-files.mjs. */
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
/** At 140 MB each, one is enough for the next person who runs something. */
const IDLE_CHILDREN = 1;

/** A sentence to show after the instructions for declaring a package. */
function packagesAdvice(packagesDir: string | null): string {
  return packagesDir === null
    ? 'This engine only has the standard library: an administrator can set VED_PYODIDE_PACKAGES to a folder of packages, or use the Docker engine.'
    : `This engine only has the Pyodide packages in ${packagesDir}.`;
}

/** Starts nothing until the first `run`, `probe` or `warmUp`. */
export function createPyodideEngine(options: PyodideEngineOptions): Engine {
  return new PyodideEngine(options);
}

class PyodideEngine implements Engine {
  readonly id = 'pyodide';
  private readonly options: PyodideEngineOptions;
  private readonly register: ChildRegister;
  private readonly pool: WarmPool<InterpreterChild>;
  private readonly packages: LocalPackages;
  private readonly bounds: SandboxBounds;
  private locks: Promise<ChildLocks> | null = null;
  private boot: Promise<BootOptions> | null = null;

  constructor(options: PyodideEngineOptions) {
    this.options = options;
    this.packages = new LocalPackages(options.packagesDir);
    this.bounds = { ...BOUNDS, packages: { available: options.packagesDir !== null, advice: packagesAdvice(options.packagesDir) } };
    this.register = new ChildRegister(options.cacheDir);
    this.pool = new WarmPool({
      size: options.poolSize,
      idleSize: IDLE_CHILDREN,
      make: () => this.startChild(),
      discard: async (child) => {
        await child.dispose();
        await this.register.remove(child.pid);
      },
      isAlive: (child) => child.alive,
      onFailure: (error) => options.log.warn({ err: error }, 'failed to start an embedded interpreter ahead'),
    });
  }

  async probe(): Promise<Capabilities> {
    const locks = await this.probeLocks();
    const closed = [
      'a process per run',
      locks.permissionFlag && "no access to this machine's files",
      locks.withoutNetwork.length > 0 && 'no network',
    ];
    const version = await this.packages.pythonVersion();
    return {
      available: true,
      reason: null,
      interpreter: NAME,
      interpreters: [{ name: NAME, version, state: 'ready', reason: null, image: null, imageDigest: null }],
      isolation: `For trusted users; not a security boundary: CPython in WebAssembly, ${closed.filter(Boolean).join(', ')}.`,
      limitations: [
        'No network.',
        'No threads, no processes and no signals.',
        'No keyboard: input() fails; the test data are in the file named by sys.argv[1].',
        `At most ${BOUNDS.openFiles} open files, and ${BOUNDS.diskBytes / MIB} MiB in ${BOUNDS.diskFiles} files on disk, deleted after the run except for files in /tmp/out.`,
        this.options.packagesDir === null
          ? 'Only the standard library: VED_PYODIDE_PACKAGES is not set.'
          : `Only the Pyodide packages in ${this.options.packagesDir}; a script declares them in "# dependencies = [...]" of its "# /// script" block.`,
        'Pure Python runs two to four times slower than native Python.',
        'Processor use is not limited.',
      ],
      imageDigest: null,
      importable: this.bounds,
    };
  }

  /** Only checks that the packages exist: nothing is downloaded. */
  async makeReady({ packages = [] }: Job): Promise<void> {
    await this.packages.find(packages);
  }

  warmUp(): void {
    void this.pool.fill();
  }

  reap(): Promise<void> {
    return this.register.reap();
  }

  run(job: Job): AsyncIterable<Started | Output | Artefact | Exit> {
    return runInSandbox<InterpreterChild>(
      job,
      () => (job.packages?.length ? this.startWith(job.packages) : this.pool.take(job.signal)),
      (child) => this.pool.retire(child),
      this.bounds,
    );
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  /** Not from the pool: packages are loaded before the interpreter is sealed. */
  private async startWith(packages: readonly string[]): Promise<InterpreterChild> {
    return this.startChild(await this.packages.find(packages));
  }

  private async startChild(packages?: PackageSet): Promise<InterpreterChild> {
    this.boot ??= ensureSnapshot(this.options.cacheDir).catch((error: unknown) => {
      this.boot = null;
      throw error;
    });
    const [locks, boot] = await Promise.all([this.probeLocks(), this.boot]);
    const command = lockedCommand(locks, packages ? { ...boot, packages } : boot);
    // Without packages, the probe has already reported everything.
    const ran = packages && { interpreter: NAME, imageDigest: null, packages: packages.versions };
    const child = await InterpreterChild.start(command, this.options.cacheDir, ran);
    try {
      await this.register.add(child.pid);
    } catch (error) {
      await child.dispose();
      throw error;
    }
    return child;
  }

  private probeLocks(): Promise<ChildLocks> {
    this.locks ??= probeLocks();
    return this.locks;
  }
}
