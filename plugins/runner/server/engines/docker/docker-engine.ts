/**
 * The Docker engine: a locked-down container for each run, booted ahead, used once and
 * removed. Everything it creates has the label of its owner.
 */
import type Docker from 'dockerode';
import type { Logger } from 'pino';
import type {
  Artefact,
  CancelSignal,
  Capabilities,
  Engine,
  Exit,
  Importable,
  Interpreter,
  Job,
  Output,
  Progress,
  Started,
} from '../../../contract/engine.ts';
import type { SandboxBounds } from '../failure-hints.ts';
import { runInSandbox } from '../run-in-sandbox.ts';
import { WarmPool } from '../warm-pool.ts';
import { bootProgram } from './boot-program.ts';
import { connectDocker, type DockerConnection, describeDockerError, pingDocker } from './connection.ts';
import { Container, type ContainerImage, removeContainer } from './container.ts';
import { CONTAINER_BOUNDS, type ContainerSize, containerSpec, LIFE, LIFE_LABEL, OWNER_LABEL } from './container-spec.ts';
import { FetchFailed, ImageMissing, InterpreterImages, missingReason, type NamedImage } from './interpreter-images.ts';
import { Lanes } from './lanes.ts';
import { type BuildBounds, PackagesFailed } from './layer-build.ts';
import { MOST_LAYERS, PackageLayers, type Report } from './package-layers.ts';
import { Spares } from './spares.ts';

export interface DockerEngineOptions {
  /** The default first. Each needs a CPython with ctypes; if its name is null, it has the name that its Python reports. */
  readonly interpreters: readonly NamedImage[];
  /** The engine's address: unix, npipe, tcp, http, https or ssh. The local socket if absent. */
  readonly dockerHost?: string | undefined;
  /** Identifies the data folder: containers of other owners on the same engine are left alone. */
  readonly owner: string;
  /** Containers kept booted, about 15 MB each on the engine's machine. The first is created by `probe`. */
  readonly poolSize: number;
  /**
   * `run`, the default: a new container for each run. `lane`: successive runs of one pass, or of one person, may reuse a
   * container that is verified to be clean in between; several times faster.
   */
  readonly isolation?: 'run' | 'lane';
  /** Memory and processors of the booted containers. A job with other limits gets a new one. */
  readonly size: ContainerSize;
  /** The package index (null for pip's default), and the Docker network to reach it. `none` installs no packages. */
  readonly packages: { readonly index: string | null; readonly network: string; readonly bounds?: BuildBounds };
  readonly log: Pick<Logger, 'warn' | 'info' | 'debug'>;
}

/** Waiting containers of images other than the default, in total. */
const MOST_SPARES = 2;
const MIB = 2 ** 20;
const LOCKS = 'no network, no privileges, a read-only system, and limits on memory, processors, processes and files';
const ISOLATION = {
  run: `A new container for each run: ${LOCKS}.`,
  lane: `A container per pass or person, verified to be clean between runs: ${LOCKS}.`,
};

/** Connects to Docker on first use. */
export function createDockerEngine(options: DockerEngineOptions): Engine {
  return new DockerEngine(options);
}

class DockerEngine implements Engine {
  readonly id = 'docker';
  private readonly options: DockerEngineOptions;
  private readonly pool: WarmPool<Container>;
  private readonly lanes: Lanes | null;
  private connection: Promise<DockerConnection> | null = null;
  private boot: Promise<string> | null = null;
  /** Runs that have a container. */
  private running = 0;
  private readonly images: InterpreterImages;
  private readonly spares: Spares;
  private readonly layers: PackageLayers;
  private readonly bounds: SandboxBounds;

