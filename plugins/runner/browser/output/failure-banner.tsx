/** Why a run failed: the last line of the error, a link to its line, and actions of other plugins. */
import { statusWords } from '@ved/catalog/contract';
import { isFinal, plainText, type RunAction, type RunListItem } from '@ved/runner/contract';
import { failureIn } from '../log/traceback.ts';
import { ActionButtons } from './run-header.tsx';

export interface FailureBannerProps {
  readonly run: RunListItem;
  readonly stderrTail: string;
  /** Null without the editor plugin. */
  readonly onGoToLine: ((line: number) => void) | null;
  /** Actions on runs by other plugins. */
  readonly actions: readonly RunAction[];
}

export function FailureBanner({ run, stderrTail, onGoToLine, actions }: FailureBannerProps): JSX.Element | null {
  if (!isFinal(run.status) || run.status === 'succeeded') return null;
  const failure = run.status === 'failed' ? failureIn(plainText(stderrTail)) : null;
  const message = failure?.message ?? run.reason ?? statusWords(run.status).word;
  const { line } = failure ?? { line: null };
  // The engine's advice about a limit that was hit, below the error; if there is no error, the advice is the message.
  const hint = failure === null ? null : run.reason;
  return (
    <div className="ved-FailureBanner" role="status">
      <span className="ved-FailureBanner-message" title={message}>
        {message}
      </span>
      {line !== null && onGoToLine && (
        <button type="button" className="ved-RunHeader-button" onClick={() => onGoToLine(line)}>
          Line {line}
        </button>
      )}
      <ActionButtons run={run} actions={actions} />
      {hint !== null && <p className="ved-FailureBanner-hint">{hint}</p>}
    </div>
  );
}
