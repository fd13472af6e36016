import { expect } from 'chai';
import { type CatalogServer, create, labelOf, merge, ok, save, startCatalog } from './support/catalog-server.ts';

const LINES = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'].map((name, i) => `${name} = ${i}\n`);
const BASE = LINES.join('');
/** BASE with a line replaced; `mark` keeps the programs of different tests apart. */
const withLine = (line: number, text: string, base = BASE) =>
  base
    .split('\n')
    .map((old, i) => (i === line ? text : old))
    .join('\n');

describe('merging a script to prod', () => {
  let catalog: CatalogServer;
  let tests = 0;
  let mark = '';
  before(async () => {
    catalog = await startCatalog();
  });
  beforeEach(() => {
    tests += 1;
    mark = `test_${tests}`;
  });
  after(() => catalog.stop());

  const start = async () => {
    const first = await create(catalog.ed, { content: `${BASE}${mark} = 1\n` });
    return { id: first.id as number, first, base: first.content as string };
  };
  const state = async (id: number) => {
    const { prod_state, prod_version } = await ok(catalog.viewer.get(`/api/scripts/${id}`));
    return [prod_state, prod_version && `${prod_version.major}.${prod_version.minor}`];
  };
  const prodText = async (id: number) => (await ok(catalog.viewer.get(`/api/scripts/${id}/diff?from=prod&to=prod`))).from_text;

  it('takes the newest version unchanged the first time (M1)', async () => {
    const { id, first } = await start();
    expect(await state(id)).to.deep.equal(['none', null]);
    const merged = await merge(catalog.ed, id);
    expect(merged).to.include({ ok: true, version_id: first.version.id });
    expect(merged.git_commit_hash)
      .to.match(/^[0-9a-f]{40}$/)
      .and.not.equal(first.version.git_commit_hash);
    expect(await state(id)).to.deep.equal(['same', '0.1']);
  });

  it('changes nothing when prod has the version already (M3)', async () => {
    const { id, first, base } = await start();
    const merged = await merge(catalog.ed, id);
    expect(await merge(catalog.ed, id)).to.deep.equal(merged);
    await save(catalog.ed, id, withLine(0, 'one = 100', base));
    const second = await merge(catalog.ed, id);
    expect(await merge(catalog.ed, id, { version_id: first.version.id })).to.deep.equal(second);
  });

  it('takes the version unchanged when only the editor changed the script (M4)', async () => {
    const { id, base } = await start();
    await merge(catalog.ed, id);
    const next = await save(catalog.ed, id, withLine(0, 'one = 100', base));
    expect(await state(id)).to.deep.equal(['ahead', '0.1']);
    expect((await merge(catalog.ed, id)).version_id).to.equal(next.version.id);
    expect(await state(id)).to.deep.equal(['same', '0.2']);
  });

  it('accepts a bumped version with the same text', async () => {
    const { id } = await start();
    await merge(catalog.ed, id);
    await ok(catalog.ed.post(`/api/scripts/${id}/bump-major`));
    await merge(catalog.ed, id);
    expect(await state(id)).to.deep.equal(['same', '1.0']);
  });

  it('merges by lines when both sides changed different ones, as a new version (M5)', async () => {
    const { id, base } = await start();
    const first = await merge(catalog.ed, id);
    await save(catalog.ed, id, withLine(0, 'one = 100', base));
    const eves = await save(catalog.eve, id, withLine(6, 'seven = 700', base));
    await merge(catalog.ed, id);
    expect(await state(id)).to.deep.equal(['ahead', '0.2']);
    const merged = await merge(catalog.eve, id);
    const newest = await ok(catalog.viewer.get(`/api/scripts/${id}`));
    expect(newest.content).to.equal(withLine(6, 'seven = 700', withLine(0, 'one = 100', base)));
    expect(newest.version).to.include({
      id: merged.version_id,
      committer: 'eve',
      message: 'Merge with prod',
      base_version_id: eves.version.id,
    });
    expect(labelOf(newest)).to.equal('0.4');
    expect(await prodText(id)).to.equal(newest.content);
    expect(await state(id)).to.deep.equal(['same', '0.4']);
    expect(merged.git_commit_hash).to.not.equal(first.git_commit_hash);
  });

  describe('when previewed', () => {
    const preview = (agent: CatalogServer['ed'], id: number) => ok(agent.get(`/api/scripts/${id}/merge`));

    it('shows the version unchanged while prod has not changed, and changes nothing (M11)', async () => {
      const { id, first, base } = await start();
      expect(await preview(catalog.ed, id)).to.deep.equal({
        outcome: 'version',
        version_id: first.version.id,
        content: base,
        hunks: [],
        prod_version: null,
        prod_git_commit_hash: null,
      });
      expect(await state(id)).to.deep.equal(['none', null]);
      const merged = await merge(catalog.ed, id, { seen_prod_git_commit_hash: null });
      expect(await preview(catalog.ed, id)).to.deep.include({
        outcome: 'nothing',
        content: base,
        hunks: [],
        prod_version: { id: first.version.id, major: 0, minor: 1 },
        prod_git_commit_hash: merged.git_commit_hash,
      });
    });

    it('shows the merged text when prod has changed, which is what the merge then produces (M11)', async () => {
      const { id, base } = await start();
      await merge(catalog.ed, id);
      await save(catalog.ed, id, withLine(0, 'one = 100', base));
      const eves = await save(catalog.eve, id, withLine(6, 'seven = 700', base));
      const prod = await merge(catalog.ed, id);
      const versions = await ok(catalog.viewer.get(`/api/scripts/${id}/versions`));
      const seen = await preview(catalog.eve, id);
      expect(seen).to.deep.include({
        outcome: 'merge',
        version_id: eves.version.id,
        content: withLine(6, 'seven = 700', withLine(0, 'one = 100', base)),
        prod_git_commit_hash: prod.git_commit_hash,
      });
      const changed = seen.hunks.flatMap(({ lines }: { lines: string[] }) => lines.filter((line) => /^[+-]/.test(line)));
      expect(changed).to.deep.equal(['-seven = 6', '+seven = 700']);
      expect(await ok(catalog.viewer.get(`/api/scripts/${id}/versions`))).to.deep.equal(versions);
      await merge(catalog.eve, id, { version_id: seen.version_id, seen_prod_git_commit_hash: seen.prod_git_commit_hash });
      expect(await prodText(id)).to.equal(seen.content);
    });

    it('is refused when prod has changed since (M8)', async () => {
      const { id, base } = await start();
      await merge(catalog.ed, id);
      await save(catalog.ed, id, withLine(0, 'one = 100', base));
      const eves = await save(catalog.eve, id, withLine(6, 'seven = 700', base));
      const seen = await preview(catalog.eve, id);
      await merge(catalog.ed, id);
      const body = { version_id: eves.version.id, seen_prod_git_commit_hash: seen.prod_git_commit_hash };
      const late = await catalog.eve.post(`/api/scripts/${id}/merge`, body);
      expect([late.status, late.body.code]).to.deep.equal([409, 'git/prod-moved']);
      expect(await prodText(id)).to.equal(withLine(0, 'one = 100', base));
    });
  });

  it('takes the editor’s own version by default, unless the newest includes it (M2)', async () => {
    const { id, base } = await start();
    await merge(catalog.ed, id);
    const eds = await save(catalog.ed, id, withLine(0, 'one = 100', base));
    const eves = await save(catalog.eve, id, withLine(6, 'seven = 700', base));
    expect((await merge(catalog.ed, id)).version_id).to.equal(eds.version.id);
    const onEves = await save(catalog.ed, id, withLine(5, 'six = 600', eves.content), { base_version_id: eves.version.id });
    await merge(catalog.eve, id);
    expect(await prodText(id))
      .to.contain('six = 600')
      .and.to.contain('one = 100')
      .and.to.contain('seven = 700');
    expect(onEves.version.base_version_id).to.equal(eves.version.id);
  });

  describe('when both sides changed the same line', () => {
    const conflicting = async () => {
      const { id, base } = await start();
      await merge(catalog.ed, id);
      const eds = await save(catalog.ed, id, withLine(1, 'two = "ed"', base));
      const eves = await save(catalog.eve, id, withLine(1, 'two = "eve"', base));
      const prod = await merge(catalog.ed, id);
      return { id, base, eds, eves, prod };
    };

    it('is refused with both sides and their base, and changes nothing (M6, M11)', async () => {
      const { id, base, eds, eves, prod } = await conflicting();
      expect(await state(id)).to.deep.equal(['conflict', '0.2']);
      const before = await ok(catalog.viewer.get(`/api/scripts/${id}/versions`));
      const { status, body } = await catalog.eve.post(`/api/scripts/${id}/merge`);
      expect([status, body.code]).to.deep.equal([409, 'git/merge-conflict']);
      expect((await catalog.eve.get(`/api/scripts/${id}/merge`)).body).to.deep.equal(body);
      expect(body).to.deep.include({ base, ours: eds.content, theirs: eves.content, prod_git_commit_hash: prod.git_commit_hash });
      expect(body.conflicts).to.deep.equal([{ line: 2, base: ['two = 1'], ours: ['two = "ed"'], theirs: ['two = "eve"'] }]);
      expect(await ok(catalog.viewer.get(`/api/scripts/${id}/versions`))).to.deep.equal(before);
      expect(await prodText(id)).to.equal(eds.content);
    });

    it('can be resolved by hand, as a version with both parents (M7)', async () => {
      const { id, base, eves, prod } = await conflicting();
      const content = withLine(1, 'two = "both"', base);
      const merged = await merge(catalog.eve, id, { resolution: { content, prod_git_commit_hash: prod.git_commit_hash } });
      const newest = await ok(catalog.viewer.get(`/api/scripts/${id}`));
      expect(newest).to.include({ content, prod_state: 'same' });
      expect(newest.version).to.include({ id: merged.version_id, base_version_id: eves.version.id });
      expect(await prodText(id)).to.equal(content);
      const next = await save(catalog.ed, id, withLine(2, 'three = 30', content), { base_version_id: newest.version.id });
      expect((await merge(catalog.ed, id)).version_id).to.equal(next.version.id);
    });

    it('refuses a resolution when prod has changed since (M7)', async () => {
      const { id, base, prod } = await conflicting();
      const newest = await ok(catalog.viewer.get(`/api/scripts/${id}`));
      const resolution = { content: withLine(1, 'two = "both"', base), prod_git_commit_hash: prod.git_commit_hash };
      const late = await catalog.eve.post(`/api/scripts/${id}/merge`, {
        resolution: { ...resolution, prod_git_commit_hash: '0'.repeat(40) },
      });
      expect([late.status, late.body.code]).to.deep.equal([409, 'git/prod-moved']);
      expect(late.body.prod_git_commit_hash).to.equal(prod.git_commit_hash);
      expect((await ok(catalog.viewer.get(`/api/scripts/${id}`))).version).to.deep.equal(newest.version);
    });

    it('refuses a resolution that is too large', async () => {
      const { id, prod } = await conflicting();
      const resolution = { content: 'x'.repeat(1024 * 1024 + 1), prod_git_commit_hash: prod.git_commit_hash };
      expect((await catalog.eve.post(`/api/scripts/${id}/merge`, { resolution })).status).to.equal(413);
    });
  });

  describe('when sent again after a lost response', () => {
    it('is answered as the first time, although prod is no longer what the request saw (M3)', async () => {
      const { id, base } = await start();
      const { git_commit_hash } = await merge(catalog.ed, id);
      const { version } = await save(catalog.ed, id, withLine(0, 'one = 100', base));
      const body = { version_id: version.id, seen_prod_git_commit_hash: git_commit_hash };
      const merged = await merge(catalog.ed, id, body);
      expect(await merge(catalog.ed, id, body)).to.deep.equal(merged);
    });

    it('merges a conflict resolved by hand only once (M3)', async () => {
      const { id, base } = await start();
      await merge(catalog.ed, id);
      await save(catalog.ed, id, withLine(0, 'one = 100', base));
      await save(catalog.eve, id, withLine(0, 'one = 200', base));
      const prod = await merge(catalog.ed, id);
      const body = { resolution: { content: withLine(0, 'one = 300', base), prod_git_commit_hash: prod.git_commit_hash } };
      const { version_id } = await ok(catalog.eve.get(`/api/scripts/${id}/versions`)).then(([{ id: newest }]) => ({ version_id: newest }));
      const merged = await merge(catalog.eve, id, { version_id, ...body });
      expect(await merge(catalog.eve, id, { version_id, ...body })).to.deep.equal(merged);
      const other = await catalog.eve.post(`/api/scripts/${id}/merge`, {
        version_id,
        resolution: { ...body.resolution, content: withLine(0, 'one = 400', base) },
      });
      expect(other.body.code).to.equal('git/prod-moved');
    });
  });

  describe('when another script on prod is the same program', () => {
    it('is refused and names the twin, whatever the layout and docstrings (M9)', async () => {
      const one = await create(catalog.ed, { content: `"""One"""\n${mark} = [1, "a"]  # first\n` });
      await merge(catalog.ed, one.id);
      const two = await create(catalog.ed, { content: `'''Two'''\n\n${mark} = [\n    (1),\n    'a',\n]\n` });
      const { status, body } = await catalog.ed.post(`/api/scripts/${two.id}/merge`);
      expect([status, body.code]).to.deep.equal([409, 'git/duplicate']);
      expect(body).to.include({ twin_id: one.id, twin_ordering_number: one.ordering_number, twin_descriptive_name: 'One' });
      expect(await state(two.id)).to.deep.equal(['none', null]);
    });

    it('is allowed when the request says so (M9)', async () => {
      const content = `${mark} = 1\n`;
      const [one, two] = [await create(catalog.ed, { content }), await create(catalog.ed, { content })];
      await merge(catalog.ed, one.id);
      await merge(catalog.ed, two.id, { allow_duplicate: true });
      expect(await state(two.id)).to.deep.equal(['same', '0.1']);
    });

    it('is allowed when names or literals differ, or the twin is deleted (M9)', async () => {
      const one = await create(catalog.ed, { content: `${mark} = 1\n` });
      await merge(catalog.ed, one.id);
      for (const content of [`${mark} = 2\n`, `${mark}_ = 1\n`]) await merge(catalog.ed, (await create(catalog.ed, { content })).id);
      await ok(catalog.ed.delete(`/api/scripts/${one.id}`));
      await merge(catalog.ed, (await create(catalog.ed, { content: one.content })).id);
    });
  });

  it('refuses a version of another script and an unknown script (V19)', async () => {
    const [one, two] = [await start(), await start()];
    expect((await catalog.ed.post(`/api/scripts/${one.id}/merge`, { version_id: two.first.version.id })).status).to.equal(404);
    expect((await catalog.ed.post('/api/scripts/4711/merge')).status).to.equal(404);
  });
});
