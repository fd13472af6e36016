/**
 * Knows the images that interpreters live in: which are on the engine, which
 * Python each holds, which are being fetched. An image is asked for its Python
 * once, by starting it.
 */
import type Docker from 'dockerode';
import pTimeout from 'p-timeout';
import type { CancelSignal, Interpreter, Progress } from '../../../contract/engine.ts';
import { versionInName } from '../../interpreters/choose-interpreter.ts';
import { type ContainerImage, NoPython, type Python } from './container.ts';
import { type FoundImage, findImage, pullImage } from './image.ts';

/** An interpreter as the settings have it. */
export interface NamedImage {
  /** Null of the only one, which is called what its Python says. */
  readonly name: string | null;
  readonly image: string;
}

export interface InterpreterImagesOptions {
  /** The default first. */
  readonly list: readonly NamedImage[];
  connect(): Promise<Docker>;
  /** Starts a container of an image to hear what its Python is. Rejects with NoPython when none comes up. */
  ask(image: ContainerImage, isDefault: boolean): Promise<Python>;
}

/** Images besides the default that have not answered by then are asked on, and known at the next look. */
const ASKING_PATIENCE_MS = 4000;

export class InterpreterImages {
  readonly #options: InterpreterImagesOptions;
  /** By the id of the image; an image never changes. */
  readonly #pythons = new Map<string, Python | NoPython>();
  readonly #asking = new Map<string, Promise<void>>();
  #fetching: string | null = null;

  constructor(options: InterpreterImagesOptions) {
    this.#options = options;
  }

  /** The default's image; null when it is not there. */
  async findDefault(): Promise<FoundImage | null> {
    return findImage(await this.#options.connect(), this.#options.list[0]!.image);
  }

  /** The image of an interpreter, of the default when no name is given. Throws when it is not there. */
  async imageOf(name: string | undefined): Promise<ContainerImage> {
    const entry = this.#options.list.find((each, index) => (name === undefined ? index === 0 : this.#isCalled(each, name)));
    if (!entry) throw new ImageMissing(name ?? 'of the default');
    const found = await findImage(await this.#options.connect(), entry.image);
    if (!found) throw new ImageMissing(entry.image);
    return { ...found, interpreter: entry.name };
  }

  /** Whether a name is that of the default; no name is. */
  isDefault(name: string | undefined): boolean {
    return name === undefined || this.#isCalled(this.#options.list[0]!, name);
  }

  /** All of them, the default first, which must be there and must start: rejects otherwise. */
  async look(defaultImage: FoundImage): Promise<Interpreter[]> {
    const docker = await this.#options.connect();
    const [first, ...others] = this.#options.list;
    const found = await Promise.all(others.map(({ image }) => findImage(docker, image)));
    await this.#askOnce({ ...defaultImage, interpreter: first!.name }, true);
    const asked = found.map((image, index) => image && this.#askOnce({ ...image, interpreter: others[index]!.name }, false));
    await pTimeout(Promise.allSettled(asked), { milliseconds: ASKING_PATIENCE_MS, message: false });
    return [this.#describe(first!, defaultImage), ...others.map((entry, index) => this.#describe(entry, found[index]!))];
  }

  /** Fetches every image that is missing. Rejects at the first that cannot be had, when all were tried. */
  async fetchMissing(report: (progress: Progress) => void, signal: CancelSignal): Promise<void> {
    const docker = await this.#options.connect();
    const failures: unknown[] = [];
    for (const { image } of this.#options.list) {
      if (await findImage(docker, image)) continue;
      this.#fetching = image;
      await pullImage(docker, image, report, signal).catch((error: unknown) => failures.push({ image, error }));
      this.#fetching = null;
    }
    const [failure] = failures as { image: string; error: unknown }[];
    if (failure) throw new FetchFailed(failure.image, failure.error);
  }

  #isCalled(entry: NamedImage, name: string): boolean {
    return entry.name === null ? [...this.#pythons.values()].some((python) => python.name === name) : entry.name === name;
  }

  /** Remembers a Python that did not come up, not an engine that did not answer. The default's failure is thrown. */
  #askOnce(image: ContainerImage, isDefault: boolean): Promise<void> {
    const known = this.#pythons.get(image.id);
    if (known instanceof NoPython && isDefault) this.#pythons.delete(image.id);
    else if (known) return Promise.resolve();
    const asking = this.#asking.get(image.id) ?? this.#ask(image, isDefault).finally(() => this.#asking.delete(image.id));
    this.#asking.set(image.id, asking);
    return asking;
  }

  async #ask(image: ContainerImage, isDefault: boolean): Promise<void> {
    try {
      this.#pythons.set(image.id, await this.#options.ask(image, isDefault));
    } catch (error) {
      if (isDefault || !(error instanceof NoPython)) throw error;
      this.#pythons.set(image.id, error);
    }
  }

  #describe({ name, image }: NamedImage, found: FoundImage | null): Interpreter {
    const python = found && this.#pythons.get(found.id);
    const known = python && !(python instanceof NoPython) ? python : null;
    const facts = { name: name ?? known?.name ?? 'unknown', version: known?.version ?? versionInName(name ?? ''), image };
    if (!found && this.#fetching === image)
      return { ...facts, state: 'fetching', reason: `Its image ${image} is being fetched.`, imageDigest: null };
    if (!found) return { ...facts, state: 'missing', reason: missingReason(image), imageDigest: null };
    if (python instanceof NoPython) return { ...facts, state: 'unusable', reason: `${python.message}.`, imageDigest: found.digest };
    return { ...facts, state: 'ready', reason: null, imageDigest: found.digest };
  }
}

/** An image that could not be fetched; `cause` is what Docker said. */
export class FetchFailed extends Error {
  constructor(
    readonly image: string,
    override readonly cause: unknown,
  ) {
    super(`The image ${image} could not be fetched`);
  }
}

/** An image that a run needs is not there. The message is for a person. */
export class ImageMissing extends Error {
  override readonly name = 'ImageMissing';
  constructor(image: string) {
    super(missingReason(image));
  }
}

export function missingReason(image: string): string {
  return `The image ${image} is not on the Docker engine.`;
}
