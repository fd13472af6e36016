import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type ServerPlugin } from '@ved/core/server';
import { ScriptRepository } from '@ved/git/contract';
import { expect } from 'chai';
import { exhaustive } from '../../../test/support/exhaustive.ts';
import { type CatalogServer, create, labelOf, merge, ok, save, startCatalog } from './support/catalog-server.ts';

/** Every row of the catalog's tables. */
async function rowsOf(file: string): Promise<Record<string, unknown[]>> {
  const db = openDatabase(file);
  try {
    const tables = await db('sqlite_master').where({ type: 'table' }).whereLike('name', 'catalog_%').pluck<string[]>('name');
    return Object.fromEntries(await Promise.all(tables.map(async (table) => [table, await db(table).select()] as const)));
  } finally {
    await db.destroy();
  }
}

const refsOf = (dataDir: string) => execFileSync('git', ['--git-dir', join(dataDir, 'scripts.git'), 'show-ref'], { encoding: 'utf8' });

/** A plugin that observes when a save is rehearsed. */
function watchRehearsal(): { plugin: ServerPlugin; rehearsed: Promise<void> } {
  let tell: () => void;
  const rehearsed = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const plugin: ServerPlugin = {
    id: 'watcher',
    required: true,
    requires: [ScriptRepository],
    start: async ({ services }) => {
      const repository = services.get(ScriptRepository);
      const rehearse = repository.rehearse.bind(repository);
      repository.rehearse = (branch) => rehearse(branch).then(() => tell());
      return { stop: async () => undefined };
    },
  };
  return { plugin, rehearsed };
}

