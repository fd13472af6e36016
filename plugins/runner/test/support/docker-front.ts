/** A proxy in front of this machine's Docker engine: simulates a remote engine, and one that disappears. */
import type { TlsOptions } from 'node:tls';
import { type Door, startDoor } from '../../../../test/support/door.ts';

const DOCKER_SOCKET = '/var/run/docker.sock';

/** `url` is for `DOCKER_HOST`. With `tls`, it requires a client certificate. */
export async function startDockerFront(tls?: TlsOptions): Promise<Door> {
  const door = await startDoor({ path: DOCKER_SOCKET }, tls);
  return { ...door, url: `tcp://127.0.0.1:${door.port}` };
}
