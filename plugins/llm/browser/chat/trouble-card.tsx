/** Why a question was not answered, and what to do. */
import { ApiError, reasonOf, ServerUnreachable } from '@ved/core/browser';

export interface TroubleCardProps {
  readonly error: unknown;
  /** Part of the answer had arrived. */
  readonly partial: boolean;
  readonly onAgain?: () => void;
}

export function TroubleCard({ error, partial, onAgain }: TroubleCardProps): JSX.Element {
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