describe('a server that restarts', () => {
  let dataDir = '';
  let catalog: CatalogServer;
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'ved-restart-'));
    catalog = await startCatalog({ dataDir });
  });
  afterEach(async () => {
    await catalog.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const database = () => join(dataDir, 'ved.sqlite');
  const restart = async (between: () => void | Promise<void> = () => undefined) => {
    await catalog.stop();
    await between();
    catalog = await startCatalog({ dataDir });
  };
  /** Everything that a viewer can see of a script. */
  const everything = async (id: number) => ({
    detail: await ok(catalog.viewer.get(`/api/scripts/${id}`)),
    versions: await ok(catalog.viewer.get(`/api/scripts/${id}/versions`)),
    list: await ok(catalog.viewer.get('/api/scripts')),
  });

  it('has everything as before', async () => {
    const { id } = await create(catalog.ed, { content: 'a = 1\n', test_data: 'data' });
    await merge(catalog.ed, id);
    await save(catalog.eve, id, 'a = 2\n', { message: 'Two' });
    const before = await everything(id);
    await restart();
    expect(await everything(id)).to.deep.equal(before);
  });

  exhaustive.it('rehearses a save without a trace', async () => {
    const { id } = await create(catalog.ed, { content: 'a = 1\n' });
    await save(catalog.ed, id, 'a = 2\n');
    await catalog.stop();
    const before = [await rowsOf(database()), refsOf(dataDir)];
    const { plugin, rehearsed } = watchRehearsal();
    catalog = await startCatalog({ dataDir, plugins: [plugin] });
    await rehearsed;
    await catalog.stop();
    expect([await rowsOf(database()), refsOf(dataDir)]).to.deep.equal(before);
    await restart();
    expect(labelOf(await save(catalog.ed, id, 'a = 3\n'))).to.equal('0.3');
  });

  exhaustive.it('with an older database recovers from git that a script was taken off prod, and what followed', async () => {
    const off = (await create(catalog.ed, { content: 'off = 1\n' })).id as number;
    const back = (await create(catalog.ed, { content: 'back = 1\n' })).id as number;
    for (const id of [off, back]) await merge(catalog.ed, id);
    await restart(() => copyFileSync(database(), `${database()}.old`));
    for (const id of [off, back]) await ok(catalog.eve.post(`/api/scripts/${id}/unpublish`));
    await merge(catalog.eve, back);
    const before = await Promise.all([everything(off), everything(back)]);
    await restart(() => copyFileSync(`${database()}.old`, database()));
    expect(await Promise.all([everything(off), everything(back)])).to.deep.equal(before);
    await restart();
    expect(await Promise.all([everything(off), everything(back)])).to.deep.equal(before);
    await merge(catalog.ed, off);
    expect((await everything(off)).detail.prod_state).to.equal('same');
  });

  it('with an older database recovers the rest from git', async () => {
    const base = ['a = 1', 'b = 1', 'c = 1', 'd = 1', 'e = 1', ''].join('\n');
    const { id } = await create(catalog.ed, { content: base, test_data: 'data' });
    await restart(() => copyFileSync(database(), `${database()}.old`));
    await merge(catalog.ed, id);
    await save(catalog.ed, id, base.replace('a = 1', 'a = 2'), { message: 'Two\n\nlines', provenance: { interaction_id: 5 } });
    await save(catalog.eve, id, base.replace('e = 1', 'e = 2'));
    await merge(catalog.ed, id);
    await merge(catalog.eve, id);
    const fork = await ok(catalog.eve.post(`/api/scripts/${id}/fork`), 201);
    const [before, forkBefore] = [await everything(id), await everything(fork.id)];
    await restart(() => copyFileSync(`${database()}.old`, database()));
    const [after, forkAfter] = [await everything(id), await everything(fork.id)];
    /** Ids differ between databases, so they are replaced by what they refer to. */
    const byNumber = (versions: { id: number; base_version_id: number | null; parent_version_id: number | null }[]) => {
      const labels = new Map(
        [...before.versions, ...forkBefore.versions, ...after.versions, ...forkAfter.versions].map((v) => [v.id, labelOf({ version: v })]),
      );
      return versions.map(({ id: own, base_version_id: base, parent_version_id: parent, ...rest }) => [
        rest,
        ...[own, base, parent].map((each) => labels.get(each!)),
      ]);
    };
    expect(byNumber(after.versions)).to.deep.equal(byNumber(before.versions));
    expect(after.detail.content).to.equal(before.detail.content);
    expect(after.detail.prod_state).to.equal('same');
    expect(labelOf({ version: after.detail.prod_version })).to.equal(labelOf({ version: before.detail.prod_version }));
    expect(forkAfter.detail).to.include({ content: fork.content, ordering_number: 2 });
    expect(forkAfter.detail.version).to.include({ parent_script_id: id, git_commit_hash: fork.version.git_commit_hash });
    expect(labelOf(await save(catalog.ed, id, 'new = 1\n'))).to.equal('0.5');
  });

  exhaustive.it('recognises a save that is sent again, even one that a crash left in git only (V4)', async () => {
    const first = await create(catalog.ed, { content: 'a = 1\n', test_data: 'old' });
    const body = { content: 'a = 2\n', base_version_id: first.version.id, test_data: 'new' };
    await restart(() => copyFileSync(database(), `${database()}.old`));
    const saved = await ok(catalog.ed.put(`/api/scripts/${first.id}`, body));
    await restart();
    expect(await ok(catalog.ed.put(`/api/scripts/${first.id}`, body))).to.deep.equal(saved);
    await restart(() => copyFileSync(`${database()}.old`, database()));
    expect((await ok(catalog.ed.get(`/api/scripts/${first.id}`))).test_data).to.equal('old');
    expect(await ok(catalog.ed.put(`/api/scripts/${first.id}`, body))).to.deep.equal(saved);
    expect(await ok(catalog.ed.get(`/api/scripts/${first.id}/versions`))).to.have.length(2);
  });

  it('removes a script whose first version was never committed', async () => {
    await create(catalog.ed);
    await restart(async () => {
      const db = openDatabase(database());
      await db('catalog_scripts').insert({ ordering: 900, created_at: '2026-01-01T00:00:00.000Z', created_by: 'ed1' });
      await db.destroy();
    });
    expect((await ok(catalog.viewer.get('/api/scripts'))).length).to.equal(1);
    expect((await create(catalog.ed)).ordering_number).to.equal(2);
  });

  exhaustive.it('ignores commits made with git itself', async () => {
    const { id, version } = await create(catalog.ed, { content: 'a = 1\n' });
    await restart(() => {
      const git = (...args: string[]) => execFileSync('git', ['-C', join(dataDir, 'scripts.git'), ...args], { encoding: 'utf8' }).trim();
      const identity = ['-c', 'user.name=x', '-c', 'user.email=x@example.org'];
      const commit = git(...identity, 'commit-tree', '-p', 'refs/heads/ed1', '-m', 'By hand', 'refs/heads/ed1^{tree}');
      git('update-ref', 'refs/heads/ed1', commit);
    });
    expect((await ok(catalog.viewer.get(`/api/scripts/${id}`))).version).to.deep.equal(version);
    expect(labelOf(await save(catalog.ed, id, 'a = 2\n'))).to.equal('0.2');
  });

  describe('after a save whose row could not be written', () => {
    let id = 0;
    beforeEach(async () => {
      ({ id } = await create(catalog.ed, { content: 'a = 1\n' }));
      const other = openDatabase(database());
      // Another program holds the database for longer than a save waits.
      await other.transaction(async (trx) => {
        await trx('catalog_state').update({ id: 1 });
        expect((await catalog.ed.put(`/api/scripts/${id}`, { content: 'a = 2\n' })).status).to.equal(503);
      });
      await other.destroy();
    });

    it('has the version anyway, because its commit is durable (V18)', async () => {
      await restart();
      const { content, version } = await ok(catalog.viewer.get(`/api/scripts/${id}`));
      expect([content, labelOf({ version })]).to.deep.equal(['a = 2\n', '0.2']);
    });

    it('or continues running does not reuse its number (V18)', async () => {
      expect(labelOf(await save(catalog.eve, id, 'a = 3\n'))).to.equal('0.3');
      const versions = await ok(catalog.viewer.get(`/api/scripts/${id}/versions`));
      expect(versions.map((version: { committer: string; minor: number }) => [version.minor, version.committer])).to.deep.equal([
        [3, 'eve'],
        [2, 'ed1'],
        [1, 'ed1'],
      ]);
    });
  });
});
