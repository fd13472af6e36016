import { CatalogService, foldForSearch, type RunEnd } from '@ved/catalog/contract';
import type { ServerPlugin } from '@ved/core/server';
import { expect } from 'chai';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import type { Knex } from 'knex';
import { exhaustive } from '../../../test/support/exhaustive.ts';
import { type CatalogServer, create, empty, merge, ok, save, startCatalog } from './support/catalog-server.ts';

describe('the list of scripts', () => {
  let catalog: CatalogServer;
  let service: CatalogService;
  let db: Knex;
  /** Another plugin, such as the runner. */
  const peer: ServerPlugin = {
    id: 'peer',
    required: true,
    requires: [CatalogService],
    start: async (context) => {
      service = context.services.get(CatalogService);
      db = context.db;
      return { stop: async () => undefined };
    },
  };
  before(async () => {
    catalog = await startCatalog({ plugins: [peer] });
  });
  beforeEach(() => empty(catalog));
  after(() => catalog.stop());

  const recorded = async (end: RunEnd) => (await db.transaction((trx) => service.recordRuns(trx, [end])))();

  it('shows each script with its version, last run and prod', async () => {
    const { id, version } = await create(catalog.ed, { content: '"""Name\n\nMore\n"""\nprint(1)\n' });
    await merge(catalog.ed, id);
    await recorded({ runId: 1, scriptId: id, at: '2026-01-01T00:00:00.000Z', exitCode: 3, status: 'failed' });
    const saved = await save(catalog.eve, id, '"""Name\n\nMore\n"""\nprint(2)\n');
    expect(await ok(catalog.viewer.get('/api/scripts'))).to.deep.equal([
      {
        id,
        ordering_number: 1,
        descriptive_name: 'Name',
        description: 'Name\n\nMore',
        major: 0,
        minor: 2,
        last_modified: saved.version.created_at,
        last_run_at: '2026-01-01T00:00:00.000Z',
        last_run_exit_code: 3,
        last_run_status: 'failed',
        prod_version: { id: version.id, major: 0, minor: 1 },
        version_id: saved.version.id,
        committer: 'eve',
        prod_state: 'ahead',
        other_unmerged: [],
      },
    ]);
  });

  it('shows the newest run when runs are reported out of order', async () => {
    const { id } = await create(catalog.ed);
    // The clock was set back between the two.
    await recorded({ runId: 8, scriptId: id, at: '2026-01-01T00:00:00.000Z', exitCode: 0, status: 'succeeded' });
    await recorded({ runId: 7, scriptId: id, at: '2026-01-02T00:00:00.000Z', exitCode: 1, status: 'failed' });
    expect((await ok(catalog.viewer.get('/api/scripts')))[0]).to.include({ last_run_status: 'succeeded', last_run_exit_code: 0 });
    await recorded({ runId: 9, scriptId: id, at: '2025-01-01T00:00:00.000Z', exitCode: 1, status: 'failed' });
    expect((await ok(catalog.viewer.get('/api/scripts')))[0]).to.include({
      last_run_status: 'failed',
      last_run_at: '2025-01-01T00:00:00.000Z',
    });
  });

  it('records nothing of a run when the transaction is rolled back', async () => {
    const { id } = await create(catalog.ed);
    const lost = db.transaction(async (trx) => {
      await service.recordRuns(trx, [{ runId: 1, scriptId: id, at: '2026-01-02T00:00:00.000Z', exitCode: 0, status: 'succeeded' }]);
      throw new Error('the disk is full');
    });
    expect(await lost.catch((error: Error) => error.message)).to.equal('the disk is full');
    expect((await ok(catalog.viewer.get('/api/scripts')))[0]).to.include({ last_run_status: null, last_run_at: null });
  });

  describe('when searched', () => {
    for (const [written, searched] of [
      ['Cafe\u0301', 'Café'],
      ['Café', 'cafe\u0301'],
      ['STRASSE', 'straße'],
      ['Straße', 'STRASSE'],
      ['Große', 'gro\u1e9ee'],
      ['İSTANBUL', 'istanbul'],
      ['istanbul', 'İstanbul'],
      ['DIYARBAKIR', 'diyarbakır'],
      ['e\ufb03cient \ufb01les', 'EFFICIENT FILES'],
      ['ΟΔΟΣ', 'οδος'],
      ['οδός', 'ΟΔΌΣ'],
      ['Ｆｕｌｌ Ｗｉｄｔｈ', 'full width'],
      ['ｶﾞｷﾞ', 'ガギ'],
      ['\u212bngström', 'ångström'],
      ['co\u00adoperate', 'cooperate'],
      ['tie\u0302\u0323ng', 'ti\u1ec7ng'],
    ] as const)
      it(`for ${JSON.stringify(searched)} finds ${JSON.stringify(written)} in a name and in a text`, async () => {
        const inName = (await create(catalog.ed, { content: `"""The ${written}"""` })).id;
        const inText = (await create(catalog.ed, { content: `# ${written}\n` })).id;
        await create(catalog.ed, { content: '"""Another"""' });
        const found = await ok(catalog.viewer.get(`/api/scripts?q=${encodeURIComponent(searched)}`));
        expect(found.map(({ id }: { id: number }) => id)).to.deep.equal([inName, inText]);
      });

    it('folds folded text to itself', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), (text) => {
          expect(foldForSearch(foldForSearch(text))).to.equal(foldForSearch(text));
        }),
      );
    });
  });

  it('limits names and descriptions, however long a docstring is (V16)', async () => {
    const tabs = await create(catalog.ed, { content: `"""${'\t'.repeat(100 * 1024)}a\n"""` });
    const long = await create(catalog.ed, { content: `"""${'𝒜'.repeat(10_000)}\n\n${'word '.repeat(20_000)}"""` });
    for (const detail of [tabs, long]) {
      expect(detail.descriptive_name.length).to.be.at.most(200);
      expect(detail.description.length).to.be.at.most(32_768);
    }
    expect(tabs.descriptive_name).to.equal('a');
    expect(long.descriptive_name).to.equal(`${'𝒜'.repeat(99)}…`);
    expect(long.description.isWellFormed() && long.description.endsWith('…')).to.equal(true);
    const list = await catalog.viewer.get('/api/scripts');
    expect(JSON.stringify(list.body).length).to.be.below(12_000);
  });

  it('answers 304 until something changes', async () => {
    const { id } = await create(catalog.ed);
    const etag = async () => (await catalog.viewer.get('/api/scripts')).headers.get('etag')!;
    const status = async (ifNoneMatch: string) => (await catalog.viewer.get('/api/scripts', { 'If-None-Match': ifNoneMatch })).status;
    const tag = await etag();
    for (const match of [tag, tag.replace(/^W\//, ''), `"other", ${tag}`, '*']) expect(await status(match), match).to.equal(304);
    for (const other of ['"other"', tag.replace('"', '"x')]) expect(await status(other), other).to.equal(200);
    const changes: (() => Promise<unknown>)[] = [
      () => save(catalog.ed, id, 'print(1)\n'),
      () => ok(catalog.ed.post(`/api/scripts/${id}/bump-major`)),
      () => merge(catalog.ed, id),
      () => ok(catalog.ed.patch('/api/scripts/order', { moves: [{ id, ordering_number: 5 }] })),
      () => recorded({ runId: 1, scriptId: id, at: '2026-01-01T00:00:00.000Z', exitCode: 0, status: 'succeeded' }),
      () => ok(catalog.ed.delete(`/api/scripts/${id}`)),
      () => ok(catalog.ed.post(`/api/scripts/${id}/restore`)),
      () => create(catalog.ed),
    ];
    for (const change of changes) {
      const before = await etag();
      await change();
      expect(await status(before)).to.equal(200);
    }
  });

  it('finds scripts by name, description and content, ignoring case', async () => {
    await create(catalog.ed, { content: '"""Größe 100%\n\nof_things\n"""\nvalue = "Needle"\n' });
    await create(catalog.ed, { content: '"""Other"""\n' });
    const found = async (q: string) => (await ok(catalog.viewer.get(`/api/scripts?q=${encodeURIComponent(q)}`))).length;
    for (const text of ['grÖSSe'.replace('SS', 'ß'), 'OF_THINGS', 'needle', '100%', '"Needle"'])
      expect(await found(text), text).to.equal(1);
    for (const text of ['of-things', '1_0', '%Other', 'absent', '\\']) expect(await found(text), text).to.equal(0);
    expect(await found('')).to.equal(2);
  });

  it('refuses a search that is too long', async () => {
    expect((await catalog.viewer.get(`/api/scripts?q=${'x'.repeat(501)}`)).status).to.equal(400);
  });

  it('refuses a search for NUL, which would match everything', async () => {
    expect((await catalog.viewer.get('/api/scripts?q=a%00')).status).to.equal(400);
  });

  it('publishes what changed and who changed it', async () => {
    const told: unknown[] = [];
    const leave = new AbortController();
    const listening = (async () => {
      for await (const { event, data } of catalog.viewer.events('/api/events', { signal: leave.signal })) {
        if (event === 'catalog/changed') told.push([data.kind, data.by, data.script_ids]);
        if (data.kind === 'restored') return;
      }
    })();
    const { id } = await create(catalog.ed, { content: 'a' });
    await save(catalog.eve, id, 'b');
    await save(catalog.eve, id, 'b');
    await merge(catalog.ed, id);
    await merge(catalog.ed, id);
    await ok(catalog.ed.patch('/api/scripts/order', { moves: [{ id, ordering_number: 5 }] }));
    await ok(catalog.ed.delete(`/api/scripts/${id}`));
    await ok(catalog.ed.post(`/api/scripts/${id}/restore`));
    await listening;
    expect(told.slice(-6)).to.deep.equal([
      ['created', 'ed1', [id]],
      ['saved', 'eve', [id]],
      ['merged', 'ed1', [id]],
      ['moved', 'ed1', [id]],
      ['deleted', 'ed1', [id]],
      ['restored', 'ed1', [id]],
    ]);
  });

  it('can be filled with samples when it is empty', async () => {
    const filled = await ok(catalog.ed.post('/api/catalog/samples'), 201);
    expect(filled.length).to.be.greaterThan(4);
    for (const script of filled) expect(script.prod_state).to.equal('same');
    const names = filled.map((script: { descriptive_name: string }) => script.descriptive_name);
    expect(new Set(names).size).to.equal(names.length);
    expect(names).to.not.include('Untitled');
    const { status, body } = await catalog.ed.post('/api/catalog/samples');
    expect([status, body.code]).to.deep.equal([409, 'catalog/not-empty']);
  });

  it('is filled once when two people ask for samples at the same time', async () => {
    const answers = await Promise.all([catalog.ed.post('/api/catalog/samples'), catalog.eve.post('/api/catalog/samples')]);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 409]);
  });

  it('can be exported as a zip with a manifest', async () => {
    const one = await create(catalog.ed, { content: '"""Sum: the ledger/2"""\r\n', ordering_number: 3.02, test_data: 'a\0b' });
    await create(catalog.ed, { content: '', ordering_number: 1 });
    const response = await fetch(new URL('/api/export.zip', catalog.server.url), { headers: { Cookie: catalog.viewer.cookie } });
    expect(response.headers.get('content-type')).to.equal('application/zip');
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
    const text = (name: string) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(files[name]);
    expect(Object.keys(files)).to.have.members([
      '1.00_untitled.py',
      '3.02_sum_the_ledger_2.py',
      '3.02_sum_the_ledger_2.test-data.txt',
      'manifest.json',
    ]);
    expect(text('3.02_sum_the_ledger_2.py')).to.equal('"""Sum: the ledger/2"""\r\n');
    expect(text('3.02_sum_the_ledger_2.test-data.txt')).to.equal('a\0b');
    const { scripts } = JSON.parse(text('manifest.json'));
    expect(scripts[1]).to.deep.include({ id: one.id, ordering_number: 3.02, version: one.version, prod_version_id: null });
  });

  exhaustive.it('stops exporting when the client disconnects', async () => {
    const digits = Array.from({ length: 400_000 }, (_, n) => Math.imul(n, 2654435761) >>> 0).join('');
    for (let script = 0; script < 4; script += 1) await create(catalog.ed, { content: '', test_data: `${script}${digits}` });
    const headers = { Cookie: catalog.viewer.cookie };
    for (const method of ['GET', 'HEAD', 'GET']) {
      const left = new AbortController();
      const response = await fetch(new URL('/api/export.zip', catalog.server.url), { method, headers, signal: left.signal });
      expect(response.status).to.equal(200);
      await response.body?.getReader().read();
      left.abort();
    }
    const whole = await fetch(new URL('/api/export.zip', catalog.server.url), { headers });
    const files = unzipSync(new Uint8Array(await whole.arrayBuffer()));
    expect(Object.keys(files)).to.have.length(9);
    expect(Buffer.from(files['4.00_untitled.test-data.txt']!).toString()).to.equal(`3${digits}`);
  });

  describe('used by another plugin', () => {
    it('returns texts at versions and on prod, with test data and order', async () => {
      const first = await create(catalog.ed, { content: 'one\n', ordering_number: 2.5, test_data: 'data' });
      await merge(catalog.ed, first.id);
      await save(catalog.ed, first.id, 'two\n');
      const unmerged = await create(catalog.ed);
      expect(await service.atVersion(first.id)).to.deep.include({ content: 'two\n', testData: 'data', ordering: 250 });
      expect(await service.atVersion(first.id, first.version.id)).to.deep.include({ content: 'one\n', version: first.version });
      const onProd = await service.onProd(first.id);
      expect(onProd).to.deep.include({ content: 'one\n', version: first.version });
      expect(onProd?.gitCommitHash).to.not.equal(first.version.git_commit_hash);
      expect(await service.onProd(unmerged.id)).to.equal(null);
      expect((await service.allOnProd()).map((script) => script.scriptId)).to.deep.equal([first.id]);
      expect([await service.exists(first.id), await service.exists(4711)]).to.deep.equal([true, false]);
    });

    it('shows the last reported run, and lists the interpreters of other plugins in the template', async () => {
      const { id } = await create(catalog.ed);
      expect((await ok(catalog.viewer.get(`/api/scripts/${id}`))).last_run).to.equal(null);
      await recorded({ runId: 9, scriptId: id, at: '2026-01-01T00:00:00.000Z', exitCode: 0, status: 'succeeded' });
      const last = { id: 9, status: 'succeeded', exit_code: 0, finished_at: '2026-01-01T00:00:00.000Z' };
      expect((await ok(catalog.viewer.get(`/api/scripts/${id}`))).last_run).to.deep.equal(last);
      service.addInterpreters(async () => ['CPython 3.14']);
      const takeBack = service.addInterpreters(async () => ['GraalPy "24"']);
      const { content } = await ok(catalog.viewer.get('/api/catalog/template'));
      expect(content).to.contain('It runs on CPython 3.14, GraalPy 24.');
      expect((await create(catalog.ed)).content).to.equal(content);
      takeBack();
      expect((await create(catalog.ed)).content).to.contain('It runs on CPython 3.14.');
    });
  });
});
