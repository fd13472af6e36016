/** A proxy over TCP or TLS in front of a local service, which a test can shut, as if the service or the network were gone. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

export interface Door {
  /** On 127.0.0.1. */
  readonly port: number;
  /** The same as an address for HTTP. */
  readonly url: string;
  /** Closes every connection and accepts no more. Does nothing while it is shut. */
  shut(): Promise<void>;
  /** Listens again at the same address. Does nothing while it is open. */
  open(): Promise<void>;
}

/** A proxy for the service at `behind`. */
export async function startDoor(behind: NetConnectOpts, tls?: TlsOptions): Promise<Door> {
  const sockets = new Set<Socket>();
  const pass = (incoming: Socket): void => {
    const outgoing = connect(behind);
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
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
    url: `http://127.0.0.1:${port}`,
    shut: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    open: async () => {
      if (server.listening) return;
      server = make();
      await listen(port);
    },
  };
}
