/** The review before a merge: what prod runs now and would run afterwards, how the draft last ran, and every changed line. */
import { type MergePreview, statusWords } from '@ved/catalog/contract';
import { RelativeTime } from '@ved/core/browser';
import type { Execution } from '@ved/runner/contract';
import { useState } from 'react';
import { TrialView } from './trial-view.tsx';

/** What a merge would bring to prod. */
export interface MergePlan extends Pick<MergePreview, 'content' | 'prod_version'> {
  readonly outcome: MergeOutcome;
  readonly hunks: MergePreview['hunks'];
}

export interface ReviewedRuns {
  /** The script's newest run; null when it never ran. */
  readonly last: Execution | null;
  /** Closes the dialog and shows the full comparison of two runs. */
  onCompare(a: number, b: number): void;
}

export interface MergeReviewProps {
  /** `v0.4` */
  readonly version: string;
  /** `v0.3`; null when the script is not on prod yet. */
  readonly prodVersion: string | null;
  /** What the merge would bring; null when both sides changed the same lines. */
  readonly preview: MergePlan | null;
  /** Null without the runner. */
  readonly runs: ReviewedRuns | null;
  readonly versionId: number;
  readonly scriptId: number;
}

export function MergeReview(props: MergeReviewProps): JSX.Element {
  const { version, prodVersion, preview, runs } = props;
  const [tried, setTried] = useState(false);
  const isMerge = preview?.outcome === 'merge' || preview?.outcome === 'resolved';
  const { willRun, candidate, note } = mergeWords(preview?.outcome ?? null, version, prodVersion);
  return (
    <div className="ved-MergeReview">
      <dl>
        <dt>Prod runs</dt>
        <dd>{prodVersion ?? 'not on prod yet'}</dd>
        <dt>It will run</dt>
        <dd>{willRun}</dd>
        {runs && !tried && (
          <>
            <dt>Last run</dt>
            <dd>
              <LastRun {...props} lastRun={runs.last} />
            </dd>
          </>
        )}
      </dl>
      {note && <p className="ved-MergeReview-note">{note}</p>}
      {preview && preview.outcome !== 'nothing' && (
        <>
          <Changes preview={preview} />
          {runs && (
            <TrialView
              subject={{
                scriptId: props.scriptId,
                versionId: props.versionId,
                content: isMerge ? preview.content : null,
                onProd: prodVersion !== null,
              }}
              prodVersion={prodVersion}
              candidate={candidate}
              title={isMerge ? candidate : `${version} (to be merged)`}
              onStart={() => setTried(true)}
              onCompare={runs.onCompare}
            />
          )}
        </>
      )}
    </div>
  );
}

function Changes({ preview }: { preview: MergePlan }): JSX.Element {
  const { hunks, prod_version, content } = preview;
  if (prod_version === null) return <p>All {content.split('\n').length} lines are new on prod.</p>;
  return hunks.length === 0 ? <p>The text is the same as on prod.</p> : <Patch hunks={hunks} />;
}

function LastRun({ lastRun, versionId, version, preview }: MergeReviewProps & { lastRun: Execution | null }): JSX.Element {
  if (!lastRun) return <>never: {version} has not been tried</>;
  const { icon, word } = statusWords(lastRun.status);
  const same = lastRun.script_version_id === versionId && !lastRun.unsaved;
  return (
    <>
      {icon} {word} of v{lastRun.version_label.replace(/^v/, '')} {lastRun.source}
      {lastRun.unsaved ? ', unsaved text' : ''}, <RelativeTime time={lastRun.started_at} />
      {same ? '' : `; ${version} has not been run yet`}
      {preview?.outcome === 'merge' ? '; the merged text has never been run' : ''}
      {preview?.outcome === 'resolved' ? '; your resolution has never been run' : ''}
    </>
  );
}

const KINDS: Record<string, string> = { '+': 'ved-mod-added', '-': 'ved-mod-removed' };

function Patch({ hunks }: { hunks: MergePreview['hunks'] }): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable areas must be reachable by keyboard
    <section className="ved-Patch" aria-label="What changes on prod" tabIndex={0}>
      {hunks.map((hunk) => (
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

interface MergeWords {
  /** What prod runs afterwards. */
  readonly willRun: string;
  /** Short name of what a trial runs. */
  readonly candidate: string;
  /** A note about the merge; null when there is nothing to say. */
  readonly note: string | null;
}

/** The outcome of a merge: the server's, or a person's resolution. */
type MergeOutcome = MergePreview['outcome'] | 'resolved';

/** `outcome` is null for an unresolved conflict; versions as `v0.4`; `prodVersion` is null while the script is not on prod. */
function mergeWords(outcome: MergeOutcome | null, version: string, prodVersion: string | null): MergeWords {
  const both = `${version} merged with ${prodVersion}`;
  switch (outcome) {
    case 'version':
      return { willRun: version, candidate: version, note: null };
    case 'nothing':
      return {
        willRun: `${prodVersion} (unchanged)`,
        candidate: version,
        note: `Nothing to merge: prod already has everything in ${version}.`,
      };
    case 'merge':
      return {
        willRun: `${both} (a new version)`,
        candidate: both,
        note: `Prod has changed since ${version} was started. The changes do not overlap. The review, the trial and the merge use the combined text.`,
      };
    case 'resolved':
      return {
        willRun: `${both}, with your resolution (a new version)`,
        candidate: both,
        note: 'The review, the trial and the merge use your resolution.',
      };
    default:
      return {
        willRun: 'your resolution',
        candidate: both,
        note: `Prod has changed since ${version} was started, and both changed the same lines. Resolve the conflict in three panes; nothing is merged until you do.`,
      };
  }
}
