/** Formats costs, times and sizes. */

/** `$1.20`, `$0.0021` below one cent, `$0` for nothing; null when it is not known. */
export function costText(costUsd: number | null): string {
  if (costUsd === null) return 'cost unknown';
  if (costUsd === 0) return '$0';
  if (costUsd < 0.00005) return '<$0.0001';
  return `$${costUsd.toFixed(costUsd < 0.01 ? 4 : 2)}`;
}

/** `35 ms`, `1.4 s`, `12 s`. */
export function latencyText(latencyMs: number): string {
  if (latencyMs < 1000) return `${Math.round(latencyMs)} ms`;
  const seconds = latencyMs / 1000;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

/** `120 B`, `4.2 KiB`. */
export function sizeText(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KiB`;
}
