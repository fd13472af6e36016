/**
 * The HTTP server: listens, limits the number of connections, and stops without
 * cutting off requests in progress. No socket error, not even while accepting,
 * ends the process.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Unavailable } from '@ved/core/contract';
import type { Logger } from 'pino';
import { BootError } from '../boot-error.ts';
import { networkOf } from '../network-of.ts';
import { endSlowReaders } from './slow-readers.ts';

/** Longer than the idle timeout of common proxies, so that they close first and never use a closing connection. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** How long requests in progress may continue when the server stops. */
const DRAIN_LIMIT_MS = 5_000;
/** How often a stopping server looks for connections that have become idle. */
const IDLE_CHECK_MS = 20;
/** For the head; a slower client only occupies a connection. */
const HEAD_LIMIT_MS = 30_000;
/** For a whole request: an import of 64 MiB over a line of 2 Mbit/s. */
const REQUEST_LIMIT_MS = 300_000;
/** How long a connection over the limit may take to send its request and get the 503. */
const REFUSAL_LIMIT_MS = 2_000;
/** The listening socket emits thousands of errors when descriptors run out; they are logged at most this often. */
const LOG_EVERY_MS = 10_000;

/** The most open connections. A page needs up to six; each takes a descriptor and about 20 KiB. */
interface ConnectionLimits {
  readonly total: number;
  /** From one address (of IPv6: one /64). */
  readonly perAddress: number;
}

const CONNECTION_LIMITS: ConnectionLimits = { total: 2_000, perAddress: 500 };

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is already in use',
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'the host name does not exist',
};

interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly log: Logger;
  readonly limits?: ConnectionLimits;
}

interface Listening {
  readonly port: number;
  /** Accepts no more requests, and resolves when all are answered or the time limit is over. */
  close(): Promise<void>;
}

/** Starts to listen. Throws BootError with a clear message when it cannot. */
export async function listen(handler: RequestListener, options: ListenOptions): Promise<Listening> {
  const { host, port, log, limits = CONNECTION_LIMITS } = options;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS, headersTimeout: HEAD_LIMIT_MS, requestTimeout: REQUEST_LIMIT_MS });
  const serve = boundConnections(server, limits, handler);
  server.on('request', serve);
  // The body reader sends "continue" once it knows that the body is wanted.
  server.on('checkContinue', serve);
  server.on('clientError', refuseMalformed);
  endSlowReaders(server);
  const closeUnused = unusedConnections(server);
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      const reason = REASONS[error.code ?? ''] ?? error.message;
      reject(new BootError([`cannot listen on ${host}, port ${port}: ${reason}; set PORT or HOST to something else`], { cause: error }));
    };
    server.once('error', onError);
    server.listen({ host, port }, () => {
      server.off('error', onError).on('error', reportNowAndThen(log));
      resolve();
    });
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server, closeUnused) };
}

/**
 * Counts connections. Requests on one over the limit are answered with 503; far
 * over it, connections are closed without a response.
 */
function boundConnections(server: Server, { total, perAddress }: ConnectionLimits, handler: RequestListener): RequestListener {
  server.maxConnections = total * 2;
  const open = new Map<string, number>();
  const surplus = new WeakSet<Socket>();
  let count = 0;
  server.on('connection', (socket) => {
    const address = networkOf(socket.remoteAddress ?? '');
    const fromThere = (open.get(address) ?? 0) + 1;
    open.set(address, fromThere);
    count++;
    if (count > total || fromThere > perAddress) {
      surplus.add(socket);
      socket.setTimeout(REFUSAL_LIMIT_MS, () => socket.destroy());
    }
    socket.once('close', () => {
      count--;
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
  });
  return (req, res) => {
    if (!surplus.has(req.socket)) return handler(req, res);
    const headers = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', Connection: 'close', 'Retry-After': '5' };
    res.writeHead(503, headers).end(TOO_MANY);
  };
}

const TOO_MANY = JSON.stringify(
  new Unavailable(
    'request/too-many-connections',
    'Too many connections are open. Close some pages or programs that use ved, then try again in a few seconds.',
  ).toDetails(),
);

const MALFORMED: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** Answers malformed HTTP, if an answer is still possible. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket & { _httpMessage?: { headersSent: boolean } }): void {
  const status = MALFORMED[error.code ?? ''] ?? '400 Bad Request';
  // In the middle of a response, the client would take another one for the rest of it.
  if (error.code === 'ECONNRESET' || !socket.writable || socket._httpMessage?.headersSent) return void socket.destroy();
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

function reportNowAndThen(log: Logger): (error: Error) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  return (error) => {
    unsaid++;
    if (performance.now() - lastMs < LOG_EVERY_MS) return;
    log.error({ err: error, times: unsaid }, 'connections could not be accepted');
    lastMs = performance.now();
    unsaid = 0;
  };
}

/** Returns a function that closes the connections on which nothing was ever sent. Browsers open some in advance; Node does not count them as idle. */
function unusedConnections(server: Server): () => void {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  };
}

async function close(server: Server, closeUnused: () => void): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose response ends now would stay open for the client's next request.
  const idle = setInterval(() => {
    server.closeIdleConnections();
    closeUnused();
  }, IDLE_CHECK_MS);
  const limit = setTimeout(() => server.closeAllConnections(), DRAIN_LIMIT_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(limit);
}
