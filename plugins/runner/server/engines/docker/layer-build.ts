/**
 * Builds one image layer of packages: pip installs wheels in a container of the base
 * image, locked down except for a network and a writable folder, which then becomes an
 * image. No code of a package runs, and nothing runs on the server.
 */
import { readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { Progress } from '../../../contract/engine.ts';
import { readFrames } from '../frame-reader.ts';
import { sourceFile } from '../source-file.ts';
import { type ContainerImage, removeContainer } from './container.ts';
import { buildSpec } from './container-spec.ts';
import { explainInstall, installedIn, installProgress, TOO_LONG } from './install-words.ts';

export interface LayerBuild {
  readonly base: ContainerImage;
  /** Normalised requirements. */
  readonly packages: readonly string[];
  /** The index URL, which may contain a password; null for pip's default. */
  readonly index: string | null;
  /** The Docker network to reach the index. */
  readonly network: string;
  readonly owner: string;
  /** Name and tag of the resulting image. */
  readonly repo: string;
  readonly tag: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly bounds: BuildBounds;
  readonly signal: AbortSignal;
}

/** The limits of a build. The container enforces the first two itself. */
export interface BuildBounds {
  /** On the engine's disk, including downloads. */
  readonly bytes: number;
  readonly seconds: number;
  /** After this the server ends it, such as when it was paused. */
  readonly patienceSeconds: number;
}

export const BUILD_BOUNDS: BuildBounds = { bytes: 1024 * 2 ** 20, seconds: 300, patienceSeconds: 330 };

/** The packages cannot be installed. The message says which and why, for people. */
export class PackagesFailed extends Error {
  override readonly name = 'PackagesFailed';
}

/** Lists what is installed in a layer: JSON of `name==version`. */
export const INSTALLED_LABEL = 'ved.installed';
/** The same as in `boot/container.py`. */
const FOLDER = '/ved';
/** Enough of pip's output to explain a failure. */
const KEPT_CHARACTERS = 64 * 1024;

/** Rejects with PackagesFailed if pip failed, or as dockerode does. */
export async function buildLayer(docker: Docker, build: LayerBuild, report: (progress: Progress) => void): Promise<void> {
  const program = await readFile(sourceFile('docker', 'install-packages.py'), 'utf8');
  const container = await docker.createContainer(buildSpec(build.base.id, program, build.owner, build.network));
  let stream: Duplex | null = null;
  const stop = (): void => void stream?.destroy();
  let late = false;
  const patience = setTimeout(() => {
    late = true;
    stop();
  }, build.bounds.patienceSeconds * 1000);
  build.signal.addEventListener('abort', stop, { once: true });
  try {
    await container.putArchive(await emptyFolders(), { path: '/' });
    stream = (await container.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true })) as Duplex;
    stream.on('error', () => undefined);
    if (build.signal.aborted || late) stop();
    await container.start();
    stream.write(`${JSON.stringify(jobOf(build))}\n`);
    const said = await listen(stream, report);
    if (build.signal.aborted) throw new PackagesFailed('Installing packages was stopped.');
    if (late) throw new PackagesFailed(explainInstall(TOO_LONG, said, build));
    const { StatusCode: code } = (await container.wait()) as { StatusCode: number };
    if (code !== 0) throw new PackagesFailed(explainInstall(code, said, build));
    report({ text: 'Saving the packages', fraction: null });
    const installed = installedIn(said);
    const labels = installed ? { ...build.labels, [INSTALLED_LABEL]: JSON.stringify(installed) } : build.labels;
    await container.commit({ repo: build.repo, tag: build.tag, Labels: labels });
  } finally {
    clearTimeout(patience);
    build.signal.removeEventListener('abort', stop);
    stream?.destroy();
    await removeContainer(container);
  }
}

function jobOf({ packages, index, bounds }: LayerBuild): object {
  return { requirements: packages, index, folder: FOLDER, maxBytes: bounds.bytes, timeoutSeconds: bounds.seconds };
}

/** Folders that the container's user may write to. */
async function emptyFolders(): Promise<NodeJS.ReadableStream> {
  const { pack } = await import('tar-stream');
  const archive = pack();
  for (const name of ['', '/packages', '/work']) {
    archive.entry({ name: `${FOLDER.slice(1)}${name}`, type: 'directory', mode: 0o755, uid: 65534, gid: 65534 });
  }
  archive.finalize();
  return archive;
}

/** Resolves with the end of pip's output, when it is done. */
async function listen(stream: Duplex, report: (progress: Progress) => void): Promise<string> {
  let said = '';
  for await (const { data } of readFrames(stream)) {
    const text = data.toString('utf8');
    said = (said + text).slice(-KEPT_CHARACTERS);
    const progress = installProgress(text);
    if (progress) report(progress);
  }
  return said;
}
