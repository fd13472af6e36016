/**
 * Ends connections whose client takes nothing of what waits for it. Bounds how
 * long answers, streams and the programs behind them are held for a client that
 * has stopped reading. One that reads slowly is never ended: what counts is
 * whether anything at all went out.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** A slow line empties the system's own buffers (some MiB) in this time. */
const STALLED_MS = 60_000;
const CHECK_MS = 5_000;

interface Progress {
  /** Bytes that left the process. */
  sent: number;
  /** When that was seen first. */
  since: number;
}

/** Watches every connection of a server for as long as that listens. */
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
