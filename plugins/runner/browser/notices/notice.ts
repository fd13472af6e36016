/** Which finished runs and passes get a desktop notification, and its text. */
import { statusWords } from '@ved/catalog/contract';
import { isFinal, type Pass, type RunListItem } from '@ved/runner/contract';
import { formatDuration } from '../runs/run-words.ts';

/** For a shorter run, the person is likely still looking. */
const LONG_MS = 10_000;

export interface Notice {
  /** One notification per run or pass: the person's other pages replace it. */
  readonly tag: string;
  readonly title: string;
  readonly body: string;
}

/** Null for a run that is short, someone else's, cancelled, not ended, or part of a pass, which has its own notice. */
export function noticeOfRun(run: RunListItem, username: string, name: string): Notice | null {
  if (!isFinal(run.status) || run.status === 'cancelled' || run.started_by !== username || run.pass_id !== null) return null;
  if (run.duration_ms === null || run.duration_ms <= LONG_MS) return null;
  const { icon, word } = statusWords(run.status);
  return { tag: `ved-run-${run.id}`, title: `${icon} ${name}`, body: `${word} after ${formatDuration(run.duration_ms)} (run ${run.id})` };
}

/** Null for a pass that is short, someone else's, cancelled or not ended. */
export function noticeOfPass(pass: Pass, username: string): Notice | null {
  if (pass.status === 'queued' || pass.status === 'running' || pass.status === 'cancelled' || pass.started_by !== username) return null;
  if (pass.started_at === null || pass.finished_at === null) return null;
  const durationMs = Date.parse(pass.finished_at) - Date.parse(pass.started_at);
  if (durationMs <= LONG_MS) return null;
  const { total, failed, cancelled } = pass.counts;
  const bad = pass.status !== 'succeeded';
  const counted = [failed > cancelled && `${failed - cancelled} of ${total} failed`, cancelled > 0 && `${cancelled} cancelled`];
  const how = counted.filter(Boolean).join(', ') || (bad ? (pass.reason ?? 'It failed') : `All ${total} succeeded`);
  return {
    tag: `ved-pass-${pass.id}`,
    title: `${bad ? '✗' : '✓'} The queue`,
    body: `${how} after ${formatDuration(durationMs)} (pass ${pass.id})`,
  };
}
