/** Statistics of samples, for tests and the bench. */

/** The value at a fraction of the sorted samples; 0.5 is the median. */
export function quantile(samples: readonly number[], fraction: number): number {
  if (samples.length === 0) throw new RangeError('no samples');
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))]!;
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}
