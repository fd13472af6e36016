/** The worker side of a `WorkThread`: runs work by name, and keeps no state between requests. */
import { parentPort } from 'node:worker_threads';

/** The work that a thread can do, by name. */
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

/** Bytes that are the result, its members, or in a list among them, are transferred instead of copied. */
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
