/**
 * Answers `GET /api/scripts` from a serialised body that is made anew when the
 * catalog's revision moved. The ETag is a hash of the body, so that it stays
 * right across restarts, restored data and new versions of the program.
 */
import { createHash } from 'node:crypto';
import { RawResponse } from '@ved/core/server';
import type { Knex } from 'knex';
import { revision, summaries } from '../store/catalog-store.ts';
import { SharedRead } from './shared-read.ts';

interface Body {
  readonly revision: number;
  readonly json: string;
  readonly etag: string;
}

export class ScriptList {
  private cached: Body | null = null;
  private building: Promise<Body> | null = null;
  private readonly revision: SharedRead<number>;

  constructor(private readonly db: Knex) {
    this.revision = new SharedRead(() => revision(db));
  }

  /** The whole list, or the scripts in which the text is found; 304 when `If-None-Match` says that the client has it. */
  async answer(ifNoneMatch: string, search: string | undefined): Promise<RawResponse> {
    const body = search ? await this.build(search) : await this.current();
    const headers = { ETag: body.etag, 'Cache-Control': 'private, no-cache' };
    if (hasIt(ifNoneMatch, body.etag)) return new RawResponse(null, { status: 304, headers });
    return new RawResponse(body.json, { contentType: 'application/json; charset=utf-8', headers });
  }

  private async current(): Promise<Body> {
    const now = await this.revision.ask();
    if (this.cached?.revision === now) return this.cached;
    this.building ??= this.build().finally(() => {
      this.building = null;
    });
    const built = await this.building;
    // What was under way may have begun before the change that this request must see.
    if (built.revision < now) return this.current();
    this.cached = built;
    return built;
  }

  private async build(search?: string): Promise<Body> {
    const at = await revision(this.db);
    const json = JSON.stringify(await summaries(this.db, search));
    return { revision: at, json, etag: `W/"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"` };
  }
}

/**
 * Whether `If-None-Match` names the entity tag, by weak comparison (RFC 9110, 13.1.2).
 * Koa's own `fresh` gives up at `Cache-Control: no-cache`, which `fetch` adds by itself.
 */
function hasIt(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  return [...ifNoneMatch.matchAll(/(?:W\/)?("[^"]*")/g)].some(([, tag]) => tag === opaque);
}
