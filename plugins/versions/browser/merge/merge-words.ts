/** Describes what a merge would do. */
import type { MergePreview } from '@ved/catalog/contract';

export interface MergeWords {
  /** What prod runs afterwards. */
  readonly willRun: string;
  /** Short name of what a trial runs. */
  readonly candidate: string;
  /** A note about the merge; null when there is nothing to say. */
  readonly note: string | null;
}

/** The outcome of a merge: the server's, or a person's resolution. */
export type MergeOutcome = MergePreview['outcome'] | 'resolved';

/** `outcome` is null for an unresolved conflict; versions as `v0.4`; `prodVersion` is null while the script is not on prod. */
export function mergeWords(outcome: MergeOutcome | null, version: string, prodVersion: string | null): MergeWords {
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
