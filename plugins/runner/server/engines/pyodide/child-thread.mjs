/**
 * The second thread of a child, which goes on while a script keeps the main one
 * busy: it passes on what the script writes, and ends the process when the
 * server has gone.
 */
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { RingReader } from './child-ring.mjs';
import { writeFrame } from './child-wire.mjs';

/** Between two frames: what is written meanwhile goes on together. Nobody sees it come later, and each frame costs all on its way. */
const PACE_MS = 2;
/** With so much of it there is nothing to wait for. */
const PLENTY_BYTES = 2 ** 16;

const lifeline = new Socket({ fd: 4, readable: true, writable: false });
lifeline.on('close', () => process.kill(process.pid, 'SIGKILL'));
lifeline.on('error', () => undefined);
lifeline.resume();

async function passOn(ring) {
  for (;;) {
    await ring.untilWritten();
    if (ring.passOn(writeFrame) < PLENTY_BYTES) await pause(PACE_MS);
  }
}

parentPort.postMessage('held');
passOn(new RingReader(workerData)).catch(() => process.kill(process.pid, 'SIGKILL'));
