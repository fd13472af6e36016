/**
 * Lets steps that come while another is under way share the next one: runs of
 * a group end together, and one commit for all of them costs what one costs.
 */

interface Waiting<T> {
  readonly item: T;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A function that takes one item at a time and hands `step` as many as have gathered. An item that fails with others is tried alone. */
export function batched<T>(step: (items: readonly T[]) => Promise<void>): (item: T) => Promise<void> {
  let waiting: Waiting<T>[] = [];
  let isBusy = false;

  async function settle(batch: readonly Waiting<T>[]): Promise<void> {
    try {
      await step(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length === 1) batch[0]!.reject(error);
      else for (const one of batch) await settle([one]);
    }
  }

  async function work(): Promise<void> {
    isBusy = true;
    // Those that come in the same turn belong to it.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await settle(batch);
    }
    isBusy = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isBusy) void work();
    });
}
