import { expect } from 'chai';
import { type CatalogServer, create, labelOf, merge, ok, save, startCatalog } from './support/catalog-server.ts';

describe('saving a script', () => {
  let catalog: CatalogServer;
  before(async () => {
    catalog = await startCatalog();
  });
  after(() => catalog.stop());

  it('creates the next minor version, with its message, provenance and base (V2)', async () => {
    const first = await create(catalog.ed, { content: 'a = 1\n' });
    const body = { base_version_id: first.version.id, message: 'Count\n\nmore', provenance: { interaction_id: 7, by: 'assistant' } };
    const second = await save(catalog.ed, first.id, 'a = 2\n', body);
    expect(labelOf(second)).to.equal('0.2');
    expect(second.version).to.deep.include({ message: 'Count\n\nmore', provenance: body.provenance, base_version_id: first.version.id });
    expect(second.version.git_commit_hash).to.not.equal(first.version.git_commit_hash);
    expect((await ok(catalog.viewer.get(`/api/scripts/${first.id}?version=${first.version.id}`))).content).to.equal('a = 1\n');
  });

  it('refuses a base that is not the newest version, and returns the newest (V3)', async () => {
    const first = await create(catalog.ed, { content: 'a = 1\n' });
    const second = await save(catalog.eve, first.id, 'a = 2\n');
    const { status, body } = await catalog.ed.put(`/api/scripts/${first.id}`, { content: 'a = 3\n', base_version_id: first.version.id });
    expect([status, body.code]).to.deep.equal([409, 'catalog/stale']);
    expect(body.current).to.deep.equal(second.version);
    expect((await ok(catalog.ed.get(`/api/scripts/${first.id}`))).version).to.deep.equal(second.version);
  });

  describe('again after a lost response', () => {
    const start = async () => {
      const first = await create(catalog.ed, { content: 'a = 1\n', test_data: 'old' });
      const body = { content: 'a = 2\n', base_version_id: first.version.id, message: 'Two', provenance: { by: 'x' }, test_data: 'new' };
      const put = (more: object = {}, agent = catalog.ed) => agent.put(`/api/scripts/${first.id}`, { ...body, ...more });
      return { first, put, saved: await ok(put()) };
    };
    const refused = async (answer: ReturnType<Awaited<ReturnType<typeof start>>['put']>) => {
      const { status, body } = await answer;
      expect([status, body.code]).to.deep.equal([409, 'catalog/stale']);
    };

    it('is answered as the first time, and creates nothing (V4)', async () => {
      const { first, put, saved } = await start();
      for (const again of await Promise.all([put(), put()])) expect(again).to.deep.include({ status: 200, body: saved });
      expect(await ok(catalog.ed.get(`/api/scripts/${first.id}/versions`))).to.have.length(2);
    });

    it('is refused when anything differs, or somebody else sends it (V4)', async () => {
      const { put } = await start();
      await refused(put({ content: 'a = 3\n' }));
      await refused(put({ message: 'Three' }));
      await refused(put({ provenance: { by: 'y' } }));
      await refused(put({ test_data: 'newer' }));
      await refused(put({}, catalog.eve));
    });

    it('is refused once there is a newer version, even by the same person (V4)', async () => {
      const { first, put, saved } = await start();
      await save(catalog.eve, first.id, 'a = 3\n', { base_version_id: saved.version.id });
      await refused(put());
      const other = await start();
      await ok(catalog.ed.post(`/api/scripts/${other.first.id}/bump-major`));
      await refused(other.put());
    });

    it('does not revert test data saved since', async () => {
      const { first, put, saved } = await start();
      await save(catalog.eve, first.id, 'a = 2\n', { base_version_id: saved.version.id, test_data: 'of eve' });
      expect((await ok(put())).test_data).to.equal('of eve');
    });
  });

  it('creates no version for unchanged text, but stores new test data (V5)', async () => {
    const first = await create(catalog.ed, { content: 'a = 1\n', test_data: 'old' });
    const again = await save(catalog.ed, first.id, 'a = 1\n', { test_data: 'new' });
    expect(again.version).to.deep.equal(first.version);
    expect(again.test_data).to.equal('new');
    expect(await ok(catalog.ed.get(`/api/scripts/${first.id}/versions`))).to.have.length(1);
  });

  it('keeps test data that a save leaves out (V6)', async () => {
    const { id } = await create(catalog.ed, { content: 'a = 1\n', test_data: 'kept' });
    expect((await save(catalog.ed, id, 'a = 2\n')).test_data).to.equal('kept');
  });

  it('saves a syntax error and reports it (V12)', async () => {
    const { id } = await create(catalog.ed, { content: 'a = 1\n' });
    const broken = await save(catalog.ed, id, 'def f(:\n  pass\n');
    expect(labelOf(broken)).to.equal('0.2');
    expect(broken.diagnostics[0]).to.include({ line: 1 });
    expect((await ok(catalog.ed.get(`/api/scripts/${id}`))).diagnostics).to.deep.equal(broken.diagnostics);
    expect((await save(catalog.ed, id, 'pass\n')).diagnostics).to.deep.equal([]);
  });

  it('saves text that no parser can handle', async () => {
    const { id } = await create(catalog.ed, { content: 'a = 1\n' });
    const deep = await save(catalog.ed, id, '('.repeat(50_000));
    expect(deep.diagnostics).to.have.length(1);
    expect((await save(catalog.ed, id, '"""Well again"""')).descriptive_name).to.equal('Well again');
  });

  describe('with a provenance at the limits', () => {
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    for (const [what, provenance] of Object.entries({
      'of the maximum depth': nested(32),
      'of nearly 64 KiB': { text: 'é"'.repeat(16_000) },
      'with separators, halves and controls': { text: '\u2028\u2029\u0085\ud800\0\x1b', '\u2028': [] },
      'with names of object members': JSON.parse('{"__proto__": {"a": 1}, "constructor": null, "toJSON": 1}'),
      'of one number': 0,
    }))
      it(`${what} returns it unchanged in the script and its history`, async () => {
        const first = await create(catalog.ed, { content: 'edge = 1\n' });
        const saved = await save(catalog.ed, first.id, 'edge = 2\n', { provenance, message: 'Separated\u2028lines' });
        expect(JSON.stringify(saved.version.provenance)).to.equal(JSON.stringify(provenance));
        expect((await ok(catalog.viewer.get(`/api/scripts/${first.id}/versions`)))[0].provenance).to.deep.equal(saved.version.provenance);
        await ok(catalog.viewer.get(`/api/scripts/${first.id}/blame`));
      });

    for (const [what, provenance, status, code] of [
      ['that is too deep', JSON.stringify(nested(33)), 422, 'catalog/provenance-too-deep'],
      ['deep enough to crash a parser', '['.repeat(100_000) + ']'.repeat(100_000), 400, 'request/too-nested'],
      ['of many small parts', JSON.stringify(Array(40_000).fill(0)), 413, 'catalog/provenance-too-large'],
      ['of more values than a request may have', JSON.stringify(Array(70_000).fill(0)), 400, 'request/too-many-values'],
    ] as const)
      it(`${what} is refused and changes nothing (V11)`, async () => {
        const first = await create(catalog.ed, { content: 'edge = 1\n' });
        const refused = await catalog.ed.put(`/api/scripts/${first.id}`, `{"content": "edge = 2", "provenance": ${provenance}}`);
        expect([refused.status, refused.body.code]).to.deep.equal([status, code]);
        expect((await ok(catalog.viewer.get(`/api/scripts/${first.id}`))).version).to.deep.equal(first.version);
      });
  });

  it('uses the editor’s own last version as base when the save names none (V7)', async () => {
    const first = await create(catalog.ed, { content: 'a = 1\n' });
    await save(catalog.eve, first.id, 'a = 2\n');
    expect((await save(catalog.ed, first.id, 'a = 3\n')).version.base_version_id).to.equal(first.version.id);
  });

  it('uses the version on prod as base for an editor without a version (V7)', async () => {
    const first = await create(catalog.ed, { content: 'a = 1 # prod\n' });
    await merge(catalog.ed, first.id);
    await save(catalog.ed, first.id, 'a = 2\n');
    expect((await save(catalog.eve, first.id, 'a = 3\n')).version.base_version_id).to.equal(first.version.id);
  });

  it('names a script after its newest docstring (V15)', async () => {
    const { id } = await create(catalog.ed, { content: '"""Before"""' });
    const after = await save(catalog.ed, id, '# comment\n\n"""\n   After\n   all\n"""\n');
    expect(after).to.include({ descriptive_name: 'After', description: 'After\nall' });
  });

  it('keeps every text byte for byte, even when there is a newer one (V8)', async () => {
    const texts = ['x = 1\r\ny = 2\r\n', '\ufeffx = 1\n', 'x = "a\0b"\n', 'lone = 1\rreturn\n', '', 'x'.repeat(1024 * 1024), 'last = 1'];
    const { id } = await create(catalog.ed, { content: 'first = 1\n' });
    const ids: number[] = [];
    for (const text of texts) {
      const saved = await save(catalog.ed, id, text);
      expect(saved.content).to.equal(text);
      ids.push(saved.version.id);
    }
    for (const [index, version] of ids.entries()) {
      expect((await ok(catalog.viewer.get(`/api/scripts/${id}?version=${version}`))).content).to.equal(texts[index]);
    }
  });

  for (const [what, body, status, code] of [
    ['content above 1 MiB', { content: 'x'.repeat(1024 * 1024 + 1) }, 413, 'catalog/content-too-large'],
    ['content of 5 MB', { content: 'x'.repeat(5_000_000) }, 413, 'catalog/content-too-large'],
    ['half a character in the content', { content: 'a\ud800' }, 422, 'catalog/bad-text'],
    ['half a character in the message', { content: 'b', message: 'a\ud800' }, 422, 'catalog/bad-text'],
    ['test data above 16 MiB', { content: '', test_data: 'x'.repeat(16 * 1024 * 1024 + 1) }, 413, 'catalog/test-data-too-large'],
    ['NUL in the message', { content: '', message: 'a\0b' }, 422, 'catalog/bad-text'],
    ['a provenance above 64 KiB', { content: '', provenance: 'x'.repeat(65_536) }, 413, 'catalog/provenance-too-large'],
    ['no content', {}, 400, undefined],
    ['content that is not text', { content: 1 }, 400, undefined],
  ] as const) {
    it(`refuses ${what} and changes nothing (V9, V10, V11)`, async () => {
      const before = await create(catalog.ed, { content: 'a = 1\n' });
      const answer = await catalog.ed.put(`/api/scripts/${before.id}`, body);
      expect(answer.status).to.equal(status);
      if (code) expect(answer.body.code).to.equal(code);
      expect(await ok(catalog.ed.get(`/api/scripts/${before.id}`))).to.deep.equal(before);
    });
  }

  it('answers 404 for an unknown or deleted script (V19, D1)', async () => {
    const { id } = await create(catalog.ed);
    await ok(catalog.ed.delete(`/api/scripts/${id}`));
    expect((await catalog.ed.put(`/api/scripts/${id}`, { content: '' })).status).to.equal(404);
    expect((await catalog.ed.put('/api/scripts/4711', { content: '' })).status).to.equal(404);
  });
});

