/**
 * The response to a browser that requests a file of a run. Files are untrusted: only
 * passive types are declared, HTML and SVG get an opaque origin, everything else is
 * downloaded and never opened.
 */
import { RawResponse } from '@ved/core/server';
import type { RunFile } from '@ved/runner/contract';
import type { StoredFile } from '../store/file-store.ts';

/** Types that a browser displays without running anything. */
const INERT = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp', 'application/json'];
/** All text is sent as plain text: `text/csv` would be opened by another program. */
const TEXT = ['text/plain', 'text/csv', 'text/tab-separated-values'];

/** Only content in the file itself, nothing from or to elsewhere; only the workspace may frame it. */
const OWN_CONTENT_ONLY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; media-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
/** Opaque origin, no scripts. */
const WITHOUT_SCRIPTS = `sandbox; ${OWN_CONTENT_ONLY}`;
/** Opaque origin; its own scripts may run if the requesting frame allows it. */
const WITH_SCRIPTS = `sandbox allow-scripts; ${OWN_CONTENT_ONLY}; script-src 'unsafe-inline' 'unsafe-eval'`;

const A_YEAR = 'private, max-age=31536000, immutable';

/** Whether the client already has the file, by its entity tag. */
export function isKnown(file: RunFile, ifNoneMatch: string): boolean {
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === entityTag(file) || tag.trim() === '*');
}

/** The part of Koa's context that is needed. */
export interface FileContext {
  get(field: string): string;
  /** Sets Content-Disposition, with the encoding of non-ASCII names (RFC 6266). */
  attachment(name: string, options: { readonly type: 'inline' | 'attachment'; readonly fallback: string }): void;
}

/**
 * `namedHash` is the hash in the URL. Without it the response must not be cached forever, because another data folder has
 * other runs with the same id.
 */
export function cacheHeaders(file: RunFile, namedHash: string | undefined): Record<string, string> {
  const cacheControl = namedHash === file.sha256 ? A_YEAR : 'private, no-cache';
  return { ETag: entityTag(file), 'Cache-Control': cacheControl, Vary: 'Sec-Fetch-Dest' };
}

export function fileResponse(ctx: FileContext, { file, data }: StoredFile, namedHash: string | undefined): RawResponse {
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
  if (media_type === 'text/html')
    return { contentType: 'text/html; charset=utf-8', policy: framed ? WITH_SCRIPTS : WITHOUT_SCRIPTS, inline: true };
  if (media_type === 'image/svg+xml') return { contentType: media_type, policy: WITHOUT_SCRIPTS, inline: true };
  if (INERT.includes(media_type)) return { contentType: media_type, policy: WITHOUT_SCRIPTS, inline: true };
  if (TEXT.includes(media_type)) return { contentType: 'text/plain; charset=utf-8', policy: WITHOUT_SCRIPTS, inline: true };
  return { contentType: 'application/octet-stream', policy: WITHOUT_SCRIPTS, inline: false };
}

function entityTag({ sha256 }: RunFile): string {
  return `"${sha256}"`;
}
