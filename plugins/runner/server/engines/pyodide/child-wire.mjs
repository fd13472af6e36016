/**
 * What a child and the server say to each other. In: a line of JSON
 * `{scriptBytes, inputBytes, memoryBytes, files}`, the script, the input. Out: frames
 * as the engine's frame reader takes them apart. Everything is synchronous: a full
 * pipe holds the script back.
 */
import { readSync, writevSync } from 'node:fs';

export const FRAME = { stdout: 1, stderr: 2, ready: 3, exit: 4, files: 5 };

const JOB_FD = 0;
const FRAME_FD = 3;

/** Writes one frame whole, of one piece of data or several. */
export function writeFrame(kind, ...data) {
  const header = Buffer.alloc(8);
  header[0] = kind;
  header.writeUInt32BE(
    data.reduce((sum, { length }) => sum + length, 0),
    4,
  );
  let parts = [header, ...data];
  while (parts.length > 0) {
    let written = writevSync(FRAME_FD, parts);
    parts = parts.flatMap((part) => {
      const done = Math.min(written, part.length);
      written -= done;
      return done < part.length ? [part.subarray(done)] : [];
    });
  }
}

/** Waits for the job; null when the server has gone. */
export function readJob() {
  let received = Buffer.alloc(0);
  const chunk = Buffer.alloc(65536);
  const atLeast = (test) => {
    while (!test()) {
      const count = readSync(JOB_FD, chunk);
      if (count === 0) return false;
      received = Buffer.concat([received, chunk.subarray(0, count)]);
    }
    return true;
  };
  if (!atLeast(() => received.includes(10))) return null;
  const end = received.indexOf(10);
  const header = JSON.parse(received.subarray(0, end).toString());
  const whole = end + 1 + header.scriptBytes + header.inputBytes;
  if (!atLeast(() => received.length >= whole)) return null;
  const script = received.subarray(end + 1, end + 1 + header.scriptBytes);
  return { script, input: received.subarray(end + 1 + header.scriptBytes, whole), memoryBytes: header.memoryBytes, files: header.files };
}
