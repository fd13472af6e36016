/** How the last run of a script ended, as the catalog shows it. The plugin that runs scripts reports it. */
import { Timestamp } from '@ved/core/contract';
import { z } from 'zod';

export const RunStatus = z.enum([
  'queued',
  'running',
  'succeeded',
  'failed',
  'timeout',
  'out_of_memory',
  'cancelled',
  'output_limit',
  'engine_error',
]);
export type RunStatus = z.infer<typeof RunStatus>;

/** The last finished run of a script, of any version. */
export const LastRun = z.object({
  id: z.number().int(),
  status: RunStatus,
  /** Python's exit code; null when the process did not exit by itself. Negative for a signal. */
  exit_code: z.number().int().nullable(),
  finished_at: Timestamp.nullable(),
});
export type LastRun = z.infer<typeof LastRun>;

/** How a run's status is shown everywhere: an icon and a word, never a colour alone. */
export interface StatusWords {
  readonly icon: string;
  readonly word: string;
  readonly tone: 'good' | 'bad' | 'neutral';
}

const WORDS: Record<RunStatus, StatusWords> = {
  queued: { icon: '◌', word: 'Queued', tone: 'neutral' },
  running: { icon: '▸', word: 'Running', tone: 'neutral' },
  succeeded: { icon: '✓', word: 'Success', tone: 'good' },
  failed: { icon: '✗', word: 'Failure', tone: 'bad' },
  timeout: { icon: '✗', word: 'Timed out', tone: 'bad' },
  out_of_memory: { icon: '✗', word: 'Out of memory', tone: 'bad' },
  cancelled: { icon: '■', word: 'Cancelled', tone: 'neutral' },
  output_limit: { icon: '✗', word: 'Too much output', tone: 'bad' },
  engine_error: { icon: '!', word: 'Engine failed', tone: 'bad' },
};

export function statusWords(status: RunStatus): StatusWords {
  return WORDS[status];
}