  constructor(options: DockerEngineOptions) {
    this.options = options;
    this.bounds = {
      ...CONTAINER_BOUNDS,
      packages: { available: options.packages.network !== 'none', advice: packagesAdvice(options.packages.network) },
      missingModules: new Set(),
    };
    this.pool = new WarmPool({
      size: options.poolSize,
      make: () => this.bootDefault(options.size),
      discard: (container) => container.dispose(),
      isAlive: (container) => container.alive,
      isBusy: () => this.running > 0,
      onFailure: (error) => options.log.warn({ reason: this.describe(error) }, 'failed to boot a container ahead'),
    });
    const discard = (container: Container): void => this.pool.discard(container);
    const retire = (container: Container): void => this.pool.retire(container);
    this.spares = new Spares({ size: Math.min(options.poolSize, MOST_SPARES), discard });
    this.layers = new PackageLayers({
      owner: options.owner,
      ...options.packages,
      most: MOST_LAYERS,
      connect: () => this.connect(),
      log: options.log,
    });
    this.images = new InterpreterImages({
      list: options.interpreters,
      connect: () => this.connect(),
      ask: async (image, isDefault) => {
        const container = await this.bootContainer(image, options.size);
        if (isDefault) this.pool.add(container);
        else discard(container);
        return container.python;
      },
    });
    this.lanes = options.isolation === 'lane' ? new Lanes({ size: Math.max(1, options.poolSize), discard: retire }) : null;
  }

  async probe(): Promise<Capabilities> {
    const { image } = this.options.interpreters[0]!;
    try {
      await pingDocker(await this.connected());
      const found = await this.images.findDefault();
      if (found === null) return unavailable(missingReason(image), true);
      return available(await this.images.look(found), this.options, this.bounds);
    } catch (error) {
      return unavailable(this.describe(error), false);
    }
  }

  async prepare(report: (progress: Progress) => void, signal: CancelSignal): Promise<void> {
    try {
      await this.images.fetchMissing(report, signal);
    } catch (error) {
      const why = error instanceof FetchFailed ? `${error.message}. ${this.describe(error.cause)}` : this.describe(error);
      throw new Error(why, { cause: error });
    }
  }

  warmUp(): void {
    void this.pool.fill();
  }

  async reap(): Promise<void> {
    const docker = await this.connect();
    const filters = { label: [`${OWNER_LABEL}=${this.options.owner}`] };
    const left = (await docker.listContainers({ all: true, filters })).filter(({ Labels }) => Labels[LIFE_LABEL] !== LIFE);
    await Promise.all(left.map(({ Id }) => removeContainer(docker.getContainer(Id))));
    await this.layers.reap();
  }

  async makeReady(job: Job, report: Report): Promise<void> {
    await this.explained(this.imageFor(job, report));
  }

  run(job: Job): AsyncIterable<Started | Output | Artefact | Exit> {
    // Null for the default image, whose containers are in the pool.
    let image: ContainerImage | null = null;
    return runInSandbox<Container>(
      job,
      async () => {
        image = await this.explained(this.imageFor(job));
        const container = await this.acquire(job, image);
        this.running += 1;
        return container;
      },
      (container, intact) => {
        this.running -= 1;
        if (intact && this.lanes && this.isStandard(job)) this.lanes.keep(laneIn(image, job), container);
        else this.retireAndRenew(container, image);
        this.pool.refill();
      },
      this.bounds,
    );
  }

  async close(): Promise<void> {
    await this.layers.close();
    this.lanes?.close();
    await this.spares.close();
    await this.pool.close();
    await (await this.connection?.catch(() => null))?.close();
  }

  /** Null for the default image. With packages it is a layer on the interpreter's image, built if missing. */
  private async imageFor(
    { interpreter, packages = [], signal, lane }: Job,
    report: Report = () => undefined,
  ): Promise<ContainerImage | null> {
    if (packages.length === 0 && this.images.isDefault(interpreter)) return null;
    const image = await this.images.imageOf(interpreter);
    return packages.length === 0 ? image : this.layers.layerOf(image, packages, report, { signal, lane });
  }

