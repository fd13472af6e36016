/** The thread in which large texts are compared. Holds nothing between two requests. */
import { parentPort } from 'node:worker_threads';
import { TEXT_WORK, type TextWork } from './text-work.ts';

interface Request {
  readonly id: number;
  readonly work: keyof TextWork;
  readonly given: readonly unknown[];
}

parentPort?.on('message', ({ id, work, given }: Request) => {
  try {
    const value = (TEXT_WORK[work] as (...given: readonly unknown[]) => unknown)(...given);
    parentPort?.postMessage({ id, value });
  } catch (error) {
    parentPort?.postMessage({ id, error });
  }
});
