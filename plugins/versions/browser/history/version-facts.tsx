/** Facts about a version: when it was on prod, how often it ran, which scripts were forked from it. */
import { type ListedVersion, statusWords, versionName } from '@ved/catalog/contract';
import { exactTime, RelativeTime } from '@ved/core/browser';
import type { RunsOfVersion } from './version-runs.ts';

export interface VersionFactsProps {
  readonly version: ListedVersion;
  readonly runs: RunsOfVersion | null;
  /** Null when no plugin shows runs. */
  readonly onOpenRun: ((runId: number) => void) | null;
  onOpenScript(scriptId: number, versionId?: number): void;
}

export function VersionFacts({ version, runs, onOpenRun, onOpenScript }: VersionFactsProps): JSX.Element | null {
  const { on_prod, forked_from, forks } = version;
  const lastTime = on_prod.at(-1);
  if (!lastTime && !runs && !forked_from && forks.length === 0) return null;
  return (
    <ul className="ved-History-facts">
      {lastTime && (
        <li title={on_prod.map(timeWords).join('\n')}>
          {lastTime.until === null ? 'Merged to prod ' : 'On prod until '}
          <RelativeTime time={lastTime.until ?? lastTime.merged_at} />
          {lastTime.until === null ? ' by ' : ', merged by '}
          {lastTime.merged_by}
          {lastTime.taken_off_by !== null && `, taken off by ${lastTime.taken_off_by}`}
        </li>
      )}
      {runs && (
        <li>
          <RunsLink version={versionName(version)} runs={runs} onOpenRun={onOpenRun} />
        </li>
      )}
      {forked_from && (
        <li>
          Forked from{' '}
          {forked_from.deleted ? (
            <span>{`${nameOf(forked_from)} ${versionName(forked_from)} (deleted)`}</span>
          ) : (
            <button type="button" onClick={() => onOpenScript(forked_from.script_id, forked_from.version_id)}>
              {nameOf(forked_from)} {versionName(forked_from)}
            </button>
          )}
        </li>
      )}
      {forks.map((fork) => (
        <li key={fork.script_id}>
          Forked as{' '}
          <button type="button" onClick={() => onOpenScript(fork.script_id)}>
            {nameOf(fork)}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** `3 runs, ✓ Success`; opens the newest of them. */
function RunsLink({
  version,
  runs: { runs, last },
  onOpenRun,
}: Pick<VersionFactsProps, 'onOpenRun'> & { version: string; runs: RunsOfVersion }) {
  const { icon, word } = statusWords(last.status);
  const text = `${runs} ${runs === 1 ? 'run' : 'runs'}, ${icon} ${word}`;
  if (!onOpenRun) return <span>{text}</span>;
  return (
    <button type="button" title={`Open run ${last.id}, the newest of ${version}`} onClick={() => onOpenRun(last.id)}>
      {text}
    </button>
  );
}

/** `2026-11-22 08:30:00.12 to 2026-11-22 09:30:00.12, merged by ed1` */
function timeWords({ merged_at, merged_by, until, taken_off_by }: ListedVersion['on_prod'][number]): string {
  const off = taken_off_by === null ? '' : `, taken off by ${taken_off_by}`;
  return `${exactTime(merged_at)} to ${until === null ? 'now' : exactTime(until)}, merged by ${merged_by}${off}`;
}

function nameOf(script: { readonly ordering_number: number; readonly descriptive_name: string }): string {
  return `${script.ordering_number.toFixed(2)} ${script.descriptive_name}`;
}
