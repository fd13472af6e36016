/** One question, its answer, and what it cost. */
import { ApiError, reasonOf, ServerUnreachable } from '@ved/core/browser';
import { memo } from 'react';
import { AnswerView, copy } from '../answers/answer-view.tsx';
import { safeText } from '../answers/safe-text.ts';
import { costText, latencyText } from '../cost-text.ts';
import type { Chat } from './chat.ts';
import type { Turn } from './turn.ts';

export interface TurnViewProps {
  readonly turn: Turn;
  readonly chat: Chat;
  /** Whether any question is being answered: then none can be asked again. */
  readonly asking: boolean;
  /** Absent when there is no editable script. */
  readonly onInsert?: (code: string) => void;
}

/** Rerendered only when it changes: an answer is rendered once, not at every key. */
export const TurnView = memo(function TurnView({ turn, chat, asking, onInsert }: TurnViewProps) {
  const onAgain = asking ? undefined : () => void chat.askAgain(turn);
  return (
    <article className="ved-Turn" aria-label={`Question ${turn.id + 1}`}>
      <div className="ved-Turn-prompt">{turn.prompt}</div>
      {turn.about && <div className="ved-Turn-facts">about {turn.about.codeName}</div>}
      {turn.answer !== '' && <AnswerView text={turn.answer} onInsert={onInsert} />}
      {turn.state === 'asking' && <Waiting started={turn.answer !== ''} />}
      {turn.state === 'failed' && <TroubleCard error={turn.error} partial={turn.answer !== ''} onAgain={onAgain} />}
      {turn.state === 'stopped' && <StoppedNote onAgain={onAgain} />}
      {turn.state === 'answered' && <Facts turn={turn} />}
    </article>
  );
});

function Waiting({ started }: { readonly started: boolean }): JSX.Element {
  return (
    <div className="ved-Turn-waiting" role="status">
      <span className="ved-Turn-pulse" aria-hidden="true" />
      {started ? 'Answering…' : 'Waiting for the model…'}
    </div>
  );
}

function StoppedNote({ onAgain }: { readonly onAgain?: () => void }): JSX.Element {
  return (
    <div className="ved-Turn-facts" role="status">
      <span>Stopped by you</span>
      {onAgain && (
        <button type="button" className="ved-Assistant-link" onClick={onAgain}>
          Ask again
        </button>
      )}
    </div>
  );
}

function Facts({ turn }: { readonly turn: Turn }): JSX.Element {
  const { usage } = turn;
  return (
    <div className="ved-Turn-facts" role="status" aria-label="Answered">
      {turn.cut && <span className="ved-Turn-cut">cut off at the model's length limit</span>}
      {usage && (
        <>
          <span title={tokensText(usage.prompt_tokens, usage.completion_tokens)}>{usage.model_id}</span>
          <span className="ved-Turn-cost">{costText(usage.cost_usd)}</span>
          <span>{latencyText(usage.latency_ms)}</span>
        </>
      )}
      <button type="button" className="ved-Assistant-link" title="Copy the whole answer" onClick={() => void copy(safeText(turn.answer))}>
        Copy answer
      </button>
    </div>
  );
}

function tokensText(prompt: number | null, completion: number | null): string {
  return `${prompt ?? '?'} tokens sent, ${completion ?? '?'} received`;
}

interface TroubleCardProps {
  readonly error: unknown;
  /** Part of the answer had arrived. */
  readonly partial: boolean;
  readonly onAgain?: () => void;
}

function TroubleCard({ error, partial, onAgain }: TroubleCardProps): JSX.Element {
  const refused = error instanceof ApiError && error.is('llm/stop-word');
  return (
    <div className={`ved-Trouble${refused ? ' ved-mod-refused' : ''}`} role="alert">
      <strong>{titleOf(error, partial)}</strong>
      <p>{reasonOf(error)}</p>
      {onAgain && !refused && (
        <button type="button" className="jp-mod-styled ved-Button" onClick={onAgain}>
          Ask again
        </button>
      )}
    </div>
  );
}

const TITLES: Readonly<Record<string, string>> = {
  'llm/stop-word': 'Refused: the prompt contains a blocked word',
  'llm/no-key': 'The assistant has no API key',
  'llm/prompt-too-large': 'Too much to send',
  'llm/cancelled': 'Cancelled by the server',
};

function titleOf(error: unknown, partial: boolean): string {
  if (error instanceof ServerUnreachable) return partial ? 'The connection to the server was lost' : 'The server cannot be reached';
  const known = error instanceof ApiError ? TITLES[error.problem.code] : undefined;
  return known ?? (partial ? 'The answer was cut short' : 'No answer');
}
