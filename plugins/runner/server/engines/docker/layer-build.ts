/**
 * Builds one image layer of packages: a container of the base image, locked but
 * for a network and a folder that it may write, in which pip installs wheels;
 * what is in the folder afterwards becomes an image. Nothing of a package is
 * run, and nothing is run on the server.
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
  /** Address of the package index, perhaps with a password in it; null for pip's own. */
  readonly index: string | null;
  /** Docker's name of the network that the index is reached over. */
  readonly network: string;
  readonly owner: string;
  /** Name and tag of the image to be. */
  readonly repo: string;
  readonly tag: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly bounds: BuildBounds;
  readonly signal: AbortSignal;
}

/** What a build may take. The container holds itself to the first two. */
export interface BuildBounds {
  /** Of the engine's disk, downloads included. */
  readonly bytes: number;
  readonly seconds: number;
  /** Then the server ends it: its machine is busy, or somebody paused it. */
  readonly patienceSeconds: number;
}

export const BUILD_BOUNDS: BuildBounds = { bytes: 1024 * 2 ** 20, seconds: 300, patienceSeconds: 330 };

/** The packages cannot be had. The message says which and why, for a person. */
export class PackagesFailed extends Error {
  override readonly name = 'PackagesFailed';
}

/** Lists what is installed in a layer: JSON of `name==version`. */
export const INSTALLED_LABEL = 'ved.installed';
/** As `boot/container.py` has it. */
const FOLDER = '/ved';
/** Of what pip said, enough to tell why it failed. */
const KEPT_CHARACTERS = 64 * 1024;

/** Rejects with PackagesFailed when pip could not, and as dockerode does. */
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
    if (build.signal.aborted) throw new PackagesFailed('The installing of packages was stopped.');
    if (late) throw new PackagesFailed(explainInstall(TOO_LONG, said, build));
    const { StatusCode: code } = (await container.wait()) as { StatusCode: number };
    if (code !== 0) throw new PackagesFailed(explainInstall(code, said, build));
    report({ text: 'Keeping the packages', fraction: null });
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

/** Folders that the user of the container may write to. */
async function emptyFolders(): Promise<NodeJS.ReadableStream> {
  const { pack } = await import('tar-stream');
  const archive = pack();
  for (const name of ['', '/packages', '/work']) {
    archive.entry({ name: `${FOLDER.slice(1)}${name}`, type: 'directory', mode: 0o755, uid: 65534, gid: 65534 });
  }
  archive.finalize();
  return archive;
}

/** Resolves with the end of what pip said, when it is done. */
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
