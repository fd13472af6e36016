/** Node's `worker_threads`: this is the main thread and there are no others. */
export const isMainThread = true;
export const threadId = 0;
export const parentPort = null;
export const workerData = null;
export const { MessageChannel, MessagePort } = globalThis;
export class Worker {
  constructor() {
    throw new Error('Pyright runs on one thread in the browser');
  }
}
export default { isMainThread, threadId, parentPort, workerData, MessageChannel, MessagePort, Worker };
