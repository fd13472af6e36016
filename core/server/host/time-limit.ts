/** Gives a piece of work a limit, with an error that names it. */

export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
}

/** Rejects when `work` takes longer than `limitMs`. The work itself goes on; what it yields later is dropped. */
export async function withTimeLimit<T>(what: string, limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeLimitError(`${what} took longer than ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
