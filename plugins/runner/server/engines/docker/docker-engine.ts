/**
 * The engine on Docker: a locked container for each run, booted ahead, used
 * once and thrown away. What it makes carries the label of its owner.
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
  /** The default first. Each needs a CPython with ctypes, and is called what its Python says where its name is null. */
  readonly interpreters: readonly NamedImage[];
  /** Where the engine answers: unix, npipe, tcp, http, https or ssh. The local socket when absent. */
  readonly dockerHost?: string | undefined;
  /** Of the data folder: containers of other owners on the same engine are left alone. */
  readonly owner: string;
  /** Containers kept booted and waiting, each about 15 MB of the engine's machine. The first is made by `probe`. */
  readonly poolSize: number;
  /**
   * `run`, the default: a container for each run. `lane`: the runs of one pass, or of one person, may follow each other in one
   * container that has proved between them that it is as new; several times the rate.
   */
  readonly isolation?: 'run' | 'lane';
  /** Memory and processors of the containers that wait. A job with others gets one that is made for it. */
  readonly size: ContainerSize;
  /** Where packages come from that scripts ask for (null: from pip's own index), and over which of Docker's networks. `none` installs nothing. */
  readonly packages: { readonly index: string | null; readonly network: string; readonly bounds?: BuildBounds };
  readonly log: Pick<Logger, 'warn' | 'info' | 'debug'>;
}

/** Containers of images besides the default's that wait for another run, over all images. */
const MOST_SPARES = 2;
const MIB = 2 ** 20;
const LOCKS = 'no network, no privileges, a read-only system, and bounds on memory, processors, processes and files';
const ISOLATION = {
  run: `A container for each run: ${LOCKS}.`,
  lane: `A container for the runs of one pass or one person, proved clean between them: ${LOCKS}.`,
};

/** The engine on Docker. Nothing is connected to until it is asked for something. */
export function createDockerEngine(options: DockerEngineOptions): Engine {
  return new DockerEngine(options);
}

class DockerEngine implements Engine {
  readonly id = 'docker';
  readonly #options: DockerEngineOptions;
  readonly #pool: WarmPool<Container>;
  readonly #lanes: Lanes | null;
  #connection: Promise<DockerConnection> | null = null;
  #boot: Promise<string> | null = null;
  /** Runs that have a container. */
  #going = 0;
  readonly #images: InterpreterImages;
  readonly #spares: Spares;
  readonly #layers: PackageLayers;
  readonly #bounds: SandboxBounds;

