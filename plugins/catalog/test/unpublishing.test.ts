import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { type CatalogServer, create, merge, ok, save, startCatalog } from './support/catalog-server.ts';

describe('taking a script off prod', () => {
  let catalog: CatalogServer;
  before(async () => {
    catalog = await startCatalog();
  });
  after(() => catalog.stop());

  const unpublish = (id: number, body?: object) => catalog.ed.post(`/api/scripts/${id}/unpublish`, body);
  const onProd = async (content: string) => {
    const { id } = await create(catalog.ed, { content });
    const { git_commit_hash: commit } = await merge(catalog.ed, id);
    return { id: id as number, commit: commit as string };
  };
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', join(catalog.server.dataDir, 'scripts.git'), ...args], { encoding: 'utf8', stdio: 'pipe' });
  const filesOnProd = () => git('ls-tree', '--name-only', 'prod').split('\n').filter(Boolean);

  it('keeps its versions, and removes it from prod in list, detail and git (M12)', async () => {
    const { id } = await onProd('first = 1\n');
    await save(catalog.ed, id, 'first = 2\n');
    const detail = await ok(unpublish(id));
    expect(detail).to.deep.include({ id, prod_version: null, prod_state: 'none', content: 'first = 2\n' });
    const row = (await ok(catalog.viewer.get('/api/scripts'))).find((script: { id: number }) => script.id === id);
    expect(row).to.deep.include({ prod_version: null, prod_state: 'none', other_unmerged: [] });
    expect(await ok(catalog.viewer.get(`/api/scripts/${id}/versions`))).to.have.length(2);
    expect((await catalog.viewer.get(`/api/scripts/${id}/diff?from=prod&to=draft`)).status).to.equal(404);
    expect(filesOnProd()).to.not.include(`${id}.py`);
    git('fsck', '--strict', '--no-dangling');
  });

  it('records in the history until when each version was on prod, and who took it off', async () => {
    const { id } = await onProd('times = 1\n');
    await ok(unpublish(id));
    await merge(catalog.eve, id);
    const [{ on_prod }] = await ok(catalog.viewer.get(`/api/scripts/${id}/versions`));
    expect(on_prod).to.have.length(2);
    expect(on_prod[0]).to.include({ merged_by: 'ed1', taken_off_by: 'ed1' });
    expect(on_prod[0].until).to.be.a('string');
    expect(on_prod[1]).to.include({ merged_by: 'eve', until: null, taken_off_by: null });
  });

  it('is refused when the script is not on prod, and changes nothing (M12)', async () => {
    const { id } = await create(catalog.ed, { content: 'never = 1\n' });
    const before = git('rev-parse', 'prod');
    for (const round of [1, 2]) {
      const { status, body } = await unpublish(id);
      expect([status, body.code], `round ${round}`).to.deep.equal([409, 'catalog/nothing-on-prod']);
    }
    expect(git('rev-parse', 'prod')).to.equal(before);
    expect((await unpublish(999_999)).status).to.equal(404);
    expect((await catalog.viewer.post(`/api/scripts/${id}/unpublish`)).status).to.equal(403);
  });

  it('is refused when somebody else has merged since (M8)', async () => {
    const { id, commit } = await onProd('moving = 1\n');
    await save(catalog.eve, id, 'moving = 2\n');
    await merge(catalog.eve, id);
    const { status, body } = await unpublish(id, { seen_prod_git_commit_hash: commit });
    expect([status, body.code]).to.deep.equal([409, 'git/prod-moved']);
    expect(filesOnProd()).to.include(`${id}.py`);
  });

  it('lets any version be merged again, even an old one, as if for the first time (M13)', async () => {
    const { id } = await onProd('again = 1\n');
    const second = await save(catalog.ed, id, 'again = 2\n');
    await merge(catalog.ed, id);
    await ok(unpublish(id));
    const versions = await ok(catalog.viewer.get(`/api/scripts/${id}/versions`));
    const preview = await ok(catalog.ed.get(`/api/scripts/${id}/merge?version_id=${versions[1].id}`));
    expect(preview).to.include({ outcome: 'version', content: 'again = 1\n', prod_version: null });
    expect(await merge(catalog.ed, id, { version_id: versions[1].id, seen_prod_git_commit_hash: null })).to.include({
      version_id: versions[1].id,
    });
    expect(git('show', `prod:${id}.py`)).to.equal('again = 1\n');
    expect((await ok(catalog.viewer.get(`/api/scripts/${id}`))).prod_state).to.equal('ahead');
    expect((await merge(catalog.ed, id)).version_id).to.equal(second.version.id);
  });

  it('allows another script with the same code (M13)', async () => {
    const { id } = await onProd('def twin():\n    return "of somebody"\n');
    const other = await create(catalog.ed, { content: 'def twin():\n    return "of somebody"  # the same\n' });
    expect((await catalog.ed.post(`/api/scripts/${other.id}/merge`)).body.code).to.equal('git/duplicate');
    await ok(unpublish(id));
    await merge(catalog.ed, other.id);
    const back = await catalog.ed.post(`/api/scripts/${id}/merge`);
    expect([back.body.code, back.body.twin_id]).to.deep.equal(['git/duplicate', other.id]);
  });

  it('lists everybody’s work as unmerged again', async () => {
    const { id } = await onProd('lacks = 1\n');
    await save(catalog.eve, id, 'lacks = 2\n');
    await merge(catalog.eve, id);
    await ok(unpublish(id));
    const row = (await ok(catalog.viewer.get('/api/scripts'))).find((script: { id: number }) => script.id === id);
    expect(row.other_unmerged).to.deep.include.members([
      { committer: 'ed1', version_id: row.version_id - 1, major: 0, minor: 1, state: 'none', in_newest: true },
    ]);
  });

  it('is refused for a deleted script, whose restore keeps what was on prod (D2)', async () => {
    const { id } = await onProd('deleted = 1\n');
    await ok(catalog.ed.delete(`/api/scripts/${id}`));
    expect((await unpublish(id)).status).to.equal(404);
    expect((await ok(catalog.ed.post(`/api/scripts/${id}/restore`))).prod_state).to.equal('same');
    expect((await ok(unpublish(id))).prod_state).to.equal('none');
  });
});
