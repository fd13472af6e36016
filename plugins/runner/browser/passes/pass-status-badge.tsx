/** The status of a pass: an icon and a word. */
import type { Pass } from '@ved/runner/contract';
import { passWords } from './pass-words.ts';

export function PassStatusBadge({ status }: { readonly status: Pass['status'] }): JSX.Element {
  const { icon, word, tone } = passWords(status);
  return (
    <span className={`ved-RunStatus ved-mod-${tone}`} data-ved-pass-status={status}>
      <span aria-hidden="true">{icon}</span> {word}
    </span>
  );
}