describe('bumping the major version', () => {
  let catalog: CatalogServer;
  before(async () => {
    catalog = await startCatalog();
  });
  after(() => catalog.stop());

  it('creates (major + 1).0 of the same commit, and the next save is X.1 (V13)', async () => {
    const first = await create(catalog.ed, { content: '"""\n    Named\n      indented\n"""\n' });
    const bumped = await ok(catalog.eve.post(`/api/scripts/${first.id}/bump-major`));
    expect(labelOf(bumped)).to.equal('1.0');
    expect(bumped.version).to.include({ committer: 'eve', git_commit_hash: first.version.git_commit_hash, branch: 'ed1' });
    expect(bumped.description).to.equal(first.description);
    expect(labelOf(await save(catalog.ed, first.id, 'x\n'))).to.equal('1.1');
    expect(labelOf(await ok(catalog.ed.post(`/api/scripts/${first.id}/bump-major`)))).to.equal('2.0');
  });

  it('answers 404 for an unknown script', async () => {
    expect((await catalog.ed.post('/api/scripts/4711/bump-major')).status).to.equal(404);
  });
});

describe('forking a script', () => {
  let catalog: CatalogServer;
  before(async () => {
    catalog = await startCatalog();
  });
  after(() => catalog.stop());

  it('creates a script at 0.1 with the same text and test data, the next number and both parent ids (V14, N5)', async () => {
    const parent = await create(catalog.ed, { content: '"""Parent"""\n', test_data: 'data' });
    const fork = await ok(catalog.eve.post(`/api/scripts/${parent.id}/fork`), 201);
    expect(fork).to.include({ content: parent.content, test_data: 'data', ordering_number: parent.ordering_number + 1 });
    expect(fork.version).to.include({ major: 0, minor: 1, parent_script_id: parent.id, parent_version_id: parent.version.id });
    expect((await save(catalog.eve, fork.id, 'x\n')).version).to.include({ parent_script_id: null, parent_version_id: null });
  });

  it('accepts an old version, or a text that could not be saved (V14)', async () => {
    const parent = await create(catalog.ed, { content: 'old\n' });
    await save(catalog.ed, parent.id, 'new\n');
    const body = { version_id: parent.version.id };
    expect((await ok(catalog.ed.post(`/api/scripts/${parent.id}/fork`, body), 201)).content).to.equal('old\n');
    const mine = await ok(catalog.ed.post(`/api/scripts/${parent.id}/fork`, { ...body, content: 'mine\n' }), 201);
    expect(mine).to.include({ content: 'mine\n' });
    expect(mine.version.parent_version_id).to.equal(parent.version.id);
  });

  it('refuses a version of another script, and an unknown script (V19)', async () => {
    const [one, two] = [await create(catalog.ed), await create(catalog.ed)];
    expect((await catalog.ed.post(`/api/scripts/${one.id}/fork`, { version_id: two.version.id })).status).to.equal(404);
    expect((await catalog.ed.post('/api/scripts/4711/fork')).status).to.equal(404);
  });
});

