/** The files of a run over HTTP: who may read them, and that a browser never treats one as a page of ved. */
import { expect } from 'chai';
import { unzipSync } from 'fflate';
import type { Artefact } from '../contract/engine.ts';
import { addScript, type RunnerServer, startDraft, startRunnerServer, untilDone } from './support/runner-server.ts';

const file = (name: string, text: string): Artefact => ({ type: 'file', name, data: Buffer.from(text) });
const HTML = '<script>parent.stolen = document.cookie</script>';

describe('the files of a run', () => {
  let ved: RunnerServer;
  let script: number;
  let run: number;
  before(async () => {
    ved = await startRunnerServer();
    ved.controls.leaves = [
      file('plot.png', '\x89PNG'),
      file('page.html', HTML),
      file('drawing.svg', `<svg xmlns="http://www.w3.org/2000/svg">${HTML}</svg>`),
      file('table.csv', '=1+1;b'),
      file('data.json', '{"a":1}'),
      file('tools/größe.exe', 'MZ'),
      file('../../escape', 'x'),
      { type: 'left-out', reason: 'link', count: 2, names: ['p', 'q'] },
    ];
    script = await addScript(ved.editor, '');
    run = await startDraft(ved.editor, script);
    await untilDone(ved.editor, run);
  });
  after(() => ved.server.stop());

  const pathOf = (name: string, of = run) => `/api/runs/${of}/files/${encodeURIComponent(name)}`;
  const raw = (path: string, headers: Record<string, string> = {}, cookie = ved.viewer.cookie) =>
    fetch(new URL(path, ved.server.url), { headers: { Cookie: cookie, ...headers } });
  const fileNamed = async (name: string) =>
    (await ved.viewer.get(`/api/runs/${run}`)).body.files.find((each: { name: string }) => each.name === name);

  it('are listed in its record, with those left out and why', async () => {
    const { body } = await ved.viewer.get(`/api/runs/${run}`);
    expect(body.file_count).to.equal(6);
    expect(body.files[0]).to.deep.equal({
      name: 'plot.png',
      media_type: 'image/png',
      size_bytes: 5,
      sha256: body.files[0].sha256,
    });
    expect(body.files_left_out).to.deep.equal([
      { reason: 'name', count: 1, names: ['../../escape'] },
      { reason: 'link', count: 2, names: ['p', 'q'] },
    ]);
    const [listed] = (await ved.viewer.get(`/api/runs?script=${script}`)).body;
    expect(listed).to.include({ file_count: 6 }).and.not.have.any.keys('files', 'files_left_out');
  });

  it('are announced to followers when there are any', async () => {
    const events = [];
    for await (const event of ved.viewer.events(`/api/runs/${run}/events`)) events.push(event);
    expect(events.map(({ event }) => event)).to.deep.equal(['status', 'status', 'files', 'done']);
    expect(events[2]!.data.files.map(({ name }: { name: string }) => name)).to.include('tools/größe.exe');
  });

  it('are sent to viewers byte for byte, also in folders', async () => {
    const response = await raw(pathOf('tools/größe.exe'));
    expect(response.status).to.equal(200);
    expect(await response.text()).to.equal('MZ');
    expect(response.headers.get('Content-Type')).to.equal('application/octet-stream');
    expect(response.headers.get('Content-Disposition')).to.match(/^attachment; .*filename\*=UTF-8''gr%C3%B6%C3%9Fe\.exe$/);
  });

  it('have their own type only if it is passive', async () => {
    const types: Record<string, string | null> = {};
    for (const name of ['plot.png', 'table.csv', 'data.json', 'drawing.svg', 'page.html']) {
      const { headers } = await raw(pathOf(name));
      types[name] = headers.get('Content-Type');
      expect(headers.get('X-Content-Type-Options')).to.equal('nosniff');
      expect(headers.get('Content-Security-Policy'))
        .to.match(/^sandbox; default-src 'none'; /)
        .and.not.to.include('script-src');
      expect(headers.get('Content-Security-Policy')).to.include("frame-ancestors 'self'");
    }
    expect(types).to.deep.equal({
      'plot.png': 'image/png',
      'table.csv': 'text/plain; charset=utf-8',
      'data.json': 'application/json; charset=utf-8',
      'drawing.svg': 'image/svg+xml',
      'page.html': 'text/html; charset=utf-8',
    });
  });

  it('run scripts of a page only in a frame, with an opaque origin', async () => {
    const framed = await raw(pathOf('page.html'), { 'Sec-Fetch-Dest': 'iframe' });
    expect(framed.headers.get('Content-Security-Policy')).to.match(/^sandbox allow-scripts; default-src 'none'; /);
    expect(framed.headers.get('Vary')).to.include('Sec-Fetch-Dest');
    const drawing = await raw(pathOf('drawing.svg'), { 'Sec-Fetch-Dest': 'iframe' });
    expect(drawing.headers.get('Content-Security-Policy')).to.match(/^sandbox; /);
  });

  it('are cached forever only under their hash, and otherwise revalidated', async () => {
    const { sha256 } = await fileNamed('plot.png');
    const named = await raw(`${pathOf('plot.png')}?sha256=${sha256}`);
    expect(named.headers.get('Cache-Control')).to.equal('private, max-age=31536000, immutable');
    const other = await raw(`${pathOf('plot.png')}?sha256=${'0'.repeat(64)}`);
    expect(other.headers.get('Cache-Control')).to.equal('private, no-cache');
    const again = await raw(pathOf('plot.png'), { 'If-None-Match': other.headers.get('ETag')! });
    expect([again.status, await again.text()]).to.deep.equal([304, '']);
    expect((await raw(pathOf('plot.png'), { 'If-None-Match': '"other"' })).status).to.equal(200);
  });

  it('can be downloaded together as a zip', async () => {
    const response = await raw(`/api/runs/${run}/files.zip`);
    expect(response.headers.get('Content-Disposition')).to.equal(`attachment; filename="run-${run}-files.zip"`);
    const entries = unzipSync(new Uint8Array(await response.arrayBuffer()));
    expect(Object.keys(entries)).to.have.members(['plot.png', 'page.html', 'drawing.svg', 'table.csv', 'data.json', 'tools/größe.exe']);
    expect(Buffer.from(entries['table.csv']!).toString()).to.equal('=1+1;b');
  });

  it('are refused to people who are not signed in, and if there are none', async () => {
    for (const path of [pathOf('plot.png'), `/api/runs/${run}/files.zip`]) expect((await raw(path, {}, '')).status).to.equal(401);
    const missing = await ved.viewer.get(pathOf('nothing.png'));
    expect([missing.status, missing.body.code]).to.deep.equal([404, 'runner/unknown-file']);
    expect((await ved.viewer.get(pathOf('plot.png', 9999))).body.code).to.equal('runner/unknown-run');
    expect((await ved.viewer.get('/api/runs/x/files/plot.png')).status).to.equal(400);
    for (const path of ['../../escape', '..', 'a\0b', `${'x'.repeat(3000)}`])
      expect((await ved.viewer.get(pathOf(path))).status).to.equal(404);
    expect((await ved.viewer.get(`/api/runs/${run}/files/%zz`)).status).to.be.oneOf([400, 404]);
    ved.controls.leaves = [];
    const empty = await startDraft(ved.editor, script);
    await untilDone(ved.editor, empty);
    const zip = await ved.viewer.get(`/api/runs/${empty}/files.zip`);
    expect([zip.status, zip.body.code]).to.deep.equal([404, 'runner/no-files']);
  });

  it('are compared with those of another run', async () => {
    ved.controls.leaves = [file('plot.png', '\x89PNG'), file('table.csv', 'changed')];
    const other = await startDraft(ved.editor, script);
    await untilDone(ved.editor, other);
    const { body } = await ved.viewer.get(`/api/runs/compare?a=${run}&b=${other}`);
    expect(body.differs.filter((each: string) => each !== 'time')).to.deep.equal(['files']);
    expect(body.files.map(({ name }: { name: string }) => name))
      .to.include('table.csv')
      .and.not.to.include('plot.png');
  });
});
