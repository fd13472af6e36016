/** How the last run ended: an icon and a word, never a colour alone. */
import { type RunStatus, statusWords } from '@ved/runner/contract';

export function RunBadge({ status }: { status: RunStatus }): JSX.Element {
  const { icon, word, tone } = statusWords(status);
  return (
    <span className={`ved-RunBadge ved-mod-${tone}`}>
      <span aria-hidden="true">{icon}</span> {word}
    </span>
  );
}
