/** Why a run failed, said at the top: the error's last line, a way to its place, and to ask about it. */
import { statusWords } from '@ved/catalog/contract';
import { isFinal, plainText, type RunAction, type RunListItem } from '@ved/runner/contract';
import { failureIn } from '../log/traceback.ts';
import { ActionButtons } from './run-header.tsx';

export interface FailureBannerProps {
  readonly run: RunListItem;
  readonly stderrTail: string;
  /** Null when nothing can show it. */
  readonly onPlace: ((line: number) => void) | null;
  /** What other plugins offer to do with it. */
  readonly actions: readonly RunAction[];
}

export function FailureBanner({ run, stderrTail, onPlace, actions }: FailureBannerProps): JSX.Element | null {
  if (!isFinal(run.status) || run.status === 'succeeded') return null;
  const failure = run.status === 'failed' ? failureIn(plainText(stderrTail)) : null;
  const message = failure?.message ?? run.reason ?? statusWords(run.status).word;
  const { line } = failure ?? { line: null };
  // What the engine says of a limit that was met, and what to do about it; beside the error, unless it is all that is said.
  const hint = failure === null ? null : run.reason;
  return (
    <div className="ved-FailureBanner" role="status">
      <span className="ved-FailureBanner-message" title={message}>
        {message}
      </span>
      {line !== null && onPlace && (
        <button type="button" className="ved-RunHeader-button" onClick={() => onPlace(line)}>
          Line {line}
        </button>
      )}
      <ActionButtons run={run} actions={actions} />
      {hint !== null && <p className="ved-FailureBanner-hint">{hint}</p>}
    </div>
  );
}
