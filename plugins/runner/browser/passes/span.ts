/** The position of a run on the time axis of its pass. */
import { isFinal, type PassRun } from '@ved/runner/contract';

export interface Span {
  /** Fractions of the whole axis. */
  readonly from: number;
  readonly width: number;
}

/** `axis` in milliseconds since 1970; null when the run has not started. */
export function spanOf(run: Pick<PassRun, 'status' | 'started_at' | 'finished_at'>, axis: { from: number; to: number }): Span | null {
  if (run.status === 'queued' || (run.finished_at === null && isFinal(run.status))) return null;
  const from = Date.parse(run.started_at);
  const to = run.finished_at === null ? axis.to : Date.parse(run.finished_at);
  const length = Math.max(1, axis.to - axis.from);
  const start = Math.min(1, Math.max(0, (from - axis.from) / length));
  return { from: start, width: Math.min(1 - start, Math.max(0, (to - from) / length)) };
}
