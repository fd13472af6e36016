/**
 * Tracks the images of interpreters: which exist on the engine, which Python each has,
 * which are being fetched. An image's Python version is determined once, by starting it.
 */
import type Docker from 'dockerode';
import pTimeout from 'p-timeout';
import type { CancelSignal, Interpreter, Progress } from '../../../contract/engine.ts';
import { versionInName } from '../../interpreters/choose-interpreter.ts';
import { type ContainerImage, NoPython, type Python } from './container.ts';
import { type FoundImage, findImage, pullImage } from './image.ts';

/** An interpreter from the settings. */
export interface NamedImage {
  /** Null for a single unnamed one, which has the name that its Python reports. */
  readonly name: string | null;
  readonly image: string;
}

export interface InterpreterImagesOptions {
  /** The default first. */
  readonly list: readonly NamedImage[];
  connect(): Promise<Docker>;
  /** Starts a container of an image to determine its Python. Rejects with NoPython if none starts. */
  ask(image: ContainerImage, isDefault: boolean): Promise<Python>;
}

/** Other images that take longer than this are checked in the background, and known at the next probe. */
const ASKING_PATIENCE_MS = 4000;

export class InterpreterImages {
  private readonly options: InterpreterImagesOptions;
  /** By the id of the image; an image never changes. */
  private readonly pythons = new Map<string, Python | NoPython>();
  private readonly asking = new Map<string, Promise<void>>();
  private fetching: string | null = null;

  constructor(options: InterpreterImagesOptions) {
    this.options = options;
  }

  /** The default's image; null if it is missing. */
  async findDefault(): Promise<FoundImage | null> {
    return findImage(await this.options.connect(), this.options.list[0]!.image);
  }

  /** The image of an interpreter, by default of the default one. Throws if it is missing. */
  async imageOf(name: string | undefined): Promise<ContainerImage> {
    const entry = this.options.list.find((each, index) => (name === undefined ? index === 0 : this.isCalled(each, name)));
    if (!entry) throw new ImageMissing(name ?? 'of the default');
    const found = await findImage(await this.options.connect(), entry.image);
    if (!found) throw new ImageMissing(entry.image);
    return { ...found, interpreter: entry.name };
  }

  /** Whether a name, or no name, refers to the default. */
  isDefault(name: string | undefined): boolean {
    return name === undefined || this.isCalled(this.options.list[0]!, name);
  }

  /** All interpreters, the default first. Rejects if the default's image is missing or does not start. */
  async look(defaultImage: FoundImage): Promise<Interpreter[]> {
    const docker = await this.options.connect();
    const [first, ...others] = this.options.list;
    const found = await Promise.all(others.map(({ image }) => findImage(docker, image)));
    await this.askOnce({ ...defaultImage, interpreter: first!.name }, true);
    const asked = found.map((image, index) => image && this.askOnce({ ...image, interpreter: others[index]!.name }, false));
    await pTimeout(Promise.allSettled(asked), { milliseconds: ASKING_PATIENCE_MS, message: false });
    return [this.describe(first!, defaultImage), ...others.map((entry, index) => this.describe(entry, found[index]!))];
  }

  /** Fetches all missing images. After trying all, rejects with the first failure. */
  async fetchMissing(report: (progress: Progress) => void, signal: CancelSignal): Promise<void> {
    const docker = await this.options.connect();
    const failures: unknown[] = [];
    for (const { image } of this.options.list) {
      if (await findImage(docker, image)) continue;
      this.fetching = image;
      await pullImage(docker, image, report, signal).catch((error: unknown) => failures.push({ image, error }));
      this.fetching = null;
    }
    const [failure] = failures as { image: string; error: unknown }[];
    if (failure) throw new FetchFailed(failure.image, failure.error);
  }

  private isCalled(entry: NamedImage, name: string): boolean {
    return entry.name === null ? [...this.pythons.values()].some((python) => python.name === name) : entry.name === name;
  }

  /** Remembers that Python did not start, but not that the engine did not respond. Throws for the default. */
  private askOnce(image: ContainerImage, isDefault: boolean): Promise<void> {
    const known = this.pythons.get(image.id);
    if (known instanceof NoPython && isDefault) this.pythons.delete(image.id);
    else if (known) return Promise.resolve();
    const asking = this.asking.get(image.id) ?? this.ask(image, isDefault).finally(() => this.asking.delete(image.id));
    this.asking.set(image.id, asking);
    return asking;
  }

  private async ask(image: ContainerImage, isDefault: boolean): Promise<void> {
    try {
      this.pythons.set(image.id, await this.options.ask(image, isDefault));
    } catch (error) {
      if (isDefault || !(error instanceof NoPython)) throw error;
      this.pythons.set(image.id, error);
    }
  }

  private describe({ name, image }: NamedImage, found: FoundImage | null): Interpreter {
    const python = found && this.pythons.get(found.id);
    const known = python && !(python instanceof NoPython) ? python : null;
    const facts = { name: name ?? known?.name ?? 'unknown', version: known?.version ?? versionInName(name ?? ''), image };
    if (!found && this.fetching === image)
      return { ...facts, state: 'fetching', reason: `Its image ${image} is being fetched.`, imageDigest: null };
    if (!found) return { ...facts, state: 'missing', reason: missingReason(image), imageDigest: null };
    if (python instanceof NoPython) return { ...facts, state: 'unusable', reason: `${python.message}.`, imageDigest: found.digest };
    return { ...facts, state: 'ready', reason: null, imageDigest: found.digest };
  }
}

/** An image could not be fetched; `cause` is Docker's error. */
export class FetchFailed extends Error {
  constructor(
    readonly image: string,
    override readonly cause: unknown,
  ) {
    super(`The image ${image} could not be fetched`);
  }
}

/** An image that a run needs is missing. The message is for people. */
export class ImageMissing extends Error {
  override readonly name = 'ImageMissing';
  constructor(image: string) {
    super(missingReason(image));
  }
}

export function missingReason(image: string): string {
  return `The image ${image} is not on the Docker engine.`;
}
