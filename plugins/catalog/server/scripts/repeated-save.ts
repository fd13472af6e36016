/**
 * Recognises a save that is sent again because its response was lost. The version
 * stores a digest of the whole request; a version recovered from git has none and
 * is compared by what git stores of it.
 */
import { createHash } from 'node:crypto';
import type { VersionRow } from '../store/rows.ts';

/** A save request, with its provenance as JSON. */
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
    // Prefixed with its length, so that the boundary between parts is unambiguous.
    const text = part == null ? '' : String(part);
    hash.update(part == null ? '-;' : `${text.length};`).update(text);
  }
  return hash.digest('base64');
}

/** Whether this same request by the same person created the newest version. */
export function isRepeated(save: SaveRequest & { by: string; digest: string }, newest: VersionRow, newestContent: string): boolean {
  if (newest.kind !== 'save' || newest.committer !== save.by || newest.base_version_id !== save.base_version_id) return false;
  if (newest.save_digest !== null) return newest.save_digest === save.digest;
  return newestContent === save.content && newest.message === (save.message ?? null) && newest.provenance === save.provenance;
}
