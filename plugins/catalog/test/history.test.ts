import { join } from 'node:path';
import { openDatabase } from '@ved/core/server';
import { expect } from 'chai';
import { type CatalogServer, create, merge, ok, save, startCatalog } from './support/catalog-server.ts';

describe('the history of a script', () => {
  let catalog: CatalogServer;
  before(async () => {
    catalog = await startCatalog();
  });
  after(() => catalog.stop());

  it('lists versions, newest first', async () => {
    const { id, version } = await create(catalog.ed, { content: 'a\n' });
    const second = await save(catalog.eve, id, 'b\n', { message: 'Second' });
    const third = await ok(catalog.ed.post(`/api/scripts/${id}/bump-major`));
    expect(await ok(catalog.viewer.get(`/api/scripts/${id}/versions`))).to.deep.equal([third.version, second.version, version]);
    expect((await catalog.viewer.get('/api/scripts/4711/versions')).status).to.equal(404);
  });

  it('of 1,000 versions is listed within 200 ms', async () => {
    const { id, version } = await create(catalog.ed, { content: 'a\n' });
    const db = openDatabase(join(catalog.server.dataDir, 'ved.sqlite'));
    const { id: _, ...row } = await db('catalog_versions').where({ id: version.id }).first();
    const more = Array.from({ length: 999 }, (_unused, i) => ({ ...row, minor: i + 2, base_version_id: version.id, message: 'Again' }));
    await db.batchInsert('catalog_versions', more, 50);
    await db.destroy();
    const times: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const begun = performance.now();
      expect(await ok(catalog.viewer.get(`/api/scripts/${id}/versions`))).to.have.length(1000);
      times.push(performance.now() - begun);
    }
    expect(Math.min(...times)).to.be.lessThan(200);
  });

  it('compares versions, prod and the newest text', async () => {
    const first = await create(catalog.ed, { content: 'a\nb\n' });
    await merge(catalog.ed, first.id);
    const second = await save(catalog.ed, first.id, 'a\nc\n');
    const path = `/api/scripts/${first.id}/diff`;
    const byId = await ok(catalog.viewer.get(`${path}?from=${first.version.id}&to=${second.version.id}`));
    expect(byId.hunks).to.deep.equal([{ old_start: 1, old_lines: 2, new_start: 1, new_lines: 2, lines: [' a', '-b', '+c'] }]);
    expect(byId).to.include({ from: String(first.version.id), to: String(second.version.id), from_text: 'a\nb\n', to_text: 'a\nc\n' });
    expect(byId.patch).to.contain('-b\n+c\n');
    const byName = await ok(catalog.viewer.get(`${path}?from=prod&to=draft`));
    expect(byName).to.deep.include({ from: 'prod', to: 'draft', hunks: byId.hunks });
  });

  it('refuses to compare what is not there', async () => {
    const [one, two] = [await create(catalog.ed, { content: 'unmerged' }), await create(catalog.ed)];
    const path = `/api/scripts/${one.id}/diff`;
    const status = async (query: string) => (await catalog.viewer.get(`${path}?${query}`)).status;
    expect(await status('from=prod&to=draft')).to.equal(404);
    expect(await status(`from=${two.version.id}&to=draft`)).to.equal(404);
    for (const bad of ['from=draft', 'to=draft', 'from=draft&to=HEAD', 'from=-1&to=draft']) expect(await status(bad), bad).to.equal(400);
  });

  it('says of each line which version brought it, by whom and by which interaction', async () => {
    const first = await create(catalog.ed, { content: 'a\nb\n' });
    const second = await save(catalog.eve, first.id, 'a\nb\nc\n', {
      base_version_id: first.version.id,
      provenance: { interaction_id: 12 },
    });
    expect(await ok(catalog.viewer.get(`/api/scripts/${first.id}/blame`))).to.deep.equal([
      { version_id: first.version.id, committer: 'ed1', interaction_id: null },
      { version_id: first.version.id, committer: 'ed1', interaction_id: null },
      { version_id: second.version.id, committer: 'eve', interaction_id: 12 },
    ]);
    expect(await ok(catalog.viewer.get(`/api/scripts/${first.id}/blame?version=${first.version.id}`))).to.have.length(2);
    expect((await catalog.viewer.get(`/api/scripts/${first.id}/blame?version=4711`)).status).to.equal(404);
  });

  it('credits lines that a merge took from prod to who wrote them there', async () => {
    const base = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `merged_${name} = 1\n`).join('');
    const first = await create(catalog.ed, { content: base });
    await merge(catalog.ed, first.id);
    const eds = await save(catalog.ed, first.id, base.replace('a = 1', 'a = "ed"'));
    const eves = await save(catalog.eve, first.id, base.replace('g = 1', 'g = "eve"'));
    await merge(catalog.ed, first.id);
    await merge(catalog.eve, first.id);
    const blame = await ok(catalog.viewer.get(`/api/scripts/${first.id}/blame`));
    expect(blame.map((line: { version_id: number }) => line.version_id)).to.deep.equal([
      eds.version.id,
      ...Array(5).fill(first.version.id),
      eves.version.id,
    ]);
  });
});