  private async acquire(job: Job, image: ContainerImage | null): Promise<Container> {
    const boot = (): Promise<Container> => (image ? this.bootContainer(image, job.limits) : this.bootDefault(job.limits));
    if (!this.isStandard(job)) return this.explained(boot());
    const kept = await this.takeKept(laneIn(image, job), image);
    if (kept) return kept;
    if (!image) return this.explained(this.pool.take(job.signal));
    return (await this.spares.take(image.id)) ?? this.explained(boot());
  }

  /** Null if a new one is available sooner, with another left for the next run. */
  private async takeKept(lane: string, image: ContainerImage | null): Promise<Container | null> {
    const ready = this.lanes?.takeReady(lane) ?? null;
    if (ready || (!image && this.pool.readyCount > 1)) return ready;
    return (await this.lanes?.take(lane)) ?? null;
  }

  private retireAndRenew(container: Container, image: ContainerImage | null): void {
    this.pool.retire(container);
    if (image) this.spares.keep(image.id, () => this.bootContainer(image, this.options.size));
  }

  private async explained<T>(promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } catch (error) {
      throw new Error(this.describe(error), { cause: error });
    }
  }

  private isStandard({ limits }: Job): boolean {
    const { memoryBytes, cpus } = this.options.size;
    return limits.memoryBytes === memoryBytes && limits.cpus === cpus;
  }

  private async bootDefault(size: ContainerSize): Promise<Container> {
    return this.bootContainer(await this.images.imageOf(undefined), size);
  }

  private async bootContainer(image: ContainerImage, size: ContainerSize): Promise<Container> {
    this.boot ??= bootProgram();
    const spec = containerSpec(image.id, await this.boot, this.options.owner, size);
    return Container.boot(await this.connect(), spec, image, this.lanes !== null);
  }

  private async connect(): Promise<Docker> {
    return (await this.connected()).client;
  }

  private connected(): Promise<DockerConnection> {
    this.connection ??= connectDocker(this.options.dockerHost, process.env);
    return this.connection;
  }

  private describe(error: unknown): string {
    return error instanceof ImageMissing || error instanceof PackagesFailed
      ? error.message
      : describeDockerError(error, this.options.dockerHost);
  }
}

/** Lanes are per image, because a container's image is fixed. */
function laneIn(image: ContainerImage | null, { lane }: Job): string {
  return `${image?.id ?? 'default'} ${lane}`;
}

/** A sentence to show after the instructions for declaring a package. */
function packagesAdvice(network: string): string {
  return network === 'none' ? 'This server does not install packages: an administrator can enable it with VED_PACKAGES_NETWORK.' : '';
}

function limitationsOf({ size, packages }: DockerEngineOptions): string[] {
  const { processes, openFiles, diskBytes, diskFiles, sharedMemoryBytes } = CONTAINER_BOUNDS;
  return [
    'No network.',
    'No keyboard: input() fails; the test data are in the file named by sys.argv[1].',
    `At most ${size.memoryBytes / MIB} MiB of memory, ${processes} processes and threads in total, and ${openFiles} open files.`,
    `Only /tmp is writable: ${diskBytes / MIB} MiB in ${diskFiles} files, deleted after the run except for files in /tmp/out.`,
    `At most ${sharedMemoryBytes / MIB} MiB of shared memory, as used by multiprocessing.`,
    packages.network === 'none'
      ? `Only the standard library. ${packagesAdvice(packages.network)}`
      : 'Packages that a script declares in "# dependencies = [...]" of its "# /// script" block are installed.',
  ];
}

function available(interpreters: readonly Interpreter[], options: DockerEngineOptions, importable: Importable): Capabilities {
  const isolation = ISOLATION[options.isolation ?? 'run'];
  const limitations = limitationsOf(options);
  const [{ name, imageDigest }] = interpreters as [Interpreter];
  const preparable = interpreters.some(({ state }) => state === 'missing');
  return { available: true, reason: null, interpreter: name, isolation, limitations, imageDigest, interpreters, importable, preparable };
}

function unavailable(reason: string, preparable: boolean): Capabilities {
  return { available: false, reason, interpreter: 'unknown', isolation: ISOLATION.run, limitations: [], imageDigest: null, preparable };
}
