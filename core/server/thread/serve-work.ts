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

/** Bytes that are the answer, members of it or in a list that is one, are handed over, not copied. */
function bytesOf(value: unknown): ArrayBuffer[] {
  if (value instanceof Uint8Array) return [value.buffer as ArrayBuffer];
  const members = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return members.flatMap((each) =>
    each instanceof Uint8Array
      ? (each.buffer as ArrayBuffer)
      : Array.isArray(each) && isBytes(each)
        ? each.map(({ buffer }) => buffer)
        : [],
  );
}

function isBytes(list: readonly unknown[]): list is readonly Uint8Array<ArrayBuffer>[] {
  return list.length > 0 && list.every((each) => each instanceof Uint8Array);
}
