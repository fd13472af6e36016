/** What a merge would do, in a person's words. */
import type { MergePreview } from '@ved/catalog/contract';

export interface MergeWords {
  /** What prod runs afterwards. */
  readonly willRun: string;
  /** What is tried before, in short. */
  readonly candidate: string;
  /** What there is to know about it; null when nothing. */
  readonly note: string | null;
}

/** What a merge brings: what the server says of it, or what a person decided. */
export type MergeOutcome = MergePreview['outcome'] | 'resolved';

/** `outcome` is null of a conflict that is to be decided; versions as `v0.4`, `prodVersion` null while nothing is on prod. */
export function mergeWords(outcome: MergeOutcome | null, version: string, prodVersion: string | null): MergeWords {
  const both = `${version} merged with ${prodVersion}`;
  switch (outcome) {
    case 'version':
      return { willRun: version, candidate: version, note: null };
    case 'nothing':
      return { willRun: `${prodVersion}, as now`, candidate: version, note: `There is nothing to merge: prod has all of ${version}.` };
    case 'merge':
      return {
        willRun: `${both}, as a new version`,
        candidate: both,
        note: `Prod moved on since ${version} was begun. What changed here and there does not meet. Shown, tried and merged is what both make together.`,
      };
    case 'resolved':
      return {
        willRun: `${both}, as you decided, as a new version`,
        candidate: both,
        note: 'Shown, tried and merged is what you decided.',
      };
    default:
      return {
        willRun: 'what you decide',
        candidate: both,
        note: `Prod moved on since ${version} was begun, and both changed the same lines. You decide between them in three panes; until then nothing is merged.`,
      };
  }
}
