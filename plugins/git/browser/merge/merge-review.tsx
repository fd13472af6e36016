/** What a person sees before merging: what prod runs now, how the draft last ran, and every line that changes. */
import type { ScriptDiff } from '@ved/catalog/contract';
import { RelativeTime } from '@ved/core/browser';
import { type Execution, statusWords } from '@ved/runner/contract';
import { useState } from 'react';
import { TrialView } from './trial-view.tsx';

export interface MergeReviewProps {
  /** `v0.4` */
  readonly version: string;
  /** `v0.3`; null when the script is not on prod yet. */
  readonly prodVersion: string | null;
  /** Null when it is not on prod yet: then all of it is new. */
  readonly diff: ScriptDiff | null;
  readonly lines: number;
  /** The newest run of the script; null when it never ran. */
  readonly lastRun: Execution | null;
  readonly versionId: number;
  readonly scriptId: number;
  /** Shows the whole comparison of two runs, in place of the dialog; null when nothing can. */
  readonly onCompare: ((a: number, b: number) => void) | null;
}

export function MergeReview(props: MergeReviewProps): JSX.Element {
  const { version, prodVersion, diff, lines } = props;
  const [tried, setTried] = useState(false);
  return (
    <div className="ved-MergeReview">
      <dl>
        <dt>Prod runs</dt>
        <dd>{prodVersion ?? 'nothing of this script yet'}</dd>
        <dt>It will run</dt>
        <dd>{version}</dd>
        {!tried && (
          <>
            <dt>Last run</dt>
            <dd>
              <LastRun {...props} />
            </dd>
          </>
        )}
      </dl>
      {diff === null ? (
        <p>All {lines} lines are new on prod.</p>
      ) : diff.hunks.length === 0 ? (
        <p>The text is the same as on prod.</p>
      ) : (
        <Patch diff={diff} />
      )}
      <TrialView
        subject={{ scriptId: props.scriptId, versionId: props.versionId, onProd: prodVersion !== null }}
        prodVersion={prodVersion}
        version={version}
        onStart={() => setTried(true)}
        onCompare={props.onCompare}
      />
    </div>
  );
}

function LastRun({ lastRun, versionId, version }: MergeReviewProps): JSX.Element {
  if (!lastRun) return <>never: {version} has not been tried</>;
  const { icon, word } = statusWords(lastRun.status);
  const same = lastRun.script_version_id === versionId && !lastRun.unsaved;
  return (
    <>
      {icon} {word} of v{lastRun.version_label.replace(/^v/, '')} {lastRun.source}
      {lastRun.unsaved ? ', unsaved text' : ''}, <RelativeTime time={lastRun.started_at} />
      {same ? '' : `; ${version} itself has not been run since`}
    </>
  );
}

const KINDS: Record<string, string> = { '+': 'ved-mod-added', '-': 'ved-mod-removed' };

function Patch({ diff }: { diff: ScriptDiff }): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="ved-Patch" aria-label="What changes on prod" tabIndex={0}>
      {diff.hunks.map((hunk) => (
        <div key={`${hunk.old_start}-${hunk.new_start}`}>
          <div className="ved-Patch-hunk">
            lines {hunk.old_start} to {hunk.old_start + Math.max(0, hunk.old_lines - 1)}
          </div>
          {hunk.lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a hunk never move
            <div key={index} className={`ved-Patch-line ${KINDS[line[0] ?? ''] ?? ''}`}>
              {line || ' '}
            </div>
          ))}
        </div>
      ))}
    </section>
  );
}
