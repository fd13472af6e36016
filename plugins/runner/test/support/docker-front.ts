/** A proxy over TCP or TLS in front of a local service, which a test can shut: simulates a remote Docker engine, and one that disappears. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

const DOCKER_SOCKET = '/var/run/docker.sock';

export interface Door {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Closes every connection and accepts no more, like a stopped engine. */
  shut(): Promise<void>;
  /** Listens again at the same address. */
  open(): Promise<void>;
}

export interface DockerFront extends Door {
  /** For `DOCKER_HOST`. */
  readonly url: string;
}

/** A proxy for this machine's Docker engine; with `tls`, it requires a client certificate. */
export async function startDockerFront(tls?: TlsOptions): Promise<DockerFront> {
  const door = await startDoor({ path: DOCKER_SOCKET }, tls);
  return { ...door, url: `tcp://127.0.0.1:${door.port}` };
}

/** A proxy for the service at `behind`. */
export async function startDoor(behind: NetConnectOpts, tls?: TlsOptions): Promise<Door> {
  const sockets = new Set<Socket>();
  const pass = (incoming: Socket): void => {
    const engine = connect(behind);
    for (const [from, to] of [
      [incoming, engine],
      [engine, incoming],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  };
  const make = (): Server => (tls ? createTlsServer({ requestCert: true, rejectUnauthorized: true, ...tls }, pass) : createServer(pass));
  let server = make();
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  return {
    port,
    shut: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    open: async () => {
      server = make();
      await listen(port);
    },
  };
}
