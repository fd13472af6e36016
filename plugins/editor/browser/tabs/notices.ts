/**
 * What a person must know about an open script, as sentences with actions.
 * Derived from the document each time; stateless.
 */

import { versionName } from '@ved/catalog/contract';
import type { ScriptDocument } from '../documents/script-document.ts';
import { clockTime } from '../documents/words.ts';

export type NoticeAction =
  | 'compare'
  | 'overwrite'
  | 'fork'
  | 'discard'
  | 'restore'
  | 'retry'
  | 'dismiss'
  | 'open-newest'
  | 'compare-newest'
  | 'compare-overtaken'
  | 'accept-overtaken';

export interface Notice {
  readonly id: 'restored' | 'newer' | 'overtaken' | 'deleted' | 'failed' | 'old';
  /** `warning`: something is wrong, and the person must act. */
  readonly kind: 'info' | 'warning';
  readonly text: string;
  readonly actions: readonly NoticeAction[];
}

export interface NoticeFacts {
  /** When the restored unsaved text was typed; null once dismissed, or when there was none. */
  readonly restoredFrom: Date | null;
  /** The reason for a failure, as a sentence. */
  readonly reason: (failure: unknown) => string;
  readonly canEdit: boolean;
  /** Who sees the notices. */
  readonly username: string;
}

export function noticesOf(document: ScriptDocument, facts: NoticeFacts): Notice[] {
  return [
    oldVersion(document),
    restored(document, facts),
    failed(document, facts),
    newer(document, facts),
    overtaken(document, facts),
    deleted(document, facts),
  ].filter((notice) => notice !== null);
}

function oldVersion({ detail, pinned }: ScriptDocument): Notice | null {
  if (!detail || !pinned) return null;
  const isNewest = detail.version.id === detail.latest_version_id;
  const text = `${versionName(detail.version)} by ${detail.version.committer}: ${isNewest ? 'the newest' : 'an older'} version (read-only).`;
  return { id: 'old', kind: 'info', text, actions: isNewest ? ['open-newest'] : ['compare-newest', 'open-newest'] };
}

function restored(document: ScriptDocument, { restoredFrom }: NoticeFacts): Notice | null {
  if (!restoredFrom || !document.dirty) return null;
  return {
    id: 'restored',
    kind: 'info',
    text: `Restored unsaved changes from ${clockTime(restoredFrom)}.`,
    actions: document.scriptId === null ? ['dismiss'] : ['discard', 'dismiss'],
  };
}

function failed({ failure, saving }: ScriptDocument, { reason }: NoticeFacts): Notice | null {
  if (failure === null || saving) return null;
  return { id: 'failed', kind: 'warning', text: `Not saved. Your text is still here. ${reason(failure)}`, actions: ['retry'] };
}

function newer({ newer: detail }: ScriptDocument, { username }: NoticeFacts): Notice | null {
  if (!detail) return null;
  const { version } = detail;
  const text =
    version.committer === username
      ? `You saved ${versionName(version)} on another page, over the version that you are editing here.`
      : `${version.committer} saved ${versionName(version)} over the version that you are editing.`;
  return { id: 'newer', kind: 'warning', text, actions: ['compare', 'overwrite', 'fork', 'discard'] };
}

/** Shown only when a person's own version was replaced, not when others replace each other's. */
function overtaken({ overtaken: before, version }: ScriptDocument, { username }: NoticeFacts): Notice | null {
  if (!before || !version || before.version.committer !== username || version.committer === username) return null;
  const text = `${version.committer} saved ${versionName(version)} over your ${versionName(before.version)}, which is still in the history.`;
  return { id: 'overtaken', kind: 'info', text, actions: ['compare-overtaken', 'accept-overtaken'] };
}

function deleted({ deletedBy }: ScriptDocument, { canEdit, username }: NoticeFacts): Notice | null {
  if (deletedBy === null) return null;
  const who = deletedBy === username ? 'You' : deletedBy;
  return { id: 'deleted', kind: 'warning', text: `${who} deleted this script.`, actions: canEdit ? ['restore'] : [] };
}
