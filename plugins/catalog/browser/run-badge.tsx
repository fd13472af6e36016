/** How the last run ended: an icon and a word, never a colour alone. */
import type { RunStatus } from '@ved/runner/contract';

const WORDS: Record<RunStatus, { icon: string; word: string; tone: 'good' | 'bad' | 'busy' }> = {
  queued: { icon: '◌', word: 'Queued', tone: 'busy' },
  running: { icon: '▸', word: 'Running', tone: 'busy' },
  succeeded: { icon: '✓', word: 'Success', tone: 'good' },
  failed: { icon: '✗', word: 'Failure', tone: 'bad' },
  timeout: { icon: '✗', word: 'Timed out', tone: 'bad' },
  out_of_memory: { icon: '✗', word: 'Out of memory', tone: 'bad' },
  cancelled: { icon: '■', word: 'Cancelled', tone: 'busy' },
  output_limit: { icon: '✗', word: 'Too much output', tone: 'bad' },
  engine_error: { icon: '!', word: 'Engine failed', tone: 'bad' },
};

/** The word for a status, for labels and titles. */
export function runWord(status: RunStatus): string {
  return WORDS[status].word;
}

export function RunBadge({ status }: { status: RunStatus }): JSX.Element {
  const { icon, word, tone } = WORDS[status];
  return (
    <span className={`ved-RunBadge ved-mod-${tone}`}>
      <span aria-hidden="true">{icon}</span> {word}
    </span>
  );
}