  constructor(options: DockerEngineOptions) {
    this.#options = options;
    this.#bounds = {
      ...CONTAINER_BOUNDS,
      packages: { available: options.packages.network !== 'none', advice: packagesAdvice(options.packages.network) },
      missingModules: new Set(),
    };
    this.#pool = new WarmPool({
      size: options.poolSize,
      make: () => this.#bootDefault(options.size),
      discard: (container) => container.dispose(),
      isAlive: (container) => container.alive,
      isBusy: () => this.#going > 0,
      onFailure: (error) => options.log.warn({ reason: this.#describe(error) }, 'a container could not be made ahead'),
    });
    const discard = (container: Container): void => this.#pool.discard(container);
    const retire = (container: Container): void => this.#pool.retire(container);
    this.#spares = new Spares({ size: Math.min(options.poolSize, MOST_SPARES), discard });
    this.#layers = new PackageLayers({
      owner: options.owner,
      ...options.packages,
      most: MOST_LAYERS,
      connect: () => this.#connect(),
      log: options.log,
    });
    this.#images = new InterpreterImages({
      list: options.interpreters,
      connect: () => this.#connect(),
      ask: async (image, isDefault) => {
        const container = await this.#bootContainer(image, options.size);
        if (isDefault) this.#pool.add(container);
        else discard(container);
        return container.python;
      },
    });
    this.#lanes = options.isolation === 'lane' ? new Lanes({ size: Math.max(1, options.poolSize), discard: retire }) : null;
  }

  async probe(): Promise<Capabilities> {
    const { image } = this.#options.interpreters[0]!;
    try {
      await pingDocker(await this.#connected());
      const found = await this.#images.findDefault();
      if (found === null) return unavailable(missingReason(image), true);
      return available(await this.#images.look(found), this.#options, this.#bounds);
    } catch (error) {
      return unavailable(this.#describe(error), false);
    }
  }

  async prepare(report: (progress: Progress) => void, signal: CancelSignal): Promise<void> {
    try {
      await this.#images.fetchMissing(report, signal);
    } catch (error) {
      const why = error instanceof FetchFailed ? `${error.message}. ${this.#describe(error.cause)}` : this.#describe(error);
      throw new Error(why, { cause: error });
    }
  }

  warmUp(): void {
    void this.#pool.fill();
  }

  async reap(): Promise<void> {
    const docker = await this.#connect();
    const filters = { label: [`${OWNER_LABEL}=${this.#options.owner}`] };
    const left = (await docker.listContainers({ all: true, filters })).filter(({ Labels }) => Labels[LIFE_LABEL] !== LIFE);
    await Promise.all(left.map(({ Id }) => removeContainer(docker.getContainer(Id))));
    await this.#layers.reap();
  }

  async makeReady(job: Job, report: Report): Promise<void> {
    await this.#explained(this.#imageFor(job, report));
  }

  run(job: Job): AsyncIterable<Started | Output | Artefact | Exit> {
    // Null is the default's, whose containers the pool holds.
    let image: ContainerImage | null = null;
    return runInSandbox<Container>(
      job,
      async () => {
        image = await this.#explained(this.#imageFor(job));
        const container = await this.#acquire(job, image);
        this.#going += 1;
        return container;
      },
      (container, intact) => {
        this.#going -= 1;
        if (intact && this.#lanes && this.#isStandard(job)) this.#lanes.keep(laneIn(image, job), container);
        else this.#retireAndRenew(container, image);
        this.#pool.refill();
      },
      this.#bounds,
    );
  }

  async close(): Promise<void> {
    await this.#layers.close();
    this.#lanes?.close();
    await this.#spares.close();
    await this.#pool.close();
    await (await this.#connection?.catch(() => null))?.close();
  }

  /** Null is the default's. With packages it is a layer upon the interpreter's image, built when it is not there. */
  async #imageFor({ interpreter, packages = [], signal, lane }: Job, report: Report = () => undefined): Promise<ContainerImage | null> {
    if (packages.length === 0 && this.#images.isDefault(interpreter)) return null;
    const image = await this.#images.imageOf(interpreter);
    return packages.length === 0 ? image : this.#layers.layerOf(image, packages, report, { signal, lane });
  }

  async #acquire(job: Job, image: ContainerImage | null): Promise<Container> {
    const boot = (): Promise<Container> => (image ? this.#bootContainer(image, job.limits) : this.#bootDefault(job.limits));
    if (!this.#isStandard(job)) return this.#explained(boot());
    const kept = await this.#takeKept(laneIn(image, job), image);
    if (kept) return kept;
    if (!image) return this.#explained(this.#pool.take(job.signal));
    return (await this.#spares.take(image.id)) ?? this.#explained(boot());
  }

  /** Null where a fresh one is to be had sooner, and another is left for who comes next. */
  async #takeKept(lane: string, image: ContainerImage | null): Promise<Container | null> {
    const ready = this.#lanes?.takeReady(lane) ?? null;
    if (ready || (!image && this.#pool.readyCount > 1)) return ready;
    return (await this.#lanes?.take(lane)) ?? null;
  }

  #retireAndRenew(container: Container, image: ContainerImage | null): void {
    this.#pool.retire(container);
    if (image) this.#spares.keep(image.id, () => this.#bootContainer(image, this.#options.size));
  }

  async #explained<T>(promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } catch (error) {
      throw new Error(this.#describe(error), { cause: error });
    }
  }

  #isStandard({ limits }: Job): boolean {
    const { memoryBytes, cpus } = this.#options.size;
    return limits.memoryBytes === memoryBytes && limits.cpus === cpus;
  }

  async #bootDefault(size: ContainerSize): Promise<Container> {
    return this.#bootContainer(await this.#images.imageOf(undefined), size);
  }

  async #bootContainer(image: ContainerImage, size: ContainerSize): Promise<Container> {
    this.#boot ??= bootProgram();
    const spec = containerSpec(image.id, await this.#boot, this.#options.owner, size);
    return Container.boot(await this.#connect(), spec, image, this.#lanes !== null);
  }

  async #connect(): Promise<Docker> {
    return (await this.#connected()).client;
  }

  #connected(): Promise<DockerConnection> {
    this.#connection ??= connectDocker(this.#options.dockerHost, process.env);
    return this.#connection;
  }

  #describe(error: unknown): string {
    return error instanceof ImageMissing || error instanceof PackagesFailed
      ? error.message
      : describeDockerError(error, this.#options.dockerHost);
  }
}

/** A container keeps its image, and so its lane is one of that image. */
function laneIn(image: ContainerImage | null, { lane }: Job): string {
  return `${image?.id ?? 'default'} ${lane}`;
}

/** What follows the words on how to ask for a package. */
function packagesAdvice(network: string): string {
  return network === 'none' ? 'This server installs no packages: whoever runs it may set VED_PACKAGES_NETWORK.' : '';
}

function limitationsOf({ size, packages }: DockerEngineOptions): string[] {
  const { processes, openFiles, diskBytes, diskFiles, sharedMemoryBytes } = CONTAINER_BOUNDS;
  return [
    'No network.',
    'No keyboard: input() finds the end of the file; test data is in the file that sys.argv[1] names.',
    `At most ${size.memoryBytes / MIB} MiB of memory, ${processes} processes and threads together, and ${openFiles} open files.`,
    `Nothing but /tmp can be written: ${diskBytes / MIB} MiB in ${diskFiles} files, gone after the run but for the files in /tmp/out.`,
    `At most ${sharedMemoryBytes / MIB} MiB of shared memory, for what the processes of multiprocessing share.`,
    packages.network === 'none'
      ? `The standard library only. ${packagesAdvice(packages.network)}`
      : 'Packages are installed that a script asks for, in "# dependencies = [...]" of its "# /// script" block.',
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
