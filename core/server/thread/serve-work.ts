/** The other end of a `WorkThread`: does what is asked, by name, and holds nothing between two requests. */
import { parentPort } from 'node:worker_threads';

/** What a thread can be asked for. What comes in says what goes out. */
export type Works = Readonly<Record<string, (...given: never[]) => unknown>>;

interface Request {
  readonly id: number;
  readonly work: string;
  readonly given: readonly unknown[];
}

export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: unknown;
}

export function serveWork(works: Works): void {
  parentPort?.on('message', ({ id, work, given }: Request) => {
    try {
      const value = (works[work] as (...given: readonly unknown[]) => unknown)(...given);
      parentPort?.postMessage({ id, value } satisfies Reply, bytesOf(value));
    } catch (error) {
      parentPort?.postMessage({ id, error } satisfies Reply);
    }
  });
}

/** Bytes that are the answer, or members of it, are handed over, not copied. */
function bytesOf(value: unknown): ArrayBuffer[] {
  const members = value instanceof Uint8Array ? [value] : typeof value === 'object' && value !== null ? Object.values(value) : [];
  return members.flatMap((each) => (each instanceof Uint8Array ? [each.buffer as ArrayBuffer] : []));
}
