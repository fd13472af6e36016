/**
 * Keeps the statements of one connection prepared. Knex prepares every query
 * again, in a separate thread job, which takes half the time of a short query.
 * SQLite itself prepares a statement again when the schema has changed.
 */

/** A statement of the sqlite3 package; `this` of a callback is the statement. */
interface PreparedStatement {
  readonly lastID: number;
  readonly changes: number;
  all(bindings: readonly unknown[], done: Done): void;
  run(bindings: readonly unknown[], done: Done): void;
  finalize(done: () => void): void;
}

/** A connection of the sqlite3 package. */
export interface PreparingConnection {
  prepare(sql: string, done: (this: PreparedStatement, error: Error | null) => void): PreparedStatement;
}

type Done = (this: PreparedStatement, error: Error | null, rows?: unknown[]) => void;

export interface QueryResult {
  readonly rows: unknown[] | undefined;
  readonly lastID: number;
  readonly changes: number;
}

/** More than the queries that ved repeats; one takes a few KiB. */
const MOST_STATEMENTS = 150;
/** A statement keeps its last bound values, and queries with a long text rarely repeat. */
const LONGEST_BINDING = 4096;
const LONGEST_SQL = 4096;

export class StatementCache {
  /** Least recently used first. Null: seen once, not worth keeping yet. */
  private readonly statements = new Map<string, Promise<PreparedStatement> | null>();

  constructor(private readonly connection: PreparingConnection) {}

  /** Whether to keep a query prepared: it was seen before, and nothing large is bound to it. Records that it was seen. */
  takes(sql: string, bindings: readonly unknown[]): boolean {
    if (sql.length > LONGEST_SQL || bindings.some(isLarge)) return false;
    if (this.statements.has(sql)) return true;
    this.keep(sql, null);
    return false;
  }

  /** `run` is for statements that return no rows. Rejects as SQLite does. */
  async query(method: 'all' | 'run', sql: string, bindings: readonly unknown[]): Promise<QueryResult> {
    const prepared = this.statements.get(sql) ?? this.prepare(sql);
    this.keep(sql, prepared);
    try {
      return await execute(await prepared, method, bindings);
    } catch (error) {
      // Its state is unknown after an error.
      if (this.statements.get(sql) === prepared) this.statements.delete(sql);
      await finalize(prepared);
      throw error;
    }
  }

  /** A connection with statements cannot be closed. */
  async finalizeAll(): Promise<void> {
    const all = [...this.statements.values()];
    this.statements.clear();
    await Promise.all(all.map(finalize));
  }

  private prepare(sql: string): Promise<PreparedStatement> {
    return new Promise((resolve, reject) => {
      const statement = this.connection.prepare(sql, (error) => (error ? reject(error) : resolve(statement)));
    });
  }

  private keep(sql: string, prepared: Promise<PreparedStatement> | null): void {
    this.statements.delete(sql);
    this.statements.set(sql, prepared);
    if (this.statements.size <= MOST_STATEMENTS) return;
    const [oldest, doomed] = this.statements.entries().next().value!;
    this.statements.delete(oldest);
    void finalize(doomed);
  }
}

function isLarge(binding: unknown): boolean {
  if (typeof binding === 'string') return binding.length > LONGEST_BINDING;
  return ArrayBuffer.isView(binding) && binding.byteLength > LONGEST_BINDING;
}

function execute(statement: PreparedStatement, method: 'all' | 'run', bindings: readonly unknown[]): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    statement[method](bindings, function (error, rows) {
      // Copied, because the statement may be reused before the caller reads it.
      if (error) reject(error);
      else resolve({ rows, lastID: this.lastID, changes: this.changes });
    });
  });
}

/** Never rejects: a statement that could not be prepared needs no finalising. */
async function finalize(prepared: Promise<PreparedStatement> | null): Promise<void> {
  const statement = await prepared?.catch(() => null);
  if (statement) await new Promise<void>((resolve) => statement.finalize(resolve));
}
