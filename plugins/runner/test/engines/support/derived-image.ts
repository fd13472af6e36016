/** Creates an image from the test's own, with an added line that every Python in it runs first, for example to claim another version. */
import { randomBytes } from 'node:crypto';
import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { connectionOptions } from '../../../server/engines/docker/connection.ts';
import { LAYER_LABEL } from '../../../server/engines/docker/package-layers.ts';
import { DEFAULT_IMAGE } from './engines.ts';

export const OLD_PYTHON = 'import sys; sys.version_info, sys.version = (3, 13, 5, "final", 0), "3.13.5 (test)"\n';
export const NO_PIP = 'import sys; sys.modules["pip"] = None\n';

export interface DerivedImage {
  readonly name: string;
  readonly id: string;
  remove(): Promise<void>;
}

export function dockerClient(): Docker {
  return new Docker(connectionOptions(process.env.DOCKER_HOST, process.env));
}

/** `line` is put into a .pth file, which `site` runs. */
export async function deriveImage(line: string): Promise<DerivedImage> {
  const docker = dockerClient();
  const container = await docker.createContainer({ Image: DEFAULT_IMAGE, Cmd: ['true'] });
  const repo = `ved-test-${randomBytes(6).toString('hex')}`;
  try {
    const archive = pack();
    // The folders of the official image and of Debian's Python.
    for (const folder of ['site-packages', 'dist-packages']) {
      archive.entry({ name: `usr/local/lib/python3.14/${folder}/ved-test.pth` }, line);
    }
    archive.finalize();
    await container.putArchive(archive, { path: '/' });
    const { Id } = (await container.commit({ repo, tag: 'latest' })) as { Id: string };
    return { name: `${repo}:latest`, id: Id, remove: () => docker.getImage(Id).remove({ force: true }) };
  } finally {
    await container.remove({ force: true });
  }
}

/** Removes the package layers created by a server or an engine. Does nothing without a Docker engine, in which case the tests were skipped. */
export async function removeLayers(owner: string): Promise<void> {
  const docker = dockerClient();
  const isReachable = await docker.ping().then(
    () => true,
    () => false,
  );
  if (!isReachable) return;
  for (const { Id } of await docker.listImages({ filters: { label: [`ved.owner=${owner}`, LAYER_LABEL] } })) {
    await docker.getImage(Id).remove({ force: true });
  }
}
