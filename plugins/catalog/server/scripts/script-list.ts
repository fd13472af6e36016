/**
 * Answers `GET /api/scripts` from a cached body that is rebuilt when the
 * catalog's revision changes. The ETag is a hash of the body, so that it stays
 * valid across restarts, restored backups and new versions of ved.
 */
import { createHash } from 'node:crypto';
import { RawResponse } from '@ved/core/server';
import type { Knex } from 'knex';
import { revision, summaries } from '../store/catalog-store.ts';

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

  /** The whole list, or the scripts that match the search; 304 when `If-None-Match` says that the client has it. */
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
    // A build in progress may have started before the change that this request must see.
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
 * Whether `If-None-Match` contains the entity tag, by weak comparison (RFC 9110, 13.1.2).
 * Koa's `fresh` always says no for `Cache-Control: no-cache`, which `fetch` adds by itself.
 */
function hasIt(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  return [...ifNoneMatch.matchAll(/(?:W\/)?("[^"]*")/g)].some(([, tag]) => tag === opaque);
}

/** One read for everybody who asks at about the same time. Every answer was read after it was asked for. */
class SharedRead<T> {
  private running: Promise<unknown> = Promise.resolve();
  private next: Promise<T> | null = null;

  constructor(private readonly read: () => Promise<T>) {}

  /** Joins the read that starts when the current one has ended. */
  ask(): Promise<T> {
    this.next ??= this.afterRunning();
    return this.next;
  }

  private async afterRunning(): Promise<T> {
    await this.running;
    const reading = this.read();
    this.running = reading.catch(() => undefined);
    this.next = null;
    return reading;
  }
}
