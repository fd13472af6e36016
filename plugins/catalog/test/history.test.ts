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
    const nothing = { on_prod: [], forked_from: null, forks: [] };
    const expected = [third.version, second.version, version].map((each) => ({ ...each, ...nothing }));
    expect(await ok(catalog.viewer.get(`/api/scripts/${id}/versions`))).to.deep.equal(expected);
    expect((await catalog.viewer.get('/api/scripts/4711/versions')).status).to.equal(404);
  });

  it('says when each version was on prod, and who merged it', async () => {
    const { id } = await create(catalog.ed, { content: 'on_prod = 1\n' });
    const first = await merge(catalog.eve, id);
    await save(catalog.ed, id, 'on_prod = 2\n');
    const second = await merge(catalog.ed, id);
    const [newer, older] = await ok(catalog.viewer.get(`/api/scripts/${id}/versions`));
    expect(older.on_prod).to.have.length(1);
    expect(older.on_prod[0]).to.include({ merged_by: 'eve', git_commit_hash: first.git_commit_hash, until: newer.on_prod[0].merged_at });
    expect(newer.on_prod[0]).to.include({ merged_by: 'ed1', git_commit_hash: second.git_commit_hash, until: null });
  });

  it('links a fork to the version it was forked from, and back', async () => {
    const parent = await create(catalog.ed, { content: '"""Parent"""\n' });
    const versionId = parent.version.id;
    const fork = await ok(catalog.eve.post(`/api/scripts/${parent.id}/fork`, { version_id: versionId }), 201);
    await save(catalog.eve, fork.id, '"""Child"""\n');
    const ofParent = async () => (await ok(catalog.viewer.get(`/api/scripts/${parent.id}/versions`)))[0].forks;
    const ofFork = async () => (await ok(catalog.viewer.get(`/api/scripts/${fork.id}/versions`))).at(-1).forked_from;
    expect(await ofParent()).to.deep.equal([{ script_id: fork.id, ordering_number: fork.ordering_number, descriptive_name: 'Child' }]);
    const number = parent.ordering_number;
    const named = { script_id: parent.id, version_id: versionId, major: 0, minor: 1, ordering_number: number, descriptive_name: 'Parent' };
    expect(await ofFork()).to.deep.equal({ ...named, deleted: false });
    await ok(catalog.ed.delete(`/api/scripts/${parent.id}`));
    expect(await ofFork()).to.deep.equal({ ...named, deleted: true });
    await ok(catalog.ed.post(`/api/scripts/${parent.id}/restore`));
    await ok(catalog.ed.delete(`/api/scripts/${fork.id}`));
    expect(await ofParent()).to.deep.equal([]);
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

  it('refuses to compare what does not exist', async () => {
    const [one, two] = [await create(catalog.ed, { content: 'unmerged' }), await create(catalog.ed)];
    const path = `/api/scripts/${one.id}/diff`;
    const status = async (query: string) => (await catalog.viewer.get(`${path}?${query}`)).status;
    expect(await status('from=prod&to=draft')).to.equal(404);
    expect(await status(`from=${two.version.id}&to=draft`)).to.equal(404);
    for (const bad of ['from=draft', 'to=draft', 'from=draft&to=HEAD', 'from=-1&to=draft']) expect(await status(bad), bad).to.equal(400);
  });

  it('says which version wrote each line, by whom and in which interaction', async () => {
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

  it('credits lines that a merge took from prod to the version that wrote them there', async () => {
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
