import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { type CatalogServer, create, empty, labelOf, merge, ok, save, startCatalog } from './support/catalog-server.ts';

const times = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('many concurrent requests', () => {
  let catalog: CatalogServer;
  before(async () => {
    catalog = await startCatalog();
  });
  beforeEach(() => empty(catalog));
  after(() => catalog.stop());

  const git = (...args: string[]) =>
    execFileSync('git', ['-C', join(catalog.server.dataDir, 'scripts.git'), ...args], { encoding: 'utf8', stdio: 'pipe' });
  const sound = () => git('fsck', '--strict', '--no-dangling');

  it('to save one script create consecutive versions, each with its own text (V2)', async () => {
    const { id } = await create(catalog.ed, { content: 'start' });
    const saved = await Promise.all(times(50).map((i) => save(i % 2 ? catalog.ed : catalog.eve, id, `text ${i}`)));
    expect(new Set(saved.map((each) => each.content)).size).to.equal(50);
    const versions = await ok(catalog.viewer.get(`/api/scripts/${id}/versions`));
    expect(versions.map((version: { minor: number }) => version.minor)).to.deep.equal(times(51).map((i) => 51 - i));
    for (const i of [0, 17, 49]) {
      const version = versions[i];
      expect((await ok(catalog.viewer.get(`/api/scripts/${id}?version=${version.id}`))).content).to.equal(
        git('show', `${version.git_commit_hash}:${id}.py`),
      );
    }
    const committed = git('log', '--format=%(trailers:key=Ved-Version,valueonly,separator=)', 'ed1', 'eve', '--').split('\n');
    expect(committed.filter((trailer) => trailer.startsWith(`${id}@`)).sort()).to.deep.equal(
      times(51)
        .map((i) => `${id}@0.${i + 1}`)
        .sort(),
    );
    sound();
  });

  it('to create scripts give each its own number and version (N2, N10)', async () => {
    const made = await Promise.all(times(50).map((i) => create(i % 2 ? catalog.ed : catalog.eve, { content: `${i}` })));
    const numbers = made.map((script) => script.ordering_number).sort((a, b) => a - b);
    expect(numbers).to.deep.equal(times(50).map((i) => i + 1));
    expect(new Set(made.map(labelOf))).to.deep.equal(new Set(['0.1']));
    sound();
  });

  it('to create and to save scripts do not affect each other', async () => {
    const { id } = await create(catalog.ed, { content: 'start' });
    const [made, saved] = await Promise.all([
      Promise.all(times(30).map((i) => create(catalog.ed, { content: `new ${i}` }))),
      Promise.all(times(30).map((i) => save(catalog.ed, id, `text ${i}`))),
    ]);
    expect(made.map((script) => script.ordering_number).sort((a, b) => a - b)).to.deep.equal(times(30).map((i) => i + 2));
    const versions = await ok(catalog.viewer.get(`/api/scripts/${id}/versions`));
    expect(versions.map(({ minor }: { minor: number }) => minor)).to.deep.equal(times(31).map((i) => 31 - i));
    const reachable = new Set(git('rev-list', 'ed1').split('\n'));
    for (const { version } of [...made, ...saved]) expect(reachable).to.include(version.git_commit_hash);
    sound();
  });

  it('for the same free number give it to exactly one (N10)', async () => {
    const answers = await Promise.all(times(10).map(() => catalog.ed.post('/api/scripts', { content: 'x', ordering_number: 77.07 })));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, ...Array(9).fill(409)]);
  });

  it('to save on the same base let exactly one succeed (V3)', async () => {
    const { id, version } = await create(catalog.ed, { content: 'start' });
    const answers = await Promise.all(
      times(10).map((i) => catalog.ed.put(`/api/scripts/${id}`, { content: `text ${i}`, base_version_id: version.id })),
    );
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, ...Array(9).fill(409)]);
  });

  it('to merge scripts with the same code let exactly one succeed (M10)', async () => {
    const scripts = await Promise.all(times(8).map(() => create(catalog.ed, { content: 'same = "code"\n' })));
    const answers = await Promise.all(scripts.map(({ id }) => catalog.ed.post(`/api/scripts/${id}/merge`)));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, ...Array(7).fill(409)]);
  });

  it('to merge, save and move one script all succeed', async () => {
    const { id } = await create(catalog.ed, { content: 'whole = 0\n' });
    await Promise.all(
      times(12).flatMap((i) => [
        save(catalog.ed, id, `whole = ${i + 1}\n`),
        merge(catalog.ed, id),
        ok(catalog.eve.patch('/api/scripts/order', { moves: [{ id, ordering_number: i + 1 }] })),
      ]),
    );
    await merge(catalog.ed, id);
    const script = await ok(catalog.viewer.get(`/api/scripts/${id}`));
    expect([labelOf(script), script.prod_state, script.prod_version.id]).to.deep.equal(['0.13', 'same', script.version.id]);
    expect(git('show', `prod:${id}.py`)).to.equal(script.content);
    sound();
  });
});
