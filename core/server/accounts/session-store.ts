/**
 * Server-side sessions for koa-session. A session is valid while it has not
 * expired and its user's password is the one it started with. The user's roles
 * are read with it, so that a change takes effect immediately.
 */
import { createHash } from 'node:crypto';
import type { Role } from '@ved/core/contract';
import type { Knex } from 'knex';
import { AccountStamp } from './account-stamp.ts';
import { SessionMemory } from './session-memory.ts';
import { rolesOf } from './users.ts';

/** The session data of a request, in `ctx.session`; only the first two members are stored. */
export interface SessionData {
  userId: number;
  passwordVersion: number;
  username: string;
  roles: Role[];
}

interface SessionRow {
  readonly id_sha256: string;
  readonly user_id: number;
  readonly password_version: number;
  readonly expires_at_ms: number;
}

interface JoinedRow extends SessionRow {
  readonly username: string;
  readonly is_editor: number;
}

/** Programs that sign in for every call would fill the table, so a user's oldest sessions are removed. */
const MAX_SESSIONS_PER_USER = 200;

/** Needed only by responses in progress; forgetting an id ends them. */
const MAX_CONTINUED = 1_000;

/** What koa-session needs, besides the session, to renew it. */
interface StoredSession extends SessionData {
  readonly _expire: number;
  readonly _maxAge: number | undefined;
}

export class SessionStore {
  private readonly memory: SessionMemory<StoredSession>;
  private readonly continued = new Map<string, string>();

  constructor(
    private readonly db: Knex,
    private readonly now: () => number = Date.now,
  ) {
    this.memory = new SessionMemory(new AccountStamp(db));
  }

  /** The session of an id, even if it has continued under another id since. */
  getContinued(id: string): Promise<StoredSession | null> {
    return this.get(this.continued.get(id) ?? id);
  }

  /** Records that a session continues under a new id, so that responses started with the old id continue too. */
  private continueAs(id: string, newId: string): void {
    for (const [older, current] of this.continued) if (current === id) this.continued.set(older, newId);
    this.continued.set(id, newId);
    if (this.continued.size > MAX_CONTINUED) this.continued.delete(this.continued.keys().next().value!);
  }

  /** The session of an id; null when it is over. */
  async get(id: string): Promise<StoredSession | null> {
    const session = await this.memory.recall(id, () => this.read(id));
    if (session === null || session._expire <= this.now()) return null;
    return { ...session, roles: [...session.roles] };
  }

  private async read(id: string): Promise<StoredSession | null> {
    const row: JoinedRow | undefined = await this.db('core_sessions as s')
      .join('core_users as u', 'u.id', 's.user_id')
      .where('s.id_sha256', digest(id))
      .whereRaw('s.password_version = u.password_version')
      .where('s.expires_at_ms', '>', this.now())
      .first('s.*', 'u.username', 'u.is_editor');
    if (!row) return null;
    return {
      userId: row.user_id,
      passwordVersion: row.password_version,
      username: row.username,
      roles: rolesOf(row.is_editor === 1),
      _expire: row.expires_at_ms,
      _maxAge: SESSION_AGE_MS,
    };
  }

  /** Stores a session; koa-session passes the request, whose `state.continuedSession` is the previous id. */
  async set(
    id: string,
    session: SessionData,
    _maxAgeMs?: number,
    of?: { readonly ctx: { readonly state: { continuedSession?: string } } },
  ): Promise<void> {
    const row: SessionRow = {
      id_sha256: digest(id),
      user_id: session.userId,
      password_version: session.passwordVersion,
      expires_at_ms: this.now() + SESSION_AGE_MS,
    };
    await this.db.transaction(async (trx) => {
      await trx('core_sessions').where('expires_at_ms', '<=', this.now()).delete();
      await trx('core_sessions').insert(row).onConflict('id_sha256').merge();
      const surplus = trx('core_sessions')
        .where({ user_id: row.user_id })
        .orderBy('expires_at_ms', 'desc')
        .offset(MAX_SESSIONS_PER_USER)
        .limit(-1);
      await trx('core_sessions').whereIn('id_sha256', surplus.select('id_sha256')).delete();
    });
    const before = of?.ctx.state.continuedSession;
    if (before !== undefined && before !== id) this.continueAs(before, id);
    this.memory.forget();
  }

  async destroy(id: string): Promise<void> {
    await this.db('core_sessions')
      .where({ id_sha256: digest(id) })
      .delete();
    this.memory.forget();
  }
}

/** How long a session lives without a request. Renewed in its second half, so that normal use rarely writes. */
export const SESSION_AGE_MS = 30 * 24 * 60 * 60 * 1000;

function digest(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
