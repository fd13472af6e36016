/** Ends the process when the server has gone, also while a script keeps the main thread busy. */
import { Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';

const lifeline = new Socket({ fd: 4, readable: true, writable: false });
lifeline.on('close', () => process.kill(process.pid, 'SIGKILL'));
lifeline.on('error', () => undefined);
lifeline.resume();
parentPort.postMessage('held');
