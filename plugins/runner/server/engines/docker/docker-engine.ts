/**
 * The engine on Docker: a locked container for each run, booted ahead, used
 * once and thrown away. What it makes carries the label of its owner.
 */
import { readFile } from 'node:fs/promises';
import type Docker from 'dockerode';
import type { Logger } from 'pino';
import type { CancelSignal, Capabilities, Engine, Exit, Job, Output, Progress, Started } from '../../../contract/engine.ts';
import { runInSandbox } from '../run-in-sandbox.ts';
import { sourceFile } from '../source-file.ts';
import { WarmPool } from '../warm-pool.ts';
import { connectionOptions, describeDockerError } from './connection.ts';
import { Container, removeContainer } from './container.ts';
import { type ContainerSize, containerSpec, LIFE, LIFE_LABEL, OWNER_LABEL } from './container-spec.ts';
import { imageDigest, pullImage } from './image.ts';
import { Lanes } from './lanes.ts';

export interface DockerEngineOptions {
  /** Such as `python:3.14-slim`; needs a CPython with ctypes. */
  readonly image: string;
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
  readonly log: Pick<Logger, 'warn' | 'info' | 'debug'>;
}

/** A Docker engine that takes longer to say that it is there is not one to run scripts on. */
const PROBE_TIMEOUT_MS = 5000;
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
  #docker: Promise<Docker> | null = null;
  #boot: Promise<string> | null = null;
  /** Of which image which interpreter is known. */
  #known: { readonly digest: string; readonly interpreter: string } | null = null;

  constructor(options: DockerEngineOptions) {
    this.#options = options;
    this.#pool = new WarmPool({
      size: options.poolSize,
      make: () => this.#bootContainer(options.size),
      discard: (container) => container.dispose(),
      isAlive: (container) => container.alive,
      onFailure: (error) => options.log.warn({ reason: this.#describe(error) }, 'a container could not be made ahead'),
    });
    const discard = (container: Container): void => this.#pool.discard(container);
    this.#lanes = options.isolation === 'lane' ? new Lanes({ size: Math.max(1, options.poolSize), discard }) : null;
  }

  async probe(): Promise<Capabilities> {
    const { image } = this.#options;
    try {
      const digest = await withTimeout(this.#findImage(), PROBE_TIMEOUT_MS, 'it does not answer');
      if (digest === null) return unavailable(`The image ${image} is not on the Docker engine.`, true);
      return available(digest, await this.#interpreterOf(digest), ISOLATION[this.#options.isolation ?? 'run']);
    } catch (error) {
      return unavailable(this.#describe(error), false);
    }
  }

  async prepare(report: (progress: Progress) => void, signal: CancelSignal): Promise<void> {
    try {
      await pullImage(await this.#connect(), this.#options.image, report, signal);
    } catch (error) {
      throw new Error(`The image ${this.#options.image} could not be fetched. ${this.#describe(error)}`, { cause: error });
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
  }

  run(job: Job): AsyncIterable<Started | Output | Exit> {
    return runInSandbox<Container>(
      job,
      () => this.#acquire(job),
      (container, intact) => {
        if (intact && this.#lanes && this.#isStandard(job)) this.#lanes.keep(job.lane, container);
        else this.#pool.discard(container);
        void this.#pool.fill();
      },
    );
  }

  async close(): Promise<void> {
    this.#lanes?.close();
    await this.#pool.close();
  }

  async #acquire(job: Job): Promise<Container> {
    if (!this.#isStandard(job)) return this.#explained(this.#bootContainer(job.limits));
    return (await this.#lanes?.take(job.lane)) ?? this.#explained(this.#pool.take());
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

  async #bootContainer(size: ContainerSize): Promise<Container> {
    this.#boot ??= readFile(sourceFile('docker', 'boot.py'), 'utf8');
    const spec = containerSpec(this.#options.image, await this.#boot, this.#options.owner, size);
    return Container.boot(await this.#connect(), spec, this.#lanes !== null);
  }

  /** Asks the image itself, once; the container that answered joins those that wait. */
  async #interpreterOf(digest: string): Promise<string> {
    if (this.#known?.digest === digest) return this.#known.interpreter;
    const container = await this.#bootContainer(this.#options.size);
    this.#known = { digest, interpreter: container.interpreter };
    this.#pool.add(container);
    return container.interpreter;
  }

  async #findImage(): Promise<string | null> {
    return imageDigest(await this.#connect(), this.#options.image);
  }

  #connect(): Promise<Docker> {
    this.#docker ??= import('dockerode').then(
      ({ default: Client }) => new Client(connectionOptions(this.#options.dockerHost, process.env)),
    );
    return this.#docker;
  }

  #describe(error: unknown): string {
    return describeDockerError(error, this.#options.dockerHost);
  }
}

function available(digest: string, interpreter: string, isolation: string): Capabilities {
  const limitations = [
    'No network.',
    'Nothing but /tmp can be written: 64 MiB, gone after the run.',
    'No shared memory: of multiprocessing, locks, queues and pools do not work.',
  ];
  return { available: true, reason: null, interpreter, isolation, limitations, imageDigest: digest };
}

function unavailable(reason: string, preparable: boolean): Capabilities {
  return { available: false, reason, interpreter: 'unknown', isolation: ISOLATION.run, limitations: [], imageDigest: null, preparable };
}

async function withTimeout<T>(promise: Promise<T>, timeoutMs: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error(message), { code: 'ETIMEDOUT' })), timeoutMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
