/** The backup of the database before migrations: when it is made, what it contains, and what happens when it cannot be made. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginState } from '@ved/core/contract';
import { BootError, type Migration, openAccounts, openDatabase } from '@ved/core/server';
import { expect } from 'chai';
import { startServer, type TestServer } from '../../test/support/server.ts';
import { backUpDatabase } from '../server/database/backups.ts';
import { keptLog } from './support/log-lines.ts';
import { plugin } from './support/plugins.ts';

/** A migration that creates a table with one row. */
const table = (name: string): Migration => ({
  name: `00-${name}`,
  up: async (db) => {
    await db.schema.createTable(`sample_${name}`, (columns) => void columns.string('text'));
    await db(`sample_${name}`).insert({ text: `a row of ${name}` });
  },
  down: async () => undefined,
});
const emptying: Migration = { name: '01-emptying', up: async (db) => void (await db('sample_old').delete()), down: async () => undefined };
const failing: Migration = {
  name: '02-failing',
  up: async (db) => {
    await db('sample_old').delete();
    throw new Error('half-way');
  },
  down: async () => undefined,
};
const sample = (...migrations: readonly Migration[]) => plugin('sample', { migrations });

describe('migrations', () => {
  let dataDir: string;
  let server: TestServer | null;
  const { log, lines } = keptLog();

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ved-backups-'));
    lines.length = 0;
  });
  afterEach(async () => {
    await server?.stop();
    await rm(dataDir, { recursive: true });
  });

  async function start(...migrations: readonly Migration[]): Promise<TestServer> {
    server = null;
    server = await startServer({ dataDir, plugins: [sample(...migrations)], log });
    return server;
  }
  async function once(...migrations: readonly Migration[]): Promise<void> {
    await (await start(...migrations)).stop();
    server = null;
  }
  async function refusal(...migrations: readonly Migration[]): Promise<string> {
    const error = await start(...migrations).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(BootError);
    return (error as BootError).message;
  }
  const backups = async () => (await readdir(join(dataDir, 'backups')).catch(() => [])).toSorted();
  /** The rows of a table, in a file of the data folder; null when there is no such table. */
  async function rowsIn(file: string, name: string): Promise<string[] | null> {
    const db = openDatabase(join(dataDir, file));
    try {
      expect(await db.raw('PRAGMA integrity_check')).to.deep.equal([{ integrity_check: 'ok' }]);
      return (await db.schema.hasTable(name)) ? await db(name).pluck('text') : null;
    } finally {
      await db.destroy();
    }
  }

  it('of a fresh data folder leave no backup', async () => {
    await once(table('old'));
    expect(await backups()).to.deep.equal([]);
  });

  it('that are all applied leave no backup', async () => {
    await once(table('old'));
    await once(table('old'));
    expect(await backups()).to.deep.equal([]);
  });

  it('of existing data leave a logged backup with the old rows, readable by its owner only', async () => {
    await once(table('old'));
    await once(table('old'), emptying);
    const [name = ''] = await backups();
    expect(name).to.match(/^ved-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z-before-sample-01-emptying\.sqlite$/);
    expect(await backups()).to.have.length(1);
    expect(lines.filter(({ file }) => file)).to.have.length(1);
    expect(lines.find(({ file }) => file)).to.include({
      file: join(dataDir, 'backups', name),
      plugin: 'sample',
      msg: 'backed up the database before migrating it',
    });
    if (process.platform !== 'win32')
      for (const path of ['backups', join('backups', name)]) expect((await stat(join(dataDir, path))).mode & 0o077, path).to.equal(0);
    expect(await rowsIn('ved.sqlite', 'sample_old')).to.deep.equal([]);
    expect(await rowsIn(join('backups', name), 'sample_old')).to.deep.equal(['a row of old']);
  });

  it('leave a backup that the server can start with in place of the database', async () => {
    await once(table('old'));
    await once(table('old'), emptying);
    const [name = ''] = await backups();
    for (const file of ['ved.sqlite', 'ved.sqlite-wal', 'ved.sqlite-shm']) await rm(join(dataDir, file), { force: true });
    await rename(join(dataDir, 'backups', name), join(dataDir, 'ved.sqlite'));
    await (await start(table('old'))).signIn('ed1', '1editor');
    expect(await rowsIn('ved.sqlite', 'sample_old')).to.deep.equal(['a row of old']);
  });

  it('of several plugins in one start share a backup', async () => {
    await once(table('old'));
    const other: Migration = { ...table('x'), up: async (db) => void (await db.schema.createTable('other_x', (t) => void t.increments())) };
    server = await startServer({ dataDir, plugins: [sample(table('old'), emptying), plugin('other', { migrations: [other] })] });
    expect(await backups()).to.have.length(1);
  });

  it('keep the newest three backups, with one for a migration that is retried', async () => {
    const names = ['b', 'c', 'd', 'e'];
    for (const [index] of ['old', ...names].entries()) await once(...['old', ...names].slice(0, index + 1).map(table));
    const all = ['old', ...names].map(table);
    for (let attempt = 0; attempt < 3; attempt += 1) await refusal(...all, failing);
    expect((await backups()).map((name) => /before-(.*)\.sqlite/.exec(name)?.[1])).to.deep.equal([
      'sample-00-d',
      'sample-00-e',
      'sample-02-failing',
    ]);
  });

  it('leave the database unchanged when one fails, and the error names the backup', async () => {
    await once(table('old'));
    const message = await refusal(table('old'), table('new'), failing);
    const [name = ''] = await backups();
    expect(message).to.equal(
      `the plugin sample did not start: migration 02-failing of sample failed: half-way. Its tables are as they were; backups/${name} in the data folder has what was there before.`,
    );
    expect(await rowsIn('ved.sqlite', 'sample_old')).to.deep.equal(['a row of old']);
    expect(await rowsIn('ved.sqlite', 'sample_new')).to.equal(null);
    await start(table('old'));
  });

  it('do not run when the backup cannot be written, and the error says why and what to do', async () => {
    await once(table('old'));
    await writeFile(join(dataDir, 'backups'), 'in the way');
    const message = await refusal(table('old'), emptying);
    expect(message).to.match(
      /^the plugin sample did not start: ved\.sqlite was not migrated for sample, because its backup could not be written/,
    );
    expect(message)
      .to.contain('EEXIST')
      .and.to.contain(`make sure that ved can write to ${join(dataDir, 'backups')}`);
    expect(await rowsIn('ved.sqlite', 'sample_old')).to.deep.equal(['a row of old']);
  });

  it('do not run when the disk for the backup is full, and leave no partial backup', async function () {
    await once(table('old'));
    const dir = join(dataDir, 'backups');
    await mkdir(dir);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', dir], { stdio: 'pipe' });
    } catch (error) {
      if (process.env.VED_TEST_REQUIRE_ALL) throw error;
      // Mounting requires root, and is not allowed in every container.
      this.skip();
    }
    try {
      expect(await refusal(table('old'), emptying)).to.match(
        /because its backup could not be written \(.*disk is full\); make sure .* 1 MiB are free there/,
      );
      expect(await readdir(dir)).to.deep.equal([]);
    } finally {
      execFileSync('umount', [dir]);
    }
    expect(await rowsIn('ved.sqlite', 'sample_old')).to.deep.equal(['a row of old']);
    await once(table('old'), emptying);
    expect(await backups()).to.have.length(1);
  });

  it('of core, which the user command also runs, leave a backup', async () => {
    await once();
    const db = openDatabase(join(dataDir, 'ved.sqlite'));
    await db.schema.dropTable('core_disabled_plugins');
    await db('core_migrations').where({ name: '003-disabled-plugins' }).delete();
    await db.destroy();
    const told: string[] = [];
    const accounts = await openAccounts({ VED_DATA_DIR: dataDir }, (file) => void told.push(file));
    expect((await accounts.users.list()).map(({ username }) => username)).to.include('ed1');
    await accounts.close();
    const [name = ''] = await backups();
    expect(told).to.deep.equal([`backups/${name}`]);
    expect(name).to.contain('before-core-003-disabled-plugins');
  });

  it('of a third-party plugin added at run time leave a backup each time, including everything written until then', async () => {
    const source = (migrations: readonly string[]) =>
      `export default { id: 'guest', migrations: [${migrations.join()}], start: async () => ({ stop: async () => undefined }) };`;
    const step = (name: string, up: string) => `{ name: '${name}', up: async (db) => { ${up} }, down: async () => undefined }`;
    const made = step('001-notes', "await db.schema.createTable('guest_notes', (t) => { t.string('text'); });");
    const lost = step('002-lost', "await db('guest_notes').delete(); throw new Error('half-way');");
    const gone = step('002-gone', "await db('guest_notes').delete();");
    const manifest = { name: 'guest', version: '1.0.0', type: 'module', keywords: ['ved-plugin'] };
    const put = async (...migrations: readonly string[]) => {
      await mkdir(join(dataDir, 'plugins/guest'), { recursive: true });
      const ved = { id: 'guest', host: '>=0.0.0-0', server: 'server.js' };
      await writeFile(join(dataDir, 'plugins/guest/package.json'), JSON.stringify({ ...manifest, ved }));
      await writeFile(join(dataDir, 'plugins/guest/server.js'), source(migrations));
    };
    const ed1 = await (await start(table('old'))).signIn('ed1', '1editor');
    const guest = ({ body }: { body: PluginState[] }) => body.find(({ id }) => id === 'guest');
    const write = async () => {
      const db = openDatabase(join(dataDir, 'ved.sqlite'));
      await db('guest_notes').insert({ text: 'written since' });
      await db.destroy();
    };
    const newest = async () => (await backups()).at(-1) ?? '';

    await put(made);
    expect(guest(await ed1.post('/api/plugins/rescan'))).to.include({ state: 'started' });
    expect(await newest()).to.contain('before-guest-001-notes');
    await write();
    await put(made, lost);
    const failed = guest(await ed1.post('/api/plugins/rescan'));
    expect(failed?.error).to.match(
      /^server\.js, line 1: migration 002-lost of guest failed: half-way\. .*; backups\/ved-.*-before-guest-002-lost\.sqlite /,
    );
    expect(await rowsIn(join('backups', await newest()), 'guest_notes')).to.deep.equal(['written since']);
    await ed1.post('/api/plugins/guest/disable');
    await put(made, gone);
    await ed1.post('/api/plugins/rescan');
    expect(await newest()).to.contain('before-guest-002-lost');
    expect(guest(await ed1.post('/api/plugins/guest/enable'))).to.include({ state: 'started' });
    expect(await newest()).to.contain('before-guest-002-gone');
    expect(await rowsIn(join('backups', await newest()), 'guest_notes')).to.deep.equal(['written since']);
    expect(await rowsIn('ved.sqlite', 'guest_notes')).to.deep.equal([]);
  });

  it('remove the partial backup of a crashed server with the next backup', async () => {
    await once(table('old'));
    await mkdir(join(dataDir, 'backups'));
    await writeFile(join(dataDir, 'backups', 'ved-x-before-y.sqlite.part'), 'half');
    expect(await readdir(join(dataDir, 'backups'))).to.have.length(1);
    const file = await backUpDatabase(dataDir, "it's/../a name: of any kind");
    expect(await backups()).to.deep.equal([file.slice('backups/'.length)]);
    expect(file).to.match(/-before-it-s-a-name-of-any-kind\.sqlite$/);
  });
});
