/**
 * How a browser is answered that asks for a file of a run. It is a stranger's:
 * only kinds that do nothing by themselves are named, pages and drawings come
 * with an origin of their own, everything else is saved and never opened.
 */
import { RawResponse } from '@ved/core/server';
import type { RunFile } from '@ved/runner/contract';
import type { StoredFile } from '../store/file-store.ts';

/** Kinds that a browser shows without running anything of theirs. */
const INERT = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp', 'application/json'];
/** Text of any kind is sent as plain text: a table as `text/csv` would be handed to another program. */
const TEXT = ['text/plain', 'text/csv', 'text/tab-separated-values'];

/** Everything in the file itself, nothing from elsewhere, nothing to elsewhere; the workspace alone may frame it. */
const OWN_CONTENT_ONLY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; media-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
/** No origin, no scripts. */
const STILL = `sandbox; ${OWN_CONTENT_ONLY}`;
/** No origin; scripts of its own. The frame that asks for it decides whether they run. */
const SCRIPTED = `sandbox allow-scripts; ${OWN_CONTENT_ONLY}; script-src 'unsafe-inline' 'unsafe-eval'`;

const A_YEAR = 'private, max-age=31536000, immutable';

/** Whether the client has the file already, by its entity tag. */
export function isKnown(file: RunFile, ifNoneMatch: string): boolean {
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === entityTag(file) || tag.trim() === '*');
}

/** What of Koa's context is needed to answer. */
export interface AskingContext {
  get(field: string): string;
  /** Sets Content-Disposition; it knows how names beyond ASCII are written (RFC 6266). */
  attachment(name: string, options: { readonly type: 'inline' | 'attachment'; readonly fallback: string }): void;
}

/**
 * `namedHash` is what the client asked for by the address: only then may it keep the answer for good, as another data folder
 * has other runs of the same number.
 */
export function cacheHeaders(file: RunFile, namedHash: string | undefined): Record<string, string> {
  const cacheControl = namedHash === file.sha256 ? A_YEAR : 'private, no-cache';
  return { ETag: entityTag(file), 'Cache-Control': cacheControl, Vary: 'Sec-Fetch-Dest' };
}

export function fileResponse(ctx: AskingContext, { file, data }: StoredFile, namedHash: string | undefined): RawResponse {
  const { contentType, policy, inline } = presentation(file, ctx.get('Sec-Fetch-Dest') === 'iframe');
  const name = file.name.split('/').at(-1)!;
  ctx.attachment(name, { type: inline ? 'inline' : 'attachment', fallback: name.replace(/[^ -~]/g, '_') });
  return new RawResponse(data, { contentType, headers: { ...cacheHeaders(file, namedHash), 'Content-Security-Policy': policy } });
}

interface Presentation {
  readonly contentType: string;
  readonly policy: string;
  readonly inline: boolean;
}

function presentation({ media_type }: RunFile, framed: boolean): Presentation {
  if (media_type === 'text/html') return { contentType: 'text/html; charset=utf-8', policy: framed ? SCRIPTED : STILL, inline: true };
  if (media_type === 'image/svg+xml') return { contentType: media_type, policy: STILL, inline: true };
  if (INERT.includes(media_type)) return { contentType: media_type, policy: STILL, inline: true };
  if (TEXT.includes(media_type)) return { contentType: 'text/plain; charset=utf-8', policy: STILL, inline: true };
  return { contentType: 'application/octet-stream', policy: STILL, inline: false };
}

function entityTag({ sha256 }: RunFile): string {
  return `"${sha256}"`;
}
