/** The locks of a container. Each of these was seen to matter under attack; loosen none without a test that says why. */
import { randomUUID } from 'node:crypto';
import type { ContainerCreateOptions } from 'dockerode';

export interface ContainerSize {
  readonly memoryBytes: number;
  readonly cpus: number;
}

/** Names what a server of this data folder has made, so that servers that share a Docker engine leave each other alone. */
export const OWNER_LABEL = 'ved.owner';
/** Tells the containers of this life of the server from those of an earlier one. */
export const LIFE_LABEL = 'ved.life';
export const LIFE = randomUUID();

const MIB = 2 ** 20;
/** The first byte is sent before the start. */
const ATTACHED_SECONDS = 10;
/** Of pip, with what it unpacks. */
const BUILD_MEMORY = 1024 * MIB;
/** `nobody` wherever there is such a name. */
const USER = '65534:65534';
/** What a script may have, beside the memory of its run. */
export const CONTAINER_BOUNDS = {
  processes: 64,
  openFiles: 256,
  /** 64 MiB fit a container of 256 MiB, and the number of files needs its own bound. */
  diskBytes: 64 * MIB,
  diskFiles: 16384,
  fileBytes: 64 * MIB,
  /** For what multiprocessing shares: each of its locks takes a page. It counts as memory of the run. */
  sharedMemoryBytes: 32 * MIB,
  sharedMemoryFiles: 1024,
};
const { diskBytes, diskFiles, sharedMemoryBytes, sharedMemoryFiles } = CONTAINER_BOUNDS;
/** Of everything that a script may write. */
const TMP = `rw,noexec,nosuid,nodev,size=${diskBytes},nr_inodes=${diskFiles},mode=1777`;
/** Docker's own for `IpcMode: private` would have no bound on files, so it has none, and this is mounted in its place. */
const SHARED = `rw,noexec,nosuid,nodev,size=${sharedMemoryBytes},nr_inodes=${sharedMemoryFiles},mode=1777`;
/** The script and its input: at most 17 MiB as the routes have it. */
const RUNNER = `rw,noexec,nosuid,nodev,size=${20 * MIB},nr_inodes=16,mode=0700,uid=65534,gid=65534`;

/**
 * A container that runs `boot` (a Python program) as process 1. Nothing of the host is mounted: an engine elsewhere could not
 * see it. It removes itself when it ends, as it does when nobody has sent it a byte within `attachedSeconds`.
 */
export function containerSpec(
  image: string,
  boot: string,
  owner: string,
  size: ContainerSize,
  attachedSeconds = ATTACHED_SECONDS,
): ContainerCreateOptions {
  return {
    Image: image,
    Entrypoint: ['python3', '-u', '-c', boot],
    Cmd: [String(attachedSeconds)],
    User: USER,
    WorkingDir: '/tmp',
    Hostname: 'ved',
    Env: ['HOME=/tmp', 'LANG=C.UTF-8'],
    Labels: { [OWNER_LABEL]: owner, [LIFE_LABEL]: LIFE },
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    // The end of the connection is the end of stdin, and so of process 1.
    StdinOnce: true,
    Tty: false,
    NetworkDisabled: true,
    HostConfig: {
      AutoRemove: true,
      NetworkMode: 'none',
      Memory: size.memoryBytes,
      MemorySwap: size.memoryBytes,
      NanoCpus: Math.round(size.cpus * 1e9),
      PidsLimit: CONTAINER_BOUNDS.processes,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      IpcMode: 'none',
      LogConfig: { Type: 'none', Config: {} },
      Tmpfs: { '/tmp': TMP, '/runner': RUNNER, '/dev/shm': SHARED },
      Ulimits: [
        { Name: 'nofile', Soft: CONTAINER_BOUNDS.openFiles, Hard: CONTAINER_BOUNDS.openFiles },
        // Message queues would outlast the process that made them.
        { Name: 'msgqueue', Soft: 0, Hard: 0 },
        { Name: 'core', Soft: 0, Hard: 0 },
        { Name: 'fsize', Soft: CONTAINER_BOUNDS.fileBytes, Hard: CONTAINER_BOUNDS.fileBytes },
      ],
    },
  };
}

/**
 * A container in which pip installs packages: the same locks, but with a network, and a system that its user may write to
 * where a folder has been made for that. It stays when it has ended, to be made an image of.
 */
export function buildSpec(image: string, program: string, owner: string, network: string): ContainerCreateOptions {
  const spec = containerSpec(image, program, owner, { memoryBytes: BUILD_MEMORY, cpus: 1 });
  return {
    ...spec,
    Cmd: [],
    WorkingDir: '/',
    NetworkDisabled: false,
    HostConfig: {
      ...spec.HostConfig,
      AutoRemove: false,
      NetworkMode: network,
      ReadonlyRootfs: false,
      Tmpfs: { '/tmp': TMP },
      Ulimits: [
        { Name: 'nofile', Soft: 1024, Hard: 1024 },
        { Name: 'core', Soft: 0, Hard: 0 },
        { Name: 'fsize', Soft: 1024 * MIB, Hard: 1024 * MIB },
      ],
    },
  };
}
