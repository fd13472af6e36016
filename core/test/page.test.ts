import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readlink, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { startServer, type TestServer } from '../../test/support/server.ts';
import { rawRequest } from './support/raw-request.ts';

const IMPORT_MAP = '{"imports":{}}';
const HTML = `<!doctype html><script type="importmap">${IMPORT_MAP}</script><script type="module" src="/assets/app-1234.js"></script>`;
const SCRIPT = `export const text = ${JSON.stringify('x'.repeat(500))};`;

/** What this process, and so the server in it, has open. */
async function openFiles(): Promise<string[]> {
  const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  return Promise.all(links);
}

/** Resolves once `check` holds; the test's time limit ends the wait. */
async function expectSoon(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setImmediate(resolve));
}

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

  it('says how to build it when it is not built', async () => {
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

    it('is served for all its paths, and looked up each time', async () => {
      for (const path of ['/', '/login', '/editor/new', '/editor/12?x=1']) {
        const { status, body, headers } = await get(path);
        expect([status, body, headers['content-type'], headers['cache-control']]).to.deep.equal([
          200,
          HTML,
          'text/html; charset=utf-8',
          'no-cache',
        ]);
      }
      const { headers } = await get('/');
      expect((await get('/login', { 'If-None-Match': String(headers.etag) })).status).to.equal(304);
    });

    it('may run only its own scripts and its import map', async () => {
      const policy = String((await get('/editor/3')).headers['content-security-policy']);
      const hash = createHash('sha256').update(IMPORT_MAP).digest('base64');
      expect(policy).to.contain(`script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}';`);
      expect(policy).to.contain("frame-ancestors 'none'").and.to.contain("object-src 'none'").and.to.contain("default-src 'none'");
      expect(policy).to.contain("frame-src 'self'");
      expect(policy).not.to.match(/unsafe-eval'.*'unsafe-eval|script-src[^;]*unsafe-inline/);
    });

    it('has headers that keep other sites out', async () => {
      const { headers } = await get('/');
      expect(headers).to.include({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
      });
    });

    it('has its assets cached forever, compressed as the browser accepts', async () => {
      const plain = await get('/assets/app-1234.js');
      expect([plain.body, plain.headers['cache-control']]).to.deep.equal([SCRIPT, 'public, max-age=31536000, immutable']);
      expect(plain.headers['content-type']).to.equal('text/javascript; charset=utf-8');
      expect((await get('/assets/app-1234.js', { 'Accept-Encoding': 'gzip, br' })).headers['content-encoding']).to.equal('br');
      const { headers } = await get('/assets/app-1234.js', { 'Accept-Encoding': 'gzip' });
      expect([headers['content-encoding'], headers.vary]).to.deep.equal(['gzip', 'Accept-Encoding']);
    });

    it('is not served in place of a missing asset or file', async () => {
      for (const path of ['/assets/old-0000.js', '/favicon.ico', '/assets/', '/api/unknown', '/api', '/..%2f..%2fetc/passwd.txt']) {
        const { status, headers } = await get(path);
        expect([path, status, headers['content-type']]).to.deep.equal([path, 404, 'application/problem+json']);
      }
    });

    it('says to reload for an asset of an older build', async () => {
      const { body } = await get('/assets/old-0000.js');
      expect([JSON.parse(body).code, JSON.parse(body).detail]).to.deep.equal([
        'page/old-asset',
        'There is no /assets/old-0000.js. If ved was updated since you opened the page, reload it.',
      ]);
    });

    describe('and a part of a file is requested', () => {
      const length = SCRIPT.length;
      const part = async (range: string, more = {}) => {
        const { status, headers, body } = await get('/assets/app-1234.js', { Range: range, ...more });
        return { status, range: headers['content-range'], length: Number(headers['content-length']), body };
      };
      for (const [range, start, end] of [
        ['bytes=0-9', 0, 10],
        ['bytes=5-5', 5, 6],
        [`bytes=${length - 1}-`, length - 1, length],
        ['bytes=-7', length - 7, length],
        [`bytes=10-${'9'.repeat(400)}`, 10, length],
        [`bytes=-${'9'.repeat(30)}`, 0, length],
      ] as const) {
        it(`sends it: ${range.slice(0, 20)}`, async () => {
          const body = SCRIPT.slice(start, end);
          const contentRange = `bytes ${start}-${end - 1}/${length}`;
          expect(await part(range)).to.deep.equal({ status: 206, range: contentRange, length: body.length, body });
        });
      }
      for (const range of [`bytes=${length}-`, 'bytes=-0', `bytes=${'9'.repeat(30)}-`]) {
        it(`answers that it does not exist: ${range}`, async () => {
          expect(await part(range)).to.deep.equal({ status: 416, range: `bytes */${length}`, length: 0, body: '' });
        });
      }
      for (const range of ['bytes=5-2', 'bytes=', 'bytes=a-b', 'bytes=0-1,3-4', 'items=0-1', 'bytes=-', 'bytes=0x1-2', 'bytes=1.5-2', '']) {
        it(`sends the whole file when it is not one valid range: ${range}`, async () => {
          expect(await part(range)).to.deep.equal({ status: 200, range: undefined, length, body: SCRIPT });
        });
      }
      it('sends the whole file when it may have changed since', async () => {
        expect((await part('bytes=0-9', { 'If-Range': '"other"' })).status).to.equal(200);
      });
      it('counts compressed bytes when it is compressed', async () => {
        const { headers } = await get('/assets/app-1234.js', { Range: 'bytes=0-1', 'Accept-Encoding': 'gzip' });
        expect(headers['content-range']).to.equal(`bytes 0-1/${gzipSync(SCRIPT).length}`);
      });
    });

    describe('and changes under the server', () => {
      const large = join('assets', 'large-1.js');
      const size = 32 * 1024 * 1024;
      beforeEach(() => writeFile(join(dir, large), Buffer.alloc(size, 'x')));

      /** Starts to fetch the large file; the rest is read when requested. */
      const begin = async () => {
        const response = await new Promise<IncomingMessage>((resolve, reject) => {
          request(`${server.url}/${large}`, { agent: false }, resolve).on('error', reject).end();
        });
        await once(response, 'readable');
        return response;
      };
      const rest = async (response: IncomingMessage) => (await buffer(response)).length;

      it('continues with the same file when a build replaces it', async () => {
        const response = await begin();
        await rename(join(dir, 'assets'), join(dir, 'assets.old'));
        await rm(join(dir, 'assets.old', 'large-1.js'));
        expect(await rest(response)).to.equal(size);
        await rename(join(dir, 'assets.old'), join(dir, 'assets'));
      });

      it('cuts off a response that cannot be finished, and serves the next', async () => {
        const response = await begin();
        await truncate(join(dir, large), 1024);
        expect(await rest(response).catch((error) => error.code)).to.equal('ECONNRESET');
        expect((await get('/')).status).to.equal(200);
      });

      it('closes a file whose client disconnects', async () => {
        const response = await begin();
        response.destroy();
        await expectSoon(async () => !(await openFiles()).includes(join(dir, large)));
        expect((await get('/')).status).to.equal(200);
      });
    });

    it('treats a folder or a pipe with the name of a file as missing', async () => {
      await mkdir(join(dir, 'assets/folder.js'));
      execFileSync('mkfifo', [join(dir, 'assets/pipe.js')]);
      for (const name of ['folder', 'pipe']) expect((await get(`/assets/${name}.js`)).status).to.equal(404);
    });

    it('answers HEAD, and refuses methods that would change it', async () => {
      const head = await get('/', {}, 'HEAD');
      expect([head.status, head.body]).to.deep.equal([200, '']);
      const { status, headers } = await get('/', {}, 'DELETE');
      expect([status, headers.allow]).to.deep.equal([405, 'GET, HEAD']);
    });
  });
});
