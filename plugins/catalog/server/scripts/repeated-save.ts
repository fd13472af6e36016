/**
 * Knows a save that is sent again, as a client does whose answer was lost. The
 * version keeps a digest of the whole request; one that was recorded again from
 * git has none and is compared by what git kept of it.
 */
import { createHash } from 'node:crypto';
import type { VersionRow } from '../store/rows.ts';

/** What a save asks for, its provenance as JSON. */
export interface SaveRequest {
  readonly content: string;
  readonly base_version_id?: number | undefined;
  readonly message?: string | undefined;
  readonly test_data?: string | undefined;
  readonly provenance: string | null;
}

export function saveDigest(save: Omit<SaveRequest, 'provenance'>, provenance: string | null): string {
  const hash = createHash('sha256');
  for (const part of [save.base_version_id, save.message, provenance, save.test_data, save.content]) {
    // With its length before it, so that nothing can move from one part to the next.
    const text = part == null ? '' : String(part);
    hash.update(part == null ? '-;' : `${text.length};`).update(text);
  }
  return hash.digest('base64');
}

/** Whether this request by this person made the version that is the newest. */
export function isRepeated(save: SaveRequest & { by: string; digest: string }, newest: VersionRow, newestContent: string): boolean {
  if (newest.kind !== 'save' || newest.committer !== save.by || newest.base_version_id !== save.base_version_id) return false;
  if (newest.save_digest !== null) return newest.save_digest === save.digest;
  return newestContent === save.content && newest.message === (save.message ?? null) && newest.provenance === save.provenance;
}
