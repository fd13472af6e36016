/** Below the header of a run that repeats another: whether the result was the same. */
import { createClient, reasonOf, useLoaded } from '@ved/core/browser';
import { comparisonWords, runnerRoutes } from '@ved/runner/contract';
import { useCallback } from 'react';

const client = createClient(runnerRoutes);

export interface RepetitionProps {
  /** A run that has ended. */
  readonly runId: number;
  /** The run that it repeats. */
  readonly repeats: number;
  onCompare(a: number, b: number): void;
}

export function Repetition({ runId, repeats, onCompare }: RepetitionProps): JSX.Element | null {
  const load = useCallback((signal: AbortSignal) => client.compareRuns({ query: { a: repeats, b: runId } }, { signal }), [repeats, runId]);
  const compared = useLoaded(load);
  if (compared.state === 'loading') return null;
  if (compared.state === 'failed')
    return <p className="ved-Output-note">{`The comparison with run ${repeats} failed. ${reasonOf(compared.error)}`}</p>;
  const { sameResult, text } = comparisonWords(compared.value.differs);
  return (
    <p className={`ved-Output-note ved-Repetition ved-mod-${sameResult ? 'same' : 'different'}`} role="status">
      <span>
        Compared with run {repeats}: <strong>{text}</strong>
      </span>
      <button type="button" className="ved-RunHeader-button" onClick={() => onCompare(repeats, runId)}>
        Show comparison
      </button>
    </p>
  );
}
