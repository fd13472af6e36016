import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { startServer, type TestServer } from '../../test/support/server.ts';
import { rawRequest } from './support/raw-request.ts';

const IMPORT_MAP = '{"imports":{}}';
const HTML = `<!doctype html><script type="importmap">${IMPORT_MAP}</script><script type="module" src="/assets/app-1234.js"></script>`;
const SCRIPT = `export const text = ${JSON.stringify('x'.repeat(500))};`;

describe('the page', () => {
  let dir: string;
  let server: TestServer;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ved-page-'));
    server = await startServer({ plugins: [], page: dir });
  });
  after(async () => {
    await server.stop();
    await rm(dir, { recursive: true });
  });
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') => rawRequest(server.url + path, { method, headers });

  it('that is not built says how to build it', async () => {
    const { status, body } = await get('/');
    expect(status).to.equal(503);
    expect(body).to.contain('npm run build');
  });

  describe('that is built', () => {
    before(async () => {
      await mkdir(join(dir, 'assets'));
      await writeFile(join(dir, 'assets/app-1234.js'), SCRIPT);
      await writeFile(join(dir, 'assets/app-1234.js.br'), brotliCompressSync(SCRIPT));
      await writeFile(join(dir, 'assets/app-1234.js.gz'), gzipSync(SCRIPT));
      await writeFile(join(dir, 'index.html'), HTML);
    });

    it('is served for every path of its own, and looked up anew each time', async () => {
      for (const path of ['/', '/login', '/editor/new', '/editor/12?x=1']) {
        const { status, body, headers } = await get(path);
        expect([status, body, headers['content-type'], headers['cache-control']]).to.deep.equal([
          200,
          HTML,
          'text/html;charset=utf-8',
          'no-cache',
        ]);
      }
      const { headers } = await get('/');
      expect((await get('/login', { 'If-None-Match': String(headers.etag) })).status).to.equal(304);
    });

    it('may run its own scripts and its import map, and nothing else', async () => {
      const policy = String((await get('/editor/3')).headers['content-security-policy']);
      const hash = createHash('sha256').update(IMPORT_MAP).digest('base64');
      expect(policy).to.contain(`script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}';`);
      expect(policy).to.contain("frame-ancestors 'none'").and.to.contain("object-src 'none'").and.to.contain("default-src 'none'");
      expect(policy).to.contain("frame-src 'self'");
      expect(policy).not.to.match(/unsafe-eval'.*'unsafe-eval|script-src[^;]*unsafe-inline/);
    });

    it('has the headers that keep other sites out', async () => {
      const { headers } = await get('/');
      expect(headers).to.include({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
      });
    });

    it('has assets for ever, packed as the browser likes', async () => {
      const plain = await get('/assets/app-1234.js');
      expect([plain.body, plain.headers['cache-control']]).to.deep.equal([SCRIPT, 'public, max-age=31536000, immutable']);
      expect(plain.headers['content-type']).to.equal('text/javascript');
      expect((await get('/assets/app-1234.js', { 'Accept-Encoding': 'gzip, br' })).headers['content-encoding']).to.equal('br');
      const { headers } = await get('/assets/app-1234.js', { 'Accept-Encoding': 'gzip' });
      expect([headers['content-encoding'], headers.vary]).to.deep.equal(['gzip', 'Accept-Encoding']);
    });

    it('is not served in place of an asset or a file that is not there', async () => {
      for (const path of ['/assets/old-0000.js', '/favicon.ico', '/assets/', '/api/unknown', '/api', '/..%2f..%2fetc/passwd.txt']) {
        const { status, headers } = await get(path);
        expect([path, status, headers['content-type']]).to.deep.equal([path, 404, 'application/problem+json']);
      }
    });

    it('answers HEAD, and refuses what would change it', async () => {
      const head = await get('/', {}, 'HEAD');
      expect([head.status, head.body]).to.deep.equal([200, '']);
      const { status, headers } = await get('/', {}, 'DELETE');
      expect([status, headers.allow]).to.deep.equal([405, 'GET, HEAD']);
    });
  });
});
