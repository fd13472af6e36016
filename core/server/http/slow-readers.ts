/**
 * Closes connections whose client does not read pending data. This limits how long
 * responses, streams and the programs behind them are kept for a client that has
 * stopped reading. A slow reader is never closed: only whether any data was sent
 * counts.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** A slow line empties the system's buffers (a few MiB) in this time. */
const STALLED_MS = 60_000;
const CHECK_MS = 5_000;

interface Progress {
  /** Bytes that left the process. */
  sent: number;
  /** When this count was first seen. */
  since: number;
}

/** Watches every connection of a server while it listens. */
export function endSlowReaders(server: Server, { stalledMs = STALLED_MS, checkMs = CHECK_MS } = {}): void {
  const progress = new Map<Socket, Progress>();
  server.on('connection', (socket: Socket) => {
    progress.set(socket, { sent: 0, since: performance.now() });
    socket.once('close', () => progress.delete(socket));
  });
  const timer = setInterval(() => {
    const now = performance.now();
    for (const [socket, seen] of progress) {
      const sent = socket.bytesWritten - socket.writableLength;
      if (sent !== seen.sent || socket.writableLength === 0) {
        seen.sent = sent;
        seen.since = now;
      } else if (now - seen.since >= stalledMs) socket.destroy();
    }
  }, checkMs);
  timer.unref();
  server.once('close', () => clearInterval(timer));
}