describe('reverting a script', () => {
  let catalog: CatalogServer;
  before(async () => {
    catalog = await startCatalog();
  });
  after(() => catalog.stop());

  it('saves the old text as a new version that says so (M15)', async () => {
    const first = await create(catalog.ed, { content: 'one\n' });
    await save(catalog.ed, first.id, 'two\n');
    const reverted = await ok(catalog.eve.post(`/api/scripts/${first.id}/revert`, { version_id: first.version.id }));
    expect([reverted.content, labelOf(reverted), reverted.version.message]).to.deep.equal(['one\n', '0.3', 'Revert to 0.1']);
  });

  it('creates no version when the newest has that text (M15)', async () => {
    const first = await create(catalog.ed, { content: 'one\n' });
    const same = await ok(catalog.ed.post(`/api/scripts/${first.id}/revert`, { version_id: first.version.id }));
    expect(same.version).to.deep.equal(first.version);
  });

  it('refuses a version of another script, and a missing version', async () => {
    const [one, two] = [await create(catalog.ed), await create(catalog.ed)];
    expect((await catalog.ed.post(`/api/scripts/${one.id}/revert`, { version_id: two.version.id })).status).to.equal(404);
    expect((await catalog.ed.post(`/api/scripts/${one.id}/revert`, {})).status).to.equal(400);
  });
});
