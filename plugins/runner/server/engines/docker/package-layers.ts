/**
 * Manages image layers of packages, one per base image and set of requirements. Runs
 * with the same requirements share a build; builds run one at a time, taking turns
 * between lanes; the least recently used layers are removed when there are too many.
 */
import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import type { Logger } from 'pino';
import type { CancelSignal, Progress } from '../../../contract/engine.ts';
import { unlessAborted } from '../../unless-aborted.ts';
import { statusOf } from './connection.ts';
import type { ContainerImage } from './container.ts';
import { OWNER_LABEL } from './container-spec.ts';
import { findImage } from './image.ts';
import { BUILD_BOUNDS, type BuildBounds, buildLayer, INSTALLED_LABEL, PackagesFailed } from './layer-build.ts';

export interface PackageLayersOptions {
  readonly owner: string;
  /** The index URL; null for pip's default. */
  readonly index: string | null;
  readonly network: string;
  readonly bounds?: BuildBounds;
  /** The most layers that are kept. */
  readonly most: number;
  connect(): Promise<Docker>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** Lists the requirements of a layer. */
export const LAYER_LABEL = 'ved.packages';
/** Each may take up to 1 GiB of the engine's disk. */
export const MOST_LAYERS = 20;
/** A failure is cached for this long, so that a queue of twenty runs does not try twenty times. */
const FAILURE_MS = 60_000;

interface Waiting {
  readonly who: string;
  begin(): void;
}

export type Report = (progress: Progress | null) => void;

export class PackageLayers {
  private readonly options: PackageLayersOptions;
  private readonly building = new Map<string, Promise<void>>();
  private readonly failures = new Map<string, { readonly error: PackagesFailed; readonly until: number }>();
  /** When a layer was last used, by its id, since the server started. */
  private readonly used = new Map<string, number>();
  private readonly closing = new AbortController();
  /** Builds waiting for their turn. */
  private waiting: Waiting[] = [];
  private isBuilding = false;
  /** The lane of the last build. */
  private lastFor: string | null = null;

  constructor(options: PackageLayersOptions) {
    this.options = options;
  }

  /** The image with these packages on top of the base, built if missing. Rejects with PackagesFailed, as dockerode does, or when `signal` fires. */
  async layerOf(
    base: ContainerImage,
    packages: readonly string[],
    report: Report,
    { signal, lane }: { readonly signal: CancelSignal; readonly lane: string },
  ): Promise<ContainerImage> {
    const docker = await this.options.connect();
    const tag = keyOf(base, packages, this.options.index);
    const name = `${this.repo}:${tag}`;
    let found = await findImage(docker, name);
    if (!found) {
      const built = this.build(docker, base, packages, tag, report, lane);
      await unlessAborted(built, signal, () => new PackagesFailed('It was cancelled while its packages were being installed.'));
      found = await findImage(docker, name);
    }
    if (!found) throw new PackagesFailed('The layer with the packages was removed in the meantime. Run the script again.');
    this.used.set(found.id, Date.now());
    const { id, digest, labels } = found;
    const installed = labels[INSTALLED_LABEL];
    return { id, digest, interpreter: base.interpreter, ...(installed ? { packages: JSON.parse(installed) } : {}) };
  }

  /** Removes surplus layers, except those in use. */
  async reap(): Promise<void> {
    const docker = await this.options.connect();
    const filters = { label: [`${OWNER_LABEL}=${this.options.owner}`, LAYER_LABEL] };
    const layers = await docker.listImages({ filters });
    const lastUse = ({ Id, Created }: { Id: string; Created: number }): number => this.used.get(Id) ?? Created * 1000;
    for (const { Id } of layers.sort((a, b) => lastUse(b) - lastUse(a)).slice(this.options.most)) {
      await docker
        .getImage(Id)
        .remove()
        .then(() => this.used.delete(Id))
        .catch((error: unknown) => {
          // In use by a container, or already removed: retried next time.
          if (![404, 409].includes(statusOf(error) ?? 0)) throw error;
        });
    }
  }

  /** Stops builds. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.allSettled(this.building.values());
  }

  private get repo(): string {
    return `ved-packages-${this.options.owner}`;
  }

  private build(
    docker: Docker,
    base: ContainerImage,
    packages: readonly string[],
    tag: string,
    report: Report,
    who: string,
  ): Promise<void> {
    const failure = this.failures.get(tag);
    if (failure && failure.until > performance.now()) return Promise.reject(failure.error);
    this.failures.delete(tag);
    const known = this.building.get(tag);
    if (known) return known;
    const building = this.turn(who)
      .then(() => this.buildNow(docker, base, packages, tag, report).finally(() => this.next()))
      .finally(() => this.building.delete(tag));
    this.building.set(tag, building);
    return building;
  }

  /** Resolves when it is the turn of a build for `who`, which must end with `#next`. */
  private turn(who: string): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push({ who, begin: resolve });
      if (!this.isBuilding) this.next();
    });
  }

  /** Starts the first waiting build of another lane than the last, else the first. */
  private next(): void {
    const next = this.waiting.find(({ who }) => who !== this.lastFor) ?? this.waiting[0];
    this.waiting = this.waiting.filter((each) => each !== next);
    this.isBuilding = next !== undefined;
    if (!next) return;
    this.lastFor = next.who;
    next.begin();
  }

  private remember(tag: string, error: PackagesFailed): void {
    const now = performance.now();
    for (const [other, { until }] of this.failures) if (until <= now) this.failures.delete(other);
    this.failures.set(tag, { error, until: now + FAILURE_MS });
  }

  private async buildNow(docker: Docker, base: ContainerImage, packages: readonly string[], tag: string, report: Report): Promise<void> {
    const { owner, index, network, log, bounds = BUILD_BOUNDS } = this.options;
    const labels = { [OWNER_LABEL]: owner, [LAYER_LABEL]: packages.join('\n') };
    if (network === 'none')
      throw new PackagesFailed(
        `Missing packages: ${packages.join(', ')}. This server does not install packages (VED_PACKAGES_NETWORK=none).`,
      );
    report({ text: `Installing ${packages.length === 1 ? packages[0] : `${packages.length} packages`}`, fraction: null });
    try {
      const build = { base, packages, index, network, owner, repo: this.repo, tag, labels, bounds, signal: this.closing.signal };
      await buildLayer(docker, build, report);
      log.info({ packages, base: base.digest }, 'packages installed');
      await this.reap();
    } catch (error) {
      if (error instanceof PackagesFailed) this.remember(tag, error);
      log.warn({ packages, base: base.digest, err: error }, 'packages could not be installed');
      throw error;
    } finally {
      report(null);
    }
  }
}

/** A key per base, set of requirements and index, because another index may have different packages with the same names. */
function keyOf(base: ContainerImage, packages: readonly string[], index: string | null): string {
  return createHash('sha256')
    .update(JSON.stringify([base.id, packages, index]))
    .digest('hex')
    .slice(0, 32);
}
