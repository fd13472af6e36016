import type { ApiError } from '@ved/core/browser';
import { expect } from 'chai';
import { delayNextAnswer, openStatePage, type StatePage, until } from '../../../test/support/page-fetch.ts';
import { type CatalogServer, create, labelOf, merge, ok, save, startCatalog } from '../../catalog/test/support/catalog-server.ts';
import { VersionList } from '../browser/history/version-list.ts';

describe('the versions of a script in a page', () => {
  let catalog: CatalogServer;
  let page: StatePage;
  let list: VersionList;
  let id: number;

  before(async () => {
    catalog = await startCatalog();
    page = await openStatePage(catalog.viewer);
  });
  after(async () => {
    page.close();
    await catalog.stop();
  });
  beforeEach(async () => {
    ({ id } = await create(catalog.ed, { content: '"""Load"""\n' }));
    list = new VersionList(page.live);
    list.show(id);
    await until(list.changed, () => list.loaded);
  });
  afterEach(() => list.dispose());

  const labels = () => list.versions.map((version) => labelOf({ version }));

  it('are listed newest first, also those that somebody saves later', async () => {
    expect(labels()).to.deep.equal(['0.1']);
    await save(catalog.eve, id, '"""Load"""\nprint(1)\n');
    await until(list.changed, () => list.versions.length === 2);
    expect(labels()).to.deep.equal(['0.2', '0.1']);
    expect(list.versions[0]!.committer).to.equal('eve');
  });

  it('show when one goes to prod', async () => {
    await merge(catalog.ed, id, { allow_duplicate: true });
    await until(list.changed, () => list.versions.some(({ on_prod }) => on_prod[0]?.until === null));
  });

  it('show a fork of theirs, its new name, and that it was deleted and restored', async () => {
    const [version] = list.versions;
    const fork = await ok(catalog.eve.post(`/api/scripts/${id}/fork`, { version_id: version!.id }), 201);
    const forks = () => list.versions.flatMap((each) => each.forks.map(({ descriptive_name }) => descriptive_name));
    await until(list.changed, () => forks().includes('Load'));
    await save(catalog.eve, fork.id, '"""Renamed"""\n');
    await until(list.changed, () => forks().includes('Renamed'));
    await ok(catalog.eve.delete(`/api/scripts/${fork.id}`));
    await until(list.changed, () => forks().length === 0);
    await ok(catalog.eve.post(`/api/scripts/${fork.id}/restore`));
    await until(list.changed, () => forks().includes('Renamed'));
  });

  it('stay the newest when an earlier response arrives late', async () => {
    const answer = delayNextAnswer(`/api/scripts/${id}/versions`);
    const counts: number[] = [];
    list.reload();
    await answer.reached;
    list.changed.connect(() => counts.push(list.versions.length));
    await save(catalog.eve, id, 'print(1)\n');
    await until(list.changed, () => list.versions.length === 2);
    answer.letGo();
    await save(catalog.eve, id, 'print(2)\n');
    await until(list.changed, () => list.versions.length === 3);
    expect(counts).to.deep.equal([2, 3]);
  });

  it('are replaced when another script is shown', async () => {
    const other = await create(catalog.ed, { content: '"""Other"""\n' });
    list.show(other.id);
    expect([list.versions, list.loaded]).to.deep.equal([[], false]);
    await until(list.changed, () => list.loaded);
    expect(list.versions.map((version) => version.id)).to.deep.equal([other.version.id]);
  });

  it('are none without a script', () => {
    list.show(null);
    expect([list.versions, list.scriptId, list.loaded]).to.deep.equal([[], null, false]);
  });

  it('of a script that does not exist are an error', async () => {
    list.show(4711);
    await until(list.changed, () => list.error !== null);
    expect((list.error as ApiError).problem.code).to.equal('catalog/no-such-script');
  });
});
