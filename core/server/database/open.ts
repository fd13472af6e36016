/**
 * Opens the database of the data folder. WAL with `synchronous=FULL`, so that a
 * commit that returned survives power loss.
 */
import { closeSync, existsSync, openSync } from 'node:fs';
import knex, { type Knex } from 'knex';
import { queuedSqliteClient } from './sqlite-client.ts';

/** One writes, the others read in parallel. Few, because each occupies one of libuv's four threads while it works. */
const MAX_CONNECTIONS = 3;
/** For writers in other processes, such as a backup or the user command. */
const BUSY_TIMEOUT_MS = 5_000;
/** A connection is free again after a query; waiting longer means that something does not release one. */
const ACQUIRE_LIMIT_MS = 20_000;

/** Run on every connection before its first query. */
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

/** Opens or creates the SQLite database in a file that only its owner may read: it contains password hashes and people's test data. */
export function openDatabase(filename: string): Knex {
  if (!existsSync(filename)) makePrivateFile(filename);
  return knex({
    client: queuedSqliteClient(),
    connection: { filename },
    useNullAsDefault: true,
    // Error messages are logged; values, which may be private text or secrets, must not be.
    compileSqlOnError: false,
    // Every error is also thrown, and logged where it is handled.
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
 * SQLite would create it readable for everyone; its -wal and -shm files get this
 * file's mode. Never call it for an existing file: closing it would release the
 * locks that SQLite has on it in this process.
 */
function makePrivateFile(filename: string): void {
  closeSync(openSync(filename, 'ax', 0o600));
}
