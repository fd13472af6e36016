import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { unzipSync, zipSync } from 'fflate';
import { exhaustive } from '../../../../test/support/exhaustive.ts';
import { type CatalogServer, create, ok, startCatalog } from '../support/catalog-server.ts';
import { importBody, importing, MIB, numbers, outcomes, preview, script } from './import-requests.ts';

/** An entry created on Unix has its mode in the upper half. */
const unixMode = (mode: number) => ({ os: 3, attrs: mode << 16 }) as const;

describe('importing a zip', () => {
  const at = importing();
  const { importFiles } = at;

  const oneZip = (entries: Parameters<typeof zipSync>[0]) => [['scripts.zip', zipSync(entries)]] as const;

  it('accepts entries with and without folders', async () => {
    const entries = {
      '3.01_load.py': Buffer.from(script('Load')),
      sub: { '3.02_clean.py': Buffer.from(script('Clean')), 'empty/': new Uint8Array() },
    };
    await ok(importFiles(oneZip(entries)), 201);
    expect(await numbers(at.catalog.viewer)).to.deep.equal({ Load: 3.01, Clean: 3.02 });
  });

  it('accepts or refuses each entry by itself', async () => {
    const entries = {
      '../1_up.py': Buffer.from('x'),
      '/1_root.py': Buffer.from('x'),
      '..\\1_back.py': Buffer.from('x'),
      '1_link.py': [Buffer.from('/etc/passwd'), unixMode(0o120777)],
      '1_pipe.py': [Buffer.from(''), unixMode(0o010644)],
      '1_latin.py': Buffer.from([0xe9]),
      '1_stored.py': [Buffer.from('x'), { level: 0 }],
      '1_run.py': [Buffer.from('x'), unixMode(0o100755)],
      'inner.zip': Buffer.from(zipSync({ '1_a.py': Buffer.from('x') })),
      'readme.md': Buffer.from('x'),
    } satisfies Parameters<typeof zipSync>[0];
    const { body } = await preview(at.catalog.ed, oneZip(entries));
    expect(outcomes(body)).to.deep.equal({
      'scripts.zip/../1_up.py': 'refused bad-path',
      'scripts.zip//1_root.py': 'refused bad-path',
      'scripts.zip/..\\1_back.py': 'refused bad-path',
      'scripts.zip/1_link.py': 'refused not-a-file',
      'scripts.zip/1_pipe.py': 'refused not-a-file',
      'scripts.zip/1_latin.py': 'refused not-utf8',
      'scripts.zip/1_run.py': 'new 1',
      'scripts.zip/1_stored.py': 'renumbered 1.01',
      'scripts.zip/inner.zip': 'ignored',
      'scripts.zip/readme.md': 'ignored',
    });
  });

  it('refuses a zip bomb without inflating it, whatever size it declares', async () => {
    const honest = Buffer.from(zipSync({ '1_bomb.py': Buffer.alloc(16 * MIB) }, { level: 1 }));
    expect(outcomes((await preview(at.catalog.ed, [['a.zip', honest]])).body)).to.deep.equal({ 'a.zip/1_bomb.py': 'refused too-large' });
    const lying = Buffer.from(honest);
    // The uncompressed size, in the central directory.
    lying.writeUInt32LE(10, lying.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1')) + 24);
    expect(outcomes((await preview(at.catalog.ed, [['a.zip', lying]])).body)).to.deep.equal({ 'a.zip/1_bomb.py': 'refused damaged' });
  });

  it('refuses an entry that does not match its checksum', async () => {
    const zip = Buffer.from(zipSync({ '1_a.py': [Buffer.from('x = 1\n'), { level: 0 }] }));
    zip[zip.indexOf('x = 1')] = 'y'.charCodeAt(0);
    expect(outcomes((await preview(at.catalog.ed, [['a.zip', zip]])).body)).to.deep.equal({ 'a.zip/1_a.py': 'refused damaged' });
  });

  it('refuses a repeated entry and an encrypted one', async () => {
    const zip = Buffer.from(zipSync({ '1_a.py': Buffer.from('a'), '1_b.py': Buffer.from('b') }));
    const text = zip.toString('latin1').replaceAll('1_b.py', '1_a.py');
    const twice = Buffer.from(text, 'latin1');
    const { body } = await preview(at.catalog.ed, [['a.zip', twice]]);
    expect(body.files.map(({ code }: { code: string | null }) => code)).to.deep.equal([null, 'repeated-path']);
    const locked = Buffer.from(zip);
    locked.writeUInt16LE(1, locked.indexOf(Buffer.from('PK\x01\x02', 'latin1')) + 8);
    expect((await preview(at.catalog.ed, [['a.zip', locked]])).body.files[0].code).to.equal('encrypted');
  });

  it('is not refused because of entries that are skipped anyway', async () => {
    const entries = {
      '3.01_load.py': Buffer.from(script('Load')),
      'Icon\r': Buffer.from(''),
      '__MACOSX/._3.01_load.py': Buffer.from([0, 5]),
      'dir/': new Uint8Array(),
      'link.txt': [Buffer.from('/etc/passwd'), unixMode(0o120777)],
      '../up.txt': Buffer.from('x'),
    } satisfies Parameters<typeof zipSync>[0];
    expect((await importFiles(oneZip(entries))).body).to.include({ scripts: 1, refused: 0 });
  });

  describe('whose names are not flagged as UTF-8', () => {
    /** Replaces a name of the same length in all headers, and clears the flag. */
    const named = (raw: Buffer) => {
      const plain = 'x'.repeat(raw.length - 3);
      const zip = Buffer.from(zipSync({ [`${plain}.py`]: Buffer.from('x = 1\n') }));
      for (let at = zip.indexOf(plain); at >= 0; at = zip.indexOf(plain, at + 1)) raw.copy(zip, at);
      return zip;
    };
    const pathOf = async (raw: Buffer) => (await preview(at.catalog.ed, [['a.zip', named(raw)]])).body.files[0].path;

    it('has them read as UTF-8 anyway, in NFC', async () => {
      expect(await pathOf(Buffer.from('La\u0308den/3.01_la\u0308den.py'))).to.equal('a.zip/Läden/3.01_läden.py');
      expect(await pathOf(Buffer.from('日本/1_ログ.py'))).to.equal('a.zip/日本/1_ログ.py');
    });

    it('has them read as code page 437 when they are not UTF-8', async () => {
      expect(await pathOf(Buffer.from('L\x84den/1_\x81ber\xe1.py', 'latin1'))).to.equal('a.zip/Läden/1_überß.py');
    });
  });

  it('accepts one made by Python', async function () {
    const made = spawnSync('python3', ['-c', PYTHON_ZIP], { maxBuffer: MIB });
    if (made.error) {
      if (process.env.VED_TEST_REQUIRE_ALL) throw made.error;
      this.skip();
    }
    await ok(importFiles([['python.zip', made.stdout]]), 201);
    expect(await numbers(at.catalog.viewer)).to.deep.equal({ Läden: 3.01, Stored: 4, Untitled: 5.5 });
    const [first] = await ok(at.catalog.viewer.get('/api/scripts'));
    expect((await ok(at.catalog.viewer.get(`/api/scripts/${first.id}`))).content).to.equal('"""Läden"""\r\n');
  });
});

describe('an exported catalog', () => {
  exhaustive.it('has unique names of at most 255 bytes without split characters, and can be imported again', async () => {
    const names = [
      '𝒜'.repeat(80),
      'é'.repeat(200),
      'e\u0301'.repeat(100),
      '👩‍👩‍👧‍👦'.repeat(70),
      'स्त्री'.repeat(60),
      'ﷺ'.repeat(90),
      'a'.repeat(500),
    ];
    const [one, other] = await Promise.all([startCatalog(), startCatalog()]);
    try {
      for (const [index, name] of names.entries()) {
        await create(one.ed, { content: `"""${name}"""`, ordering_number: 99_990 + index / 100, test_data: 'data' });
      }
      const exported = await fetch(new URL('/api/export.zip', one.server.url), { headers: { Cookie: one.viewer.cookie } });
      const zip = new Uint8Array(await exported.arrayBuffer());
      const files = Object.keys(unzipSync(zip));
      expect(new Set(files).size).to.equal(names.length * 2 + 1);
      for (const file of files) {
        expect(Buffer.byteLength(file), file).to.be.at.most(255);
        expect(file.isWellFormed(), file).to.equal(true);
      }
      const report = await ok(other.ed.post('/api/import', importBody([['ved-scripts.zip', zip]])), 201);
      expect(report).to.include({ scripts: names.length, refused: 0 });
      expect(await contents(other)).to.deep.equal(await contents(one));
    } finally {
      await Promise.all([one.stop(), other.stop()]);
    }
  });

  it('has the same texts, numbers and test data after an import on another server (X7)', async () => {
    const [one, other] = await Promise.all([startCatalog(), startCatalog()]);
    try {
      for (const [content, ordering_number, test_data] of [
        ['"""Load: the ledger/2"""\r\nx = 1\r\n', 3.02, 'a\0b\r\n'],
        ['\ufeff"""2024 report"""\n', 3.1, ''],
        ['x = "a\0b"', 0.29, 'data'],
        ['', 99_999.99, ''],
        [`"""${'𝒜'.repeat(80)}"""`, 12, ''],
      ] as const) {
        await create(one.ed, { content, ordering_number, test_data });
      }
      const exported = await fetch(new URL('/api/export.zip', one.server.url), { headers: { Cookie: one.viewer.cookie } });
      const zip = new Uint8Array(await exported.arrayBuffer());
      expect(Object.keys(unzipSync(zip))).to.have.length(8);
      const report = await ok(other.ed.post('/api/import', importBody([['ved-scripts.zip', zip]])), 201);
      expect(report).to.include({ scripts: 5, refused: 0 });
      expect(await contents(other)).to.deep.equal(await contents(one));
    } finally {
      await Promise.all([one.stop(), other.stop()]);
    }
  });
});

/** The number, text and test data of every script. */
async function contents({ viewer }: CatalogServer): Promise<unknown[]> {
  const list: { id: number }[] = await ok(viewer.get('/api/scripts'));
  const details = await Promise.all(list.map(({ id }) => ok(viewer.get(`/api/scripts/${id}`))));
  return details.map(({ ordering_number, content, test_data }) => [ordering_number, content, test_data]);
}

const PYTHON_ZIP = `
import sys, zipfile, io
out = io.BytesIO()
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("schritt/3.01_läden.py", '"""Läden"""\\r\\n'.encode())
    z.writestr(zipfile.ZipInfo("4_stored.py"), b'"""Stored"""\\n')
    z.mkdir("leer") if hasattr(z, "mkdir") else None
    with z.open(zipfile.ZipInfo("5.5.py"), "w", force_zip64=True) as f: f.write(b"x = 1\\n")
sys.stdout.buffer.write(out.getvalue())
`;
