/** The HTTP server: begins to listen, and ends without cutting off what is under way. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BootError } from '../boot-error.ts';
import { endSlowReaders } from './slow-readers.ts';

/** Longer than the idle time of common proxies, so that they close first and never meet a closing connection. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** How long requests under way may go on when the server stops. */
const DRAIN_LIMIT_MS = 5_000;

/** How often a server that stops looks for connections whose last answer went out. */
const IDLE_CHECK_MS = 20;

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there already',
  EACCES: 'the system does not allow it',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'there is no such name',
};

export interface Listening {
  readonly port: number;
  /** Takes no more, and resolves when all is answered or the limit is over. */
  close(): Promise<void>;
}

/** Listens. Throws BootError with one clear line when it cannot. */
export async function listen(handler: RequestListener, host: string, port: number): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS }, handler);
  // The body's reader says "continue", once it is clear that the body is wanted.
  server.on('checkContinue', handler);
  endSlowReaders(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = REASONS[error.code ?? ''] ?? error.message;
      reject(new BootError([`cannot listen on ${host}, port ${port}: ${reason}; set PORT or HOST to something else`], { cause: error }));
    });
    server.listen({ host, port }, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose answer ends now stays open for the client's next request, which must not be waited for.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const limit = setTimeout(() => server.closeAllConnections(), DRAIN_LIMIT_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(limit);
}
