/** The parts of Knex that the dialect extends; Knex publishes them without types. */
declare module 'knex/lib/dialects/sqlite3/index.js' {
  import { Knex } from 'knex';

  class SqliteClient extends Knex.Client {
    transacting?: boolean;
    driver: unknown;
    constructor(config: Knex.Config);
    transaction(container: unknown, config: unknown, outerTx: unknown): Knex.Transaction;
    runner(builder: unknown): unknown;
    _query(connection: unknown, query: unknown): Promise<unknown>;
    destroyRawConnection(connection: unknown): Promise<void>;
  }
  export default SqliteClient;
}

declare module 'knex/lib/dialects/sqlite3/execution/sqlite-transaction.js' {
  class SqliteTransaction {
    client: { transacting?: boolean };
    readOnly?: boolean;
    constructor(client: unknown, container: unknown, config: unknown, outerTx: unknown);
    begin(connection: unknown): Promise<unknown>;
    acquireConnection<T>(config: unknown, callback: (connection: unknown) => Promise<T>): Promise<T>;
    query(connection: unknown, sql: string): Promise<unknown>;
  }
  export default SqliteTransaction;
}

declare module 'knex/lib/execution/runner.js' {
  class Runner {
    client: { transacting?: boolean };
    builder: unknown;
    constructor(client: unknown, builder: unknown);
    ensureConnection<T>(callback: unknown, params?: unknown): Promise<T>;
  }
  export default Runner;
}
