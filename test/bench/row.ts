/** One promise about speed or size: how it is measured, its baseline, and its target. */

export interface Measurement {
  /** Median of ved's own figure, in `unit`. */
  readonly ved: number;
  /** Median of the baseline's figure, measured alternately with ved's in the same run. */
  readonly baseline: number;
  readonly unit: 'ms' | 'per second' | 'MiB';
  /** What is compared with `reach`: usually `ved / baseline`. */
  readonly value: number;
  /** Further figures worth keeping, such as 95th percentiles. */
  readonly more?: Readonly<Record<string, number>>;
}

export interface Row {
  /** Short, for the command line. */
  readonly id: string;
  readonly what: string;
  readonly baseline: string;
  /** The target for `value`. */
  readonly reach: { readonly atMost: number } | { readonly atLeast: number };
  /** Why it cannot be measured here, or null. */
  skip?(): Promise<string | null>;
  measure(): Promise<Measurement>;
}

/** A measurement that several rows use: taken once, by the first of them. */
export function shared<T>(measure: () => Promise<T>): () => Promise<T> {
  let taken: Promise<T> | null = null;
  return () => {
    taken ??= measure();
    return taken;
  };
}

/** Milliseconds that a piece of work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** Times two pieces of work alternately, so that both see the same conditions. */
export async function inTurns(
  rounds: number,
  ours: (round: number) => unknown,
  theirs: (round: number) => unknown,
): Promise<{ ours: number[]; theirs: number[] }> {
  const result = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    result.theirs.push(await timed(() => theirs(round)));
    result.ours.push(await timed(() => ours(round)));
  }
  return result;
}
