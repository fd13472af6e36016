import { expect } from 'chai';
import { zipSync } from 'fflate';
import { create, ok } from '../support/catalog-server.ts';
import { importBody, importing, MIB, numbers, outcomes, preview, script } from './import-requests.ts';

describe('importing files', () => {
  const at = importing();
  const { importFiles } = at;

  describe('whose names start with numbers', () => {
    for (const [path, number] of [
      ['3.01_load.py', 3.01],
      ['3.1 load.py', 3.1],
      ['3.1.py', 3.1],
      ['7.py', 7],
      ['02-clean.py', 2],
      ['0301_load.py', 301],
      ['folder.9/0.29_load.PY', 0.29],
      ['4.2.old.py', 4.2],
      ['3d_plot.py', 1],
      ['load.py', 1],
    ] as const) {
      it(`gives ${path} the number ${number} (X2)`, async () => {
        const { status, body } = await importFiles({ [path]: script('It') });
        expect(status).to.equal(201);
        expect(body).to.include({ scripts: 1, refused: 0 });
        expect(body.files[0]).to.include({ path, outcome: 'new', ordering_number: number, descriptive_name: 'It' });
        expect(await numbers(at.catalog.viewer)).to.deep.equal({ It: number });
      });
    }

    it('replaces a number that is invalid or taken, and says why (X2)', async () => {
      await create(at.catalog.ed, { content: script('Holder'), ordering_number: 3.01 });
      const files = {
        '3.01_a.py': script('A'),
        '3.02_b.py': script('B'),
        'x/3.02_c.py': script('C'),
        '0_d.py': script('D'),
        '3.011_e.py': script('E'),
      };
      const { body } = await preview(at.catalog.ed, files);
      expect(outcomes(body)).to.deep.equal({
        '0_d.py': 'renumbered 4',
        '3.01_a.py': 'renumbered 3.03',
        '3.02_b.py': 'new 3.02',
        '3.011_e.py': 'renumbered 5',
        'x/3.02_c.py': 'renumbered 3.04',
      });
      const details = body.files.map(({ detail }: { detail: string | null }) => detail);
      expect(details[1]).to.contain('“Holder”').and.to.contain('3.01');
      expect(details[4]).to.contain('another file');
      expect(details[3]).to.contain('3.011 is not a valid');
      await ok(importFiles(files), 201);
      expect(await numbers(at.catalog.viewer)).to.deep.equal({ Holder: 3.01, A: 3.03, B: 3.02, C: 3.04, D: 4, E: 5 });
    });

    it('gives files without a number the groups after the last, in the order of their names (X2)', async () => {
      await create(at.catalog.ed, { content: script('Last'), ordering_number: 7.5 });
      await ok(importFiles({ 'step10.py': script('Ten'), '9_nine.py': script('Nine'), 'step2.py': script('Two') }), 201);
      expect(await numbers(at.catalog.viewer)).to.deep.equal({ Last: 7.5, Nine: 9, Two: 10, Ten: 11 });
    });

    it('refuses a file whose group is full (X3)', async () => {
      const hundred = Array.from({ length: 101 }, (_, index) => [`5.00_${index}.py`, script(`Number ${index}`)] as const);
      const { body } = await preview(at.catalog.ed, hundred);
      expect(body).to.include({ scripts: 100, refused: 1 });
      expect(body.files.at(-1)).to.include({
        outcome: 'refused',
        code: 'no-number-left',
        detail: 'There is no free number left in group 5.',
      });
    });
  });

  describe('with unusual text', () => {
    for (const [what, content] of [
      ['nothing', ''],
      ['CRLF line ends', 'x = 1\r\ny = 2\r\n'],
      ['a byte order mark', '\ufeff"""Marked"""\n'],
      ['NUL', 'x = "a\0b"\n'],
      ['the replacement character itself', 'x = "\ufffd"\n'],
      ['a syntax error', 'def (:\n'],
      ['1 MiB', '#'.repeat(MIB)],
    ] as const) {
      it(`keeps ${what} byte for byte`, async () => {
        const { files } = await ok(importFiles({ '1_it.py': content, '1_it.test-data.txt': content }), 201);
        const detail = await ok(at.catalog.viewer.get(`/api/scripts/${files[0].script_id}`));
        expect([detail.content, detail.test_data]).to.deep.equal([content, content]);
        expect(detail.version).to.include({ major: 0, minor: 1, committer: 'ed1', branch: 'ed1', message: 'Imported from 1_it.py' });
      });
    }

    it('publishes one event for all of them', async () => {
      const leave = new AbortController();
      const events = at.catalog.viewer.events('/api/events', { signal: leave.signal });
      await events.next();
      const { files } = await ok(importFiles({ '1_a.py': 'a', '2_b.py': 'b' }), 201);
      for await (const { event, data } of events) {
        if (event !== 'catalog/changed') continue;
        expect(data).to.deep.equal({ script_ids: files.map((file: { script_id: number }) => file.script_id), kind: 'created', by: 'ed1' });
        break;
      }
    });
  });

  describe('that are skipped', () => {
    it('says so for files that are not scripts, hidden files and test data without a script (X4)', async () => {
      const { body } = await preview(at.catalog.ed, {
        'notes.txt': 'x',
        'manifest.json': '{}',
        '.venv/lib/x.py': 'x',
        '__MACOSX/._1_a.py': '\xff',
        '3_gone.test-data.txt': 'x',
        '1_a.py': 'a',
        '1_a.test-data.txt': 'data',
      });
      expect(outcomes(body)).to.deep.equal({
        '.venv/lib/x.py': 'ignored',
        '__MACOSX/._1_a.py': 'ignored',
        '1_a.py': 'new 1',
        '1_a.test-data.txt': 'test-data',
        '3_gone.test-data.txt': 'ignored',
        'manifest.json': 'ignored',
        'notes.txt': 'ignored',
      });
      expect(body).to.include({ scripts: 1, refused: 0 });
    });

    it('refuses an import of nothing else (X4)', async () => {
      const { status, body } = await importFiles({ 'notes.txt': 'x' });
      expect([status, body.code]).to.deep.equal([422, 'catalog/nothing-to-import']);
    });
  });

  it('is not refused because of files that are skipped anyway, whatever their names (X4)', async () => {
    const junk = [
      'Icon\r',
      'a/Icon\r',
      '.DS_Store',
      '__MACOSX/._1_a\r.py',
      'Thumbs.db',
      'desktop.ini',
      '._3.01_load.py',
      'notes\u0001.txt',
      'half\ud800.md',
      'C:\\Users\\notes.txt',
      '/etc/passwd',
      '../up.txt',
      `${'long/'.repeat(300)}name.txt`,
      'empty/',
    ];
    const files = [['3.01_load.py', script('Load')], ...junk.map((path) => [path, '\0']), ['Icon\r', 'again']] as const;
    const { status, body } = await importFiles(files as never);
    expect([status, body.scripts, body.refused]).to.deep.equal([201, 1, 0]);
    expect(body.files.filter(({ outcome }: { outcome: string }) => outcome === 'ignored')).to.have.length(junk.length + 1);
    const noBase64 = { files: [{ path: 'Icon\r', content_base64: '€' }, ...importBody({ '4_a.py': script('A') }).files] };
    expect((await at.catalog.ed.post('/api/import', noBase64)).status).to.equal(201);
  });

  it('names a script without a docstring after its file, until a docstring names it (V15)', async () => {
    const { body } = await importFiles({
      'alpha.py': 'a = 1\n',
      'b/3.02 load-orders.py': 'b = 1\n',
      '4.py': 'c = 1\n',
      '5_la\u0308den.py': '"""   """\n',
      '6_named.py': script('Untitled'),
      '3d_plot.py': 'd = 1\n',
    });
    const names = ['Untitled', '3d_plot', 'alpha', 'load-orders', 'läden', 'Untitled'];
    expect(body.files.map(({ descriptive_name }: { descriptive_name: string }) => descriptive_name)).to.have.members(names);
    const list = await ok(at.catalog.viewer.get('/api/scripts'));
    expect(list.map(({ descriptive_name }: { descriptive_name: string }) => descriptive_name)).to.have.members(names);
    const { id } = list.find(({ descriptive_name }: { descriptive_name: string }) => descriptive_name === 'alpha');
    const nameAfter = async (content: string) => (await ok(at.catalog.ed.put(`/api/scripts/${id}`, { content }))).descriptive_name;
    expect(await nameAfter('"""Beta"""\n')).to.equal('Beta');
    expect(await nameAfter('a = 2\n')).to.equal('alpha');
    expect((await ok(at.catalog.ed.post(`/api/scripts/${id}/fork`), 201)).descriptive_name).to.equal('alpha');
    expect((await ok(at.catalog.viewer.get('/api/scripts?q=ALPHA'))).length).to.equal(2);
  });

  describe('when one file is refused', () => {
    const refusals: Record<string, { file: readonly [string, string | Uint8Array]; code: string; says: string }> = {
      'that is Latin-1': {
        file: ['1_a.py', Buffer.from('x = 1\n# caf\xe9\n', 'latin1')],
        code: 'not-utf8',
        says: '0xE9 at byte 12 (line 2)',
      },
      'that ends within a character': {
        file: ['1_a.py', Buffer.from([0x61, 0xef, 0xbf])],
        code: 'not-utf8',
        says: '0xEF at byte 2 (line 1)',
      },
      'that breaks after a replacement character': {
        file: ['1_a.py', Buffer.concat([Buffer.from('\ufffdé\n'), Buffer.from([0xff])])],
        code: 'not-utf8',
        says: '0xFF at byte 7 (line 2)',
      },
      'that is UTF-16': { file: ['1_a.py', Buffer.from('\ufeffx', 'utf16le')], code: 'not-utf8', says: '0xFF at byte 1 (line 1)' },
      'with a lone surrogate': {
        file: ['1_a.py', Buffer.from([0x0a, 0xed, 0xa0, 0x80])],
        code: 'lone-surrogate',
        says: 'at byte 2 (line 2)',
      },
      'above 1 MiB': { file: ['1_a.py', 'x'.repeat(MIB + 1)], code: 'too-large', says: '1 MiB' },
      'that leads outside': { file: ['a/../../1_a.py', 'x'], code: 'bad-path', says: '“..”' },
      'with an absolute path': { file: ['/etc/1_a.py', 'x'], code: 'bad-path', says: 'absolute' },
      'with a drive': { file: ['C:/1_a.py', 'x'], code: 'bad-path', says: 'absolute' },
      'with a backslash': { file: ['..\\1_a.py', 'x'], code: 'bad-path', says: 'backslash' },
      'with an empty part': { file: ['a//1_a.py', 'x'], code: 'bad-path', says: 'empty part' },
      'with no path': { file: ['', 'x'], code: 'bad-path', says: '1 to 1000' },
      'with a path too long': { file: [`${'a/'.repeat(500)}1_a.py`, 'x'], code: 'bad-path', says: '1 to 1000' },
      'with a newline in its path': { file: ['1_a\n.py', 'x'], code: 'bad-path', says: 'control' },
      'with half a character in its path': { file: ['1_\ud800.py', 'x'], code: 'bad-path', says: 'half a character' },
      'that calls itself a zip': { file: ['scripts.zip', 'PK is not enough'], code: 'bad-zip', says: 'cannot be read' },
      'that is a zip cut short': {
        file: ['scripts.zip', zipSync({ '1_a.py': Buffer.from('x') }).slice(0, -30)],
        code: 'bad-zip',
        says: 'cannot be read',
      },
    };
    for (const [what, { file, code, says }] of Object.entries(refusals)) {
      it(`imports nothing and explains a file ${what} (X1)`, async () => {
        const files = [['2_good.py', script('Good')], file] as const;
        const seen = await ok(preview(at.catalog.ed, files));
        expect(seen).to.include({ scripts: 1, refused: 1 });
        expect(seen.files.find((row: { code: string | null }) => row.code !== null)).to.include({
          path: file[0],
          outcome: 'refused',
          code,
        });
        const { status, body } = await importFiles(files);
        expect([status, body.code, body.files.length]).to.deep.equal([422, 'catalog/import-refused', 1]);
        expect(body.files[0].detail).to.contain(says);
        expect(body.detail).to.contain(says);
        expect(await numbers(at.catalog.viewer)).to.deep.equal({});
      });
    }

    it('refuses a repeated path', async () => {
      const { body } = await preview(at.catalog.ed, [
        ['1_a.py', 'one'],
        ['1_a.py', 'two'],
      ]);
      expect(body.files.map(({ code }: { code: string | null }) => code)).to.deep.equal([null, 'repeated-path']);
    });

    it('imports the rest when requested (X1)', async () => {
      const body = await ok(
        importFiles(
          [
            ['1_a.py', script('A')],
            ['../2_b.py', 'x'],
          ],
          { leave_out_refused: true },
        ),
        201,
      );
      expect(body).to.include({ scripts: 1, refused: 1 });
      expect(await numbers(at.catalog.viewer)).to.deep.equal({ A: 1 });
    });
  });

  describe('that exceed the limits', () => {
    it('answers 413 for too much text, zipped or not (X5)', async () => {
      const entries = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`${index}.py`, Buffer.alloc(MIB)]));
      const { status, body } = await preview(at.catalog.ed, [['big.zip', zipSync(entries, { level: 1 })]]);
      expect([status, body.code]).to.deep.equal([413, 'catalog/import-too-large']);
      expect(body.detail).to.contain('32 MiB');
    });

    it('answers 413 for too many files and for too many scripts (X5)', async () => {
      const files = (count: number, suffix: string) => Array.from({ length: count }, (_, index) => [`${index}${suffix}`, ''] as const);
      expect((await preview(at.catalog.ed, files(10_001, '.txt'))).body.detail).to.contain('10000 files');
      const { status, body } = await importFiles(files(1001, '.py'));
      expect([status, body.code]).to.deep.equal([413, 'catalog/import-too-large']);
      expect(body.detail).to.contain('1000 scripts');
      expect(await numbers(at.catalog.viewer)).to.deep.equal({});
    });

    it('answers 413 for a body over the limit before reading all of it', async () => {
      const { status, body } = await at.catalog.ed.post('/api/import', undefined, { 'Content-Length': '0' });
      expect([status, body.code]).to.deep.equal([400, 'request/invalid']);
      const large = await at.catalog.ed.post('/api/import/preview', 'x'.repeat(46 * MIB));
      expect([large.status, large.body.code]).to.deep.equal([413, 'request/too-large']);
    });
  });

  it('refuses invalid base64, and an empty list of files', async () => {
    for (const content_base64 of ['€', 'A', `A${'€'.repeat(300_000)}`, `${'A'.repeat(300_000)}A`]) {
      const { status, body } = await at.catalog.ed.post('/api/import', { files: [{ path: '1.py', content_base64 }] });
      expect([status, body.code], content_base64.slice(0, 2)).to.deep.equal([400, 'catalog/not-base64']);
    }
    const list = await at.catalog.ed.post('/api/import', { files: [{ path: '1.py', content_base64: ['x'] }] });
    expect([list.status, list.body.code]).to.deep.equal([400, 'request/invalid']);
    expect((await at.catalog.ed.post('/api/import/preview', { files: [] })).status).to.equal(400);
  });

  it('is for editors only', async () => {
    for (const path of ['/api/import', '/api/import/preview']) {
      expect((await at.catalog.viewer.post(path, importBody({ '1.py': 'x' }))).status).to.equal(403);
      expect((await at.catalog.server.agent().post(path, importBody({ '1.py': 'x' }))).status).to.equal(401);
    }
  });

  it('changes nothing in a preview (X6)', async () => {
    const etag = (await at.catalog.viewer.get('/api/scripts')).headers.get('etag');
    await ok(preview(at.catalog.ed, { '1_a.py': script('A') }));
    expect((await at.catalog.viewer.get('/api/scripts')).headers.get('etag')).to.equal(etag);
  });

  it('lets two people import at the same time without using a number twice', async () => {
    const files = Array.from({ length: 20 }, (_, index) => [`3.0${index % 10}_${index}.py`, `x = ${index}\n`] as const);
    const [ours, theirs] = await Promise.all([ok(importFiles(files), 201), ok(at.catalog.eve.post('/api/import', importBody(files)), 201)]);
    const given = [...ours.files, ...theirs.files].map(({ ordering_number }) => ordering_number);
    expect(new Set(given).size).to.equal(40);
    expect(
      (await ok(at.catalog.viewer.get('/api/scripts'))).map((row: { ordering_number: number }) => row.ordering_number),
    ).to.have.members(given);
  });
});
