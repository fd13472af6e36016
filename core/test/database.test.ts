import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allSettledOrThrow, inTransaction, type Migration, migrateDown, migrateUp, openDatabase } from '@ved/core/server';
import { expect } from 'chai';
import type { Knex } from 'knex';

async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'it was not refused',
    (error: Error) => error.message,
  );
}

describe('the database', () => {
  let dir: string;
  let db: Knex;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ved-db-'));
    db = openDatabase(join(dir, 'ved.sqlite'));
  });
  afterEach(async () => {
    await db.destroy();
    await rm(dir, { recursive: true });
  });

  it('is readable by its owner only, including the files next to it', async () => {
    await db.raw('CREATE TABLE t (a)');
    const files = await readdir(dir);
    expect(files).to.include.members(['ved.sqlite', 'ved.sqlite-wal']);
    for (const file of files) expect((await stat(join(dir, file))).mode & 0o077, file).to.equal(0);
  });

  it('rolls back a whole transaction of parallel statements when the first of them fails before the others are done', async () => {
    await db.raw('CREATE TABLE t (a UNIQUE)');
    await db('t').insert({ a: 1 });
    const rows = Array.from({ length: 500 }, (_, index) => ({ a: index + 2 }));
    const work = inTransaction(db, (trx) => allSettledOrThrow(trx('t').insert({ a: 1 }), trx('t').insert(rows)));
    expect(await messageOf(work)).to.contain('UNIQUE');
    expect(await db('t').pluck('a')).to.deep.equal([1]);
  });

  it('is durable and strict on every connection', async () => {
    // Open in parallel, so that each transaction has its own connection.
    const reading = (work: (trx: Knex.Transaction) => Promise<void>) => db.transaction(work, { readOnly: true });
    const check = async (trx: Knex.Transaction) => {
      expect(await trx.raw('PRAGMA journal_mode')).to.deep.equal([{ journal_mode: 'wal' }]);
      expect(await trx.raw('PRAGMA synchronous')).to.deep.equal([{ synchronous: 2 }]);
      expect(await trx.raw('PRAGMA foreign_keys')).to.deep.equal([{ foreign_keys: 1 }]);
      expect(await trx.raw('PRAGMA busy_timeout')).to.deep.equal([{ timeout: 5000 }]);
    };
    await reading((first) =>
      reading(async (second) => {
        await reading(check);
        await check(second);
        await check(first);
      }),
    );
  });

  it('has no values in error messages, which are logged', async () => {
    const message = await messageOf(db('nowhere').insert({ password_hash: 'hunter2' }));
    expect(message).to.contain('nowhere').and.not.to.contain('hunter2');
  });

  describe('running the same query repeatedly', () => {
    const times = <T>(count: number, work: () => Promise<T>) => Array.from({ length: count }, work);
    beforeEach(() => db.raw('CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE)'));

    it('returns columns that were added in between', async () => {
      await db('t').insert({ a: 'x' });
      for (let round = 0; round < 3; round++) await db('t').select();
      await db.raw("ALTER TABLE t ADD COLUMN b TEXT DEFAULT 'new'");
      expect(await db('t').select()).to.deep.equal([{ id: 1, a: 'x', b: 'new' }]);
    });

    it('works after an error', async () => {
      const insert = (a: string) => db('t').insert({ a });
      for (const a of ['x', 'y', 'z']) await insert(a);
      expect(await messageOf(insert('y'))).to.include('UNIQUE');
      expect(await insert('w')).to.deep.equal([4]);
    });

    it('reports the changes of each of several parallel statements', async () => {
      await inTransaction(db, async (trx) => {
        const ids = (await Promise.all(['a', 'b', 'c', 'd', 'e'].map((a) => trx('t').insert({ a })))).flat();
        expect(ids).to.deep.equal([1, 2, 3, 4, 5]);
        const changed = [1, 9, 2, 9, 3].map((id) =>
          trx('t')
            .where({ id })
            .update({ a: `${id}` }),
        );
        expect(await Promise.all(changed)).to.deep.equal([1, 0, 1, 0, 1]);
      });
    });

    it('runs more queries than it keeps prepared, and closes', async () => {
      for (let round = 0; round < 2; round++) {
        for (let count = 0; count < 400; count++) expect(await db.raw(`SELECT ${count} AS n`)).to.deep.equal([{ n: count }]);
      }
      await Promise.all(times(20, () => db('t').select()));
    });

    it('handles long and short texts alike', async () => {
      const insert = (a: string) => db('t').insert({ a });
      const texts = ['short', 'x'.repeat(100_000), 'short again', 'y'.repeat(100_000)];
      for (const text of texts) await insert(text);
      expect(await db('t').orderBy('id').pluck('a')).to.deep.equal(texts);
    });
  });

  describe('with a counter', () => {
    beforeEach(async () => {
      await db.schema.createTable('counter', (table) => {
        table.integer('value').notNullable();
      });
      await db('counter').insert({ value: 0 });
    });
    const read = async (on: Knex) => (await on('counter').first('value')).value as number;

    it('loses no increment of parallel transactions that read and then write', async () => {
      const increments = Array.from({ length: 40 }, () =>
        inTransaction(db, async (trx) => {
          const value = await read(trx);
          await trx('counter').update({ value: value + 1 });
        }),
      );
      const plain = Array.from({ length: 20 }, () => db('counter').increment('value', 1));
      await Promise.all([...increments, ...plain]);
      expect(await read(db)).to.equal(60);
    });

    it('can be read during an open transaction, and returns what was committed last', async () => {
      await inTransaction(db, async (trx) => {
        await trx('counter').update({ value: 5 });
        expect(await read(db)).to.equal(0);
        expect(await read(trx)).to.equal(5);
      });
      expect(await read(db)).to.equal(5);
    });

    it('makes a write outside wait until the transaction ends', async () => {
      const order: string[] = [];
      let outside: PromiseLike<unknown> = Promise.resolve();
      await inTransaction(db, async (trx) => {
        outside = db('counter')
          .increment('value', 1)
          .then(() => order.push('outside'));
        await trx('counter').increment('value', 1);
        order.push('inside');
      });
      await outside;
      expect(order).to.deep.equal(['inside', 'outside']);
      expect(await read(db)).to.equal(2);
    });

    it('keeps nothing of a failed transaction, and continues', async () => {
      const failing = inTransaction(db, async (trx) => {
        await trx('counter').update({ value: 9 });
        throw new Error('changed my mind');
      });
      expect(await messageOf(failing)).to.equal('changed my mind');
      expect(await read(db)).to.equal(0);
      await inTransaction(db, async (trx) => trx('counter').update({ value: 1 }));
      expect(await read(db)).to.equal(1);
    });

    it('keeps what was done outside a failed nested transaction', async () => {
      await inTransaction(db, async (trx) => {
        await trx('counter').update({ value: 3 });
        await messageOf(
          inTransaction(trx, async (inner) => {
            await inner('counter').update({ value: 4 });
            throw new Error('inner');
          }),
        );
      });
      expect(await read(db)).to.equal(3);
    });
  });

  describe('and the migrations of a plugin', () => {
    const first: Migration = {
      name: '001-things',
      up: async (on) => void (await on.schema.createTable('sample_things', (table) => void table.increments('id'))),
      down: async (on) => void (await on.schema.dropTable('sample_things')),
    };
    const second: Migration = {
      name: '002-name',
      up: async (on) => void (await on.schema.alterTable('sample_things', (table) => void table.string('name').defaultTo('nameless'))),
      down: async (on) => void (await on.schema.alterTable('sample_things', (table) => void table.dropColumn('name'))),
    };

    it('applies each once, in order, with the rows kept', async () => {
      await migrateUp(db, 'sample', [first]);
      await db('sample_things').insert({ id: 7 });
      await migrateUp(db, 'sample', [second, first]);
      await migrateUp(db, 'sample', [first, second]);
      expect(await db('sample_things')).to.deep.equal([{ id: 7, name: 'nameless' }]);
      expect(await db('sample_migrations').pluck('name')).to.deep.equal(['001-things', '002-name']);
    });

    it('reverts them, newest first', async () => {
      await migrateUp(db, 'sample', [first, second]);
      await migrateDown(db, 'sample', [first, second]);
      expect(await db.schema.hasTable('sample_things')).to.equal(false);
      expect(await db('sample_migrations')).to.deep.equal([]);
    });

    it('applies nothing when one fails halfway, not even of those before it', async () => {
      const broken: Migration = {
        name: '002-broken',
        up: async (on) => {
          await on.schema.createTable('sample_half', (table) => void table.increments('id'));
          throw new Error('half-way');
        },
        down: async () => undefined,
      };
      expect(await messageOf(migrateUp(db, 'sample', [first, broken]))).to.equal('migration 002-broken of sample failed: half-way');
      for (const table of ['sample_half', 'sample_things', 'sample_migrations'])
        expect(await db.schema.hasTable(table), table).to.equal(false);
    });

    it('refuses a table without the prefix of the plugin', async () => {
      const stray: Migration = {
        ...first,
        up: async (on) => void (await on.schema.createTable('things', (table) => void table.increments('id'))),
      };
      expect(await messageOf(migrateUp(db, 'sample', [stray]))).to.contain('its tables must be named sample_*');
      expect(await db.schema.hasTable('things')).to.equal(false);
    });

    it('refuses data that a newer program wrote', async () => {
      await migrateUp(db, 'sample', [first, second]);
      expect(await messageOf(migrateUp(db, 'sample', [first]))).to.contain('does not know its migrations 002-name');
    });
  });
});
