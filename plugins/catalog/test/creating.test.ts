import { expect } from 'chai';
import { type CatalogServer, create, ok, startCatalog } from './support/catalog-server.ts';

describe('creating a script', () => {
  let catalog: CatalogServer;
  before(async () => {
    catalog = await startCatalog();
  });
  after(() => catalog.stop());

  it('starts at version 0.1, a commit on the editor’s branch (V1)', async () => {
    const script = await create(catalog.ed, { content: '"""First"""\nprint(1)\n', test_data: 'data\n' });
    expect(script).to.include({ descriptive_name: 'First', content: '"""First"""\nprint(1)\n', test_data: 'data\n', last_run: null });
    expect(script.version).to.include({ major: 0, minor: 1, committer: 'ed1', branch: 'ed1', message: null, base_version_id: null });
    expect(script.version.git_commit_hash).to.match(/^[0-9a-f]{40}$/);
    expect(script.version.created_at).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(await ok(catalog.viewer.get(`/api/scripts/${script.id}`))).to.deep.equal(script);
  });

  it('uses the template when no content is given', async () => {
    const { content } = await ok(catalog.viewer.get('/api/catalog/template'));
    const script = await create(catalog.ed);
    expect(script.content).to.equal(content);
    expect(content).to.contain('sys.argv[1]').and.to.contain('Python');
    expect(script.diagnostics).to.deep.equal([]);
  });

  it('starts the group after the last one (N5)', async () => {
    await create(catalog.ed, { ordering_number: 7.35 });
    expect((await create(catalog.ed)).ordering_number).to.equal(8);
  });

  it('uses a free number that is given', async () => {
    expect((await create(catalog.ed, { ordering_number: 0.29 })).ordering_number).to.equal(0.29);
  });

  it('refuses a number that another live script has, and names that script (N2)', async () => {
    const holder = await create(catalog.ed, { content: '"""Holder"""', ordering_number: 50.1 });
    const { status, body } = await catalog.ed.post('/api/scripts', { ordering_number: 50.1 });
    expect(status).to.equal(409);
    expect(body.code).to.equal('catalog/number-taken');
    expect(body.taken_by).to.deep.equal({ id: holder.id, ordering_number: 50.1, descriptive_name: 'Holder' });
  });

  for (const bad of [0, -1, -0.5, 1.005, 2.999, 100_000, 1e21, 1e-7]) {
    it(`refuses the number ${bad} (N1)`, async () => {
      const { status, body } = await catalog.ed.post('/api/scripts', { ordering_number: bad });
      expect([status, body.code]).to.deep.equal([422, 'catalog/bad-number']);
    });
  }

  it('refuses a text as a number', async () => {
    expect((await catalog.ed.post('/api/scripts', { ordering_number: '3' })).status).to.equal(400);
  });

  it('leaves no gap after a refusal (N6)', async () => {
    const first = await create(catalog.ed);
    await catalog.ed.post('/api/scripts', { ordering_number: first.ordering_number });
    expect((await create(catalog.ed)).ordering_number).to.equal(first.ordering_number + 1);
  });

  for (const [what, content] of [
    ['nothing', ''],
    ['CRLF line ends', 'x = 1\r\ny = 2\r\n'],
    ['a byte order mark', '\ufeff"""Marked"""\n'],
    ['NUL', 'x = "a\0b"\n'],
    ['a missing newline at the end', 'print(1)'],
    ['characters beyond the basic plane', '"""🐍"""\n'],
  ] as const) {
    it(`keeps ${what} byte for byte (V8)`, async () => {
      const { id } = await create(catalog.ed, { content, test_data: content });
      const kept = await ok(catalog.ed.get(`/api/scripts/${id}`));
      expect([kept.content, kept.test_data]).to.deep.equal([content, content]);
      const fork = await ok(catalog.ed.post(`/api/scripts/${id}/fork`, { version_id: kept.version.id }), 201);
      expect(fork.content).to.equal(content);
    });
  }

  it('refuses content above 1 MiB of UTF-8, and accepts 1 MiB (V9)', async () => {
    const largest = `#${'é'.repeat((1024 * 1024 - 2) / 2)}\n`;
    expect((await create(catalog.ed, { content: largest })).content).to.equal(largest);
    const { status, body } = await catalog.ed.post('/api/scripts', { content: `${largest} ` });
    expect([status, body.code]).to.deep.equal([413, 'catalog/content-too-large']);
  });

  it('refuses test data above 16 MiB (V9)', async () => {
    const { status, body } = await catalog.ed.post('/api/scripts', { test_data: 'x'.repeat(16 * 1024 * 1024 + 1) });
    expect([status, body.code]).to.deep.equal([413, 'catalog/test-data-too-large']);
  });

  for (const field of ['content', 'test_data']) {
    it(`refuses a lone surrogate in ${field} and says where (V10)`, async () => {
      const { status, body } = await catalog.ed.post('/api/scripts', `{"${field}": "a\\nb\\ud800"}`);
      expect([status, body.code]).to.deep.equal([422, 'catalog/bad-text']);
      expect(body.detail).to.contain('line 2');
    });
  }
});

describe('requesting a script', () => {
  let catalog: CatalogServer;
  before(async () => {
    catalog = await startCatalog();
  });
  after(() => catalog.stop());

  it('answers 404 for an unknown one (V19)', async () => {
    const { status, body } = await catalog.viewer.get('/api/scripts/4711');
    expect([status, body.code]).to.deep.equal([404, 'catalog/no-such-script']);
  });

  it('answers 400 for an invalid id', async () => {
    for (const id of ['zero', '0', '-1', '1.5', '9'.repeat(20)])
      expect((await catalog.viewer.get(`/api/scripts/${id}`)).status, id).to.equal(400);
  });

  it('answers 404 for a version of another script (V19)', async () => {
    const [one, two] = [await create(catalog.ed), await create(catalog.ed, { content: 'x' })];
    const { status, body } = await catalog.viewer.get(`/api/scripts/${one.id}?version=${two.version.id}`);
    expect([status, body.code]).to.deep.equal([404, 'catalog/no-such-version']);
  });
});
