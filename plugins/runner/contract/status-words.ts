/** How a run's status is said to a person, everywhere alike: an icon and a word, never a colour alone. */
import type { RunStatus } from './execution.ts';

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
