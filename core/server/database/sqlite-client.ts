/**
 * Knex's SQLite dialect with three changes: transactions start IMMEDIATE, so that
 * what they read cannot change before they write; all writes go through one queue,
 * while reads run in parallel on other connections; repeated statements stay
 * prepared. `{readOnly: true}` starts a plain transaction: a stable snapshot that
 * never writes.
 */
import type { Knex } from 'knex';
import SqliteTransaction from 'knex/lib/dialects/sqlite3/execution/sqlite-transaction.js';
import SqliteClient from 'knex/lib/dialects/sqlite3/index.js';
import Runner from 'knex/lib/execution/runner.js';
import { type PreparingConnection, StatementCache } from './statement-cache.ts';
import { WriteQueue } from './write-queue.ts';

/** A query as Knex passes it to its dialect. */
interface SqliteQuery {
  readonly sql?: string;
  readonly bindings?: readonly unknown[];
  readonly method?: string;
  readonly returning?: unknown;
}

const READING_METHODS: ReadonlySet<string | undefined> = new Set(['select', 'first', 'pluck']);

class ImmediateTransaction extends SqliteTransaction {
  private readonly queue: WriteQueue;

  constructor(queue: WriteQueue, client: unknown, container: unknown, config: unknown, outerTx: unknown) {
    super(client, container, config, outerTx);
    this.queue = queue;
  }

  override begin(connection: unknown): Promise<unknown> {
    return this.query(connection, this.readOnly ? 'BEGIN;' : 'BEGIN IMMEDIATE;');
  }

  override acquireConnection<T>(config: unknown, callback: (connection: unknown) => Promise<T>): Promise<T> {
    const acquire = () => super.acquireConnection(config, callback);
    return this.client.transacting || this.readOnly ? acquire() : this.queue.run(acquire);
  }
}

class QueuedRunner extends Runner {
  private readonly queue: WriteQueue;

  constructor(queue: WriteQueue, client: unknown, builder: unknown) {
    super(client, builder);
    this.queue = queue;
  }

  override ensureConnection<T>(callback: unknown, params?: unknown): Promise<T> {
    const run = () => super.ensureConnection<T>(callback, params);
    return this.client.transacting || isRead(this.builder) ? run() : this.queue.run(run);
  }
}

/** Whether a builder (query, schema or raw) only reads. When in doubt, it counts as a write. */
function isRead(builder: unknown): boolean {
  const { _method, sql, _connection } = builder as { _method?: string; sql?: unknown; _connection?: unknown };
  if (_connection) return true; // it already holds a connection, so whoever took that decided
  if (typeof sql === 'string') return /^\s*(select|explain|pragma)\b/i.test(sql);
  return READING_METHODS.has(_method);
}

/** A dialect class for `knex({client})`. Each has its own queue: one per database. */
export function queuedSqliteClient(): typeof SqliteClient {
  const queue = new WriteQueue();
  return class QueuedSqliteClient extends SqliteClient {
    override transaction(container: unknown, config: unknown, outerTx: unknown): Knex.Transaction {
      return new ImmediateTransaction(queue, this, container, config, outerTx) as unknown as Knex.Transaction;
    }
    override runner(builder: unknown): unknown {
      return new QueuedRunner(queue, this, builder);
    }
    override async _query(connection: PreparingConnection, query: SqliteQuery): Promise<unknown> {
      const { sql, bindings = [] } = query;
      const cache = statementsOf(connection);
      if (!sql || !cache.takes(sql, bindings)) return super._query(connection, query);
      const { rows, ...context } = await cache.query(methodOf(query), sql, bindings);
      return Object.assign(query, { response: rows, context });
    }
    override async destroyRawConnection(connection: PreparingConnection): Promise<void> {
      await statementsOf(connection).finalizeAll();
      await super.destroyRawConnection(connection);
    }
  };
}

const caches = new WeakMap<PreparingConnection, StatementCache>();

function statementsOf(connection: PreparingConnection): StatementCache {
  const cache = caches.get(connection) ?? new StatementCache(connection);
  caches.set(connection, cache);
  return cache;
}

/** As in Knex's own dialect. */
function methodOf({ method = '', returning }: SqliteQuery): 'all' | 'run' {
  const changes = ['insert', 'update', 'counter', 'del'].includes(method);
  return changes && !returning ? 'run' : 'all';
}
