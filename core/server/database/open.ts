/**
 * Opens the database of the data folder. Durable by intent: WAL with
 * `synchronous=FULL`, so that a commit that returned survives power loss.
 */
import { closeSync, existsSync, openSync } from 'node:fs';
import knex, { type Knex } from 'knex';
import { queuedSqliteClient } from './sqlite-client.ts';

/** One writes, the others read beside it. Few, as each occupies one of libuv's four threads while it works. */
const MAX_CONNECTIONS = 3;
/** For writers outside this process, such as the backup and the user command. */
const BUSY_TIMEOUT_MS = 5_000;
/** A connection is free again within a query's time; waiting longer means that something holds on to one. */
const ACQUIRE_LIMIT_MS = 20_000;

/** What every connection is told before its first query. */
const PRAGMAS = [
  `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`,
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
  'PRAGMA temp_store = MEMORY',
];

interface SqliteConnection {
  exec(sql: string, done: (error: Error | null) => void): void;
}

/** Opens (and makes) the SQLite database in a file, which only its owner may read: it holds password hashes and people's test data. */
export function openDatabase(filename: string): Knex {
  if (!existsSync(filename)) makePrivateFile(filename);
  return knex({
    client: queuedSqliteClient(),
    connection: { filename },
    useNullAsDefault: true,
    // Messages of errors reach the log; values, which may be anyone's text or a secret, must not.
    compileSqlOnError: false,
    // Every error is thrown as well, and logged by who handles it.
    log: { error: () => undefined },
    acquireConnectionTimeout: ACQUIRE_LIMIT_MS,
    pool: {
      min: 1,
      max: MAX_CONNECTIONS,
      afterCreate: (connection: SqliteConnection, done: (error: Error | null, connection: SqliteConnection) => void) =>
        connection.exec(PRAGMAS.join(';'), (error) => done(error, connection)),
    },
  });
}

/**
 * SQLite itself would let the whole machine read it; its -wal and -shm take
 * this file's mode. Never for a file that is there: closing it would end the
 * locks that SQLite holds on it in this process.
 */
function makePrivateFile(filename: string): void {
  closeSync(openSync(filename, 'ax', 0o600));
}
