/** Third-party plugins in the data folder: finding them, loading them with the host's own modules, and explaining their faults. */
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PluginState } from '@ved/core/contract';
import { expect } from 'chai';
import type { Agent } from '../../test/support/agent.ts';
import { startServer, type TestServer } from '../../test/support/server.ts';

const manifest = (id: string, ved: object = {}, more: object = {}) =>
  JSON.stringify({
    name: `ved-plugin-${id}`,
    version: '1.0.0',
    type: 'module',
    keywords: ['ved-plugin'],
    ved: { id, host: '>=0.0.0-0', server: 'server.js', ...ved },
    ...more,
  });

const HELLO = `
import { defineRoutes } from '@ved/core/contract';
import { CatalogService } from '@ved/catalog/contract';
import { z } from 'zod';
import { greeting } from './lib/greeting.js';

const routes = defineRoutes({
  greet: { method: 'GET', path: '/api/hello/greet', access: 'viewer', summary: 'Greets', response: z.object({ text: z.string() }) },
  fail: { method: 'GET', path: '/api/hello/fail', access: 'viewer', summary: 'Fails', response: z.object({}) },
});

export default {
  id: 'hello',
  requires: [CatalogService],
  migrations: [{
    name: '001-greetings',
    up: (db) => db.schema.createTable('hello_greetings', (table) => { table.increments('id'); table.string('who'); }),
    down: (db) => db.schema.dropTable('hello_greetings'),
  }],
  start: async ({ router, db, services }) => {
    router.implement(routes, {
      greet: async ({ session }) => {
        await db('hello_greetings').insert({ who: session.username });
        const [{ count }] = await db('hello_greetings').count({ count: '*' });
        const scripts = await services.get(CatalogService).allOnProd();
        return { text: greeting + ' ' + session.username + ' ' + count + ' ' + scripts.length };
      },
      fail: () => { throw new Error('secret'); },
    });
    return { stop: async () => undefined };
  },
};
`;

describe('third-party plugins', () => {
  let dataDir: string;
  let server: TestServer;
  let ed1: Agent;

  async function put(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      const file = join(dataDir, 'plugins', name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }
  const begin = async () => {
    server = await startServer({ dataDir });
    ed1 = await server.signIn('ed1', '1editor');
  };
  const rescan = async (): Promise<PluginState[]> => (await ed1.post('/api/plugins/rescan')).body;
  const folders = (all: readonly PluginState[]) => all.filter(({ source }) => source === 'folder');

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ved-folders-'));
  });
  afterEach(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true });
  });

  it("are loaded at the start, with the server's modules, their tables and their routes", async () => {
    await put({
      'any name/package.json': manifest('hello'),
      'any name/server.js': HELLO,
      'any name/lib/greeting.js': "export const greeting = 'Hello';",
    });
    await begin();
    expect(folders((await ed1.get('/api/plugins')).body)).to.deep.equal([
      {
        id: 'hello',
        name: 'ved-plugin-hello',
        version: '1.0.0',
        source: 'folder',
        state: 'started',
        required: false,
        error: null,
        server: true,
        browser: false,
        brings: { routes: ['GET /api/hello/greet', 'GET /api/hello/fail'], settings: [], tables: ['hello_greetings'] },
      },
    ]);
    expect((await ed1.get('/api/hello/greet')).body).to.deep.equal({ text: 'Hello ed1 1 0' });
    const failed = await ed1.get('/api/hello/fail');
    expect(failed.status).to.equal(500);
    expect(JSON.stringify(failed.body)).to.not.contain('secret');
    expect((await ed1.get('/api/openapi.json')).body.paths).to.have.property('/api/hello/greet');
  });

  it('can be added, changed and removed without a restart, and stay disabled', async () => {
    await begin();
    await put({
      'hello/package.json': manifest('hello'),
      'hello/server.js': HELLO,
      'hello/lib/greeting.js': "export const greeting = 'Hello';",
    });
    expect((await ed1.get('/api/hello/greet')).status).to.equal(404);
    const news = ed1.events('/api/events');
    await news.next();
    expect(folders(await rescan()).map(({ state }) => state)).to.deep.equal(['started']);
    for await (const { event, data } of news)
      if (event === 'core/plugins-changed') {
        expect(data).to.deep.equal({ id: null, by: 'ed1' });
        break;
      }
    expect((await ed1.get('/api/hello/greet')).body.text).to.equal('Hello ed1 1 0');
    await put({ 'hello/lib/greeting.js': "export const greeting = 'Good evening';" });
    await rescan();
    expect((await ed1.get('/api/hello/greet')).body.text).to.equal('Good evening ed1 2 0');
    await ed1.post('/api/plugins/hello/disable');
    expect((await ed1.get('/api/hello/greet')).status).to.equal(404);
    expect(folders(await rescan()).map(({ state }) => state)).to.deep.equal(['disabled']);
    await server.stop();
    await begin();
    expect(folders((await ed1.get('/api/plugins')).body).map(({ state }) => state)).to.deep.equal(['disabled']);
    await ed1.post('/api/plugins/hello/enable');
    expect((await ed1.get('/api/hello/greet')).body.text).to.equal('Good evening ed1 3 0');
    await rename(join(dataDir, 'plugins/hello'), join(dataDir, 'taken-away'));
    expect(folders(await rescan())).to.deep.equal([]);
    expect((await ed1.get('/api/hello/greet')).status).to.equal(404);
    const mo1 = await server.signIn('mo1', '2viewer');
    expect((await mo1.post('/api/plugins/rescan')).status).to.equal(403);
  });

  it("use each other's services, and restart with the provider", async () => {
    await put({
      'a/package.json': manifest('aa'),
      // The token is imported from the other plugin's module, since each plugin has its own contract.
      'a/server.js':
        "import { Clock } from '../b/clock.js'; export default { id: 'aa', requires: [Clock], start: async ({ services, router }) => { globalThis.vedTestClock = services.get(Clock)(); return { stop: async () => undefined }; } };",
      'b/package.json': manifest('bb'),
      'b/clock.js': "import { Token } from '@lumino/coreutils'; export const Clock = globalThis.vedTestToken ??= new Token('bb:Clock');",
      'b/server.js':
        "import { Clock } from './clock.js'; export default { id: 'bb', provides: Clock, start: async () => ({ service: () => 42, stop: async () => undefined }) };",
    });
    await begin();
    expect(folders((await ed1.get('/api/plugins')).body).map(({ id, state }) => [id, state])).to.deep.equal([
      ['bb', 'started'],
      ['aa', 'started'],
    ]);
    expect(Reflect.get(globalThis, 'vedTestClock')).to.equal(42);
    const { body } = await ed1.post('/api/plugins/bb/disable');
    expect(body.find(({ id }: PluginState) => id === 'aa')).to.include({
      state: 'failed',
      error: 'it requires bb:Clock, and its provider bb is disabled',
    });
  });

  it('have their browser half served, and nothing else in their folder', async () => {
    await put({
      'page/package.json': manifest('page', { server: undefined, browser: 'browser/index.js' }),
      'page/browser/index.js': 'export default [];',
      'page/browser/style/page.css': '.a { color: red }',
      'page/secret.txt': 'secret',
    });
    await symlink('../secret.txt', join(dataDir, 'plugins/page/browser/link.txt'));
    await begin();
    expect(folders((await ed1.get('/api/plugins')).body)[0]).to.include({ state: 'started', server: false, browser: true });
    const { plugins } = (await ed1.get('/api/workspace/boot')).body;
    const { module } = plugins.find(({ id }: { id: string }) => id === 'page');
    expect(module).to.match(/^\/plugins\/page\/index\.js\?v=/);
    const script = await ed1.get(module);
    expect([script.status, script.headers.get('Content-Type'), script.body]).to.deep.equal([
      200,
      'text/javascript; charset=utf-8',
      'export default [];',
    ]);
    expect((await ed1.get('/plugins/page/style/page.css')).status).to.equal(200);
    for (const path of ['link.txt', '../secret.txt', '..%2fsecret.txt', '%2e%2e/package.json', 'nothing.js', '', 'style'])
      expect((await ed1.get(`/plugins/page/${path}`)).status, path).to.equal(404);
    await ed1.post('/api/plugins/page/disable');
    expect((await ed1.get(module)).status).to.equal(404);
  });

  /** Each kind of fault: the files, and the expected error. */
  const GOOD = "export default { id: 'broken', start: async () => ({ stop: async () => undefined }) };";
  const broken: Record<string, { files: Record<string, string>; says: RegExp; id?: string }> = {
    'no manifest': { files: { 'server.js': GOOD }, says: /^It has no package\.json\.$/, id: 'x' },
    'a manifest that is not JSON': {
      files: { 'package.json': '{\n  "name": "a",\n  oops\n}' },
      says: /^package\.json, line 3: .*JSON/,
      id: 'x',
    },
    'a truncated manifest': { files: { 'package.json': '{\n  "name": "a",' }, says: /^package\.json, line 2: /, id: 'x' },
    'a manifest without the member ved': {
      files: { 'package.json': JSON.stringify({ name: 'a', version: '1.0.0', type: 'module', keywords: ['ved-plugin'] }) },
      says: /^package\.json: ved /,
      id: 'x',
    },
    'a manifest without the keyword': {
      files: { 'package.json': manifest('broken', {}, { keywords: [] }) },
      says: /keywords must have "ved-plugin"/,
      id: 'x',
    },
    'neither half': {
      files: { 'package.json': manifest('broken', { server: undefined }) },
      says: /must name a server or a browser half/,
      id: 'x',
    },
    'an invalid id': { files: { 'package.json': manifest('Not-an-id') }, says: /ved\.id must be 2 to 31 letters/, id: 'x' },
    'a range of other versions of ved': {
      files: { 'package.json': manifest('broken', { host: '^7.0.0' }) },
      says: /made for ved \^7\.0\.0, and this is 0\.0\.0-test/,
      id: 'x',
    },
    'an invalid range': {
      files: { 'package.json': manifest('broken', { host: 'the newest' }) },
      says: /ved\.host must be a range/,
      id: 'x',
    },
    'a missing module': {
      files: { 'package.json': manifest('broken', { server: 'main.js' }) },
      says: /ved\.server names "main\.js", and there is no such file/,
      id: 'x',
    },
    'a module outside the folder': {
      files: { 'package.json': manifest('broken', { server: '../server.js' }) },
      says: /ved\.server \("\.\.\/server\.js"\) leaves the folder/,
      id: 'x',
    },
    'a style sheet that is not served': {
      files: { 'package.json': manifest('broken', { style: 'style.css' }), 'server.js': GOOD, 'style.css': '' },
      says: /^package\.json: ved\.style \("style\.css"\) must be in the folder of ved\.browser: nothing else is served\.$/,
      id: 'x',
    },
    'an absolute path': {
      files: { 'package.json': manifest('broken', { server: '/etc/passwd' }) },
      says: /leaves the folder/,
      id: 'x',
    },
    'the id of a built-in plugin': {
      files: { 'package.json': manifest('catalog'), 'server.js': GOOD.replace('broken', 'catalog') },
      says: /^the id catalog is taken by a plugin of ved$/,
      id: 'catalog',
    },
    'a reserved id': {
      files: { 'package.json': manifest('core'), 'server.js': GOOD.replace('broken', 'core') },
      says: /^the id core is reserved$/,
      id: 'core',
    },
    'an id that differs from the manifest': {
      files: { 'server.js': GOOD.replace('broken', 'other') },
      says: /^server\.js: the id of its default export is "other", and that of the manifest "broken"/,
    },
    'no default export': {
      files: { 'server.js': 'export const plugin = 1;' },
      says: /^server\.js: its default export must be a plugin/,
    },
    'a string as a token': {
      files: { 'server.js': "export default { id: 'broken', requires: ['catalog'], start: async () => ({ stop: async () => {} }) };" },
      says: /^server\.js: requires must be a list of tokens/,
    },
    'a syntax error': {
      files: { 'server.js': 'export default {\n  id: "broken",\n  start: async ( => 1,\n};' },
      says: /^server\.js, line 3: /,
    },
    'a syntax error in a module that it imports': {
      files: { 'server.js': "import './lib/b.js';", 'lib/b.js': '\nlet let = 1;' },
      says: /^lib\/b\.js, line 2: /,
    },
    'an import of a missing file': { files: { 'server.js': "import './nowhere.js';\n" }, says: /nowhere\.js/ },
    'an import of a missing package': { files: { 'server.js': "import 'left-pad-of-nobody';\n" }, says: /left-pad-of-nobody/ },
    'an error in its import': { files: { 'server.js': "\n\nthrow new Error('not today');" }, says: /^server\.js, line 3: not today$/ },
    'an error in a module that it imports': {
      files: { 'server.js': "import './lib/a.js';", 'lib/a.js': '\nnull.member;' },
      says: /^lib\/a\.js, line 2: Cannot read/,
    },
    'a token that nobody provides': {
      files: {
        'server.js':
          "import { Token } from '@lumino/coreutils'; export default { id: 'broken', requires: [new Token('moon:Phase')], start: async () => ({ stop: async () => {} }) };",
      },
      says: /^it requires moon:Phase, which no plugin provides$/,
    },
    'an error in start': {
      files: { 'server.js': "export default {\n  id: 'broken',\n  start: async () => {\n    throw new Error('no wind');\n  },\n};" },
      says: /^server\.js, line 4: no wind$/,
    },
    'a start that returns nothing': {
      files: { 'server.js': "export default { id: 'broken', start: async () => undefined };" },
      says: /must return \{ stop \}/,
    },
    'a path of another plugin': {
      files: {
        'server.js':
          "import { defineRoutes } from '@ved/core/contract'; import { z } from 'zod'; export default { id: 'broken', start: async ({ router }) => { router.implement(defineRoutes({ a: { method: 'GET', path: '/api/scripts/mine', access: 'viewer', summary: '', response: z.string() } }), { a: () => '' }); return { stop: async () => {} }; } };",
      },
      says: /the path \/api\/scripts\/mine of plugins\/.* must start with \/api\/broken\//,
    },
    'a table of another plugin': {
      files: {
        'server.js':
          "export default { id: 'broken', migrations: [{ name: '001-a', up: (db) => db.schema.createTable('mine', (t) => t.increments('id')), down: async () => {} }], start: async () => ({ stop: async () => {} }) };",
      },
      says: /its tables must be named broken_\*/,
    },
    'a migration that fails halfway': {
      files: {
        'server.js':
          "export default { id: 'broken', migrations: [{ name: '001-a', up: async (db) => { await db.schema.createTable('broken_a', (t) => t.increments('id')); throw new Error('half-way'); }, down: async () => {} }], start: async () => ({ stop: async () => {} }) };",
      },
      says: /half-way/,
    },
    'an invalid setting': {
      files: {
        'server.js':
          "import { defineSettings } from '@ved/core/server'; import { z } from 'zod'; export default { id: 'broken', settings: defineSettings({ port: { variable: 'VED_BROKEN_PORT', schema: z.string(), description: '' } }), start: async () => ({ stop: async () => {} }) };",
      },
      says: /VED_BROKEN_PORT/,
    },
  };

  it('are listed with their error when broken, and everything else works', async () => {
    const names = Object.keys(broken);
    for (const [index, { files }] of Object.values(broken).entries()) {
      const folder = `${String(index).padStart(2, '0')} x`;
      // Most get a unique id, since a second plugin with the same id would fail because of that.
      const own = (text: string) => text.replaceAll('broken', `broken${index}`).replaceAll('BROKEN', `BROKEN${index}`);
      const withManifest =
        Object.keys(files).includes('package.json') || names[index] === 'no manifest'
          ? files
          : { 'package.json': manifest('broken'), ...files };
      for (const [name, text] of Object.entries(withManifest)) await put({ [`${folder}/${name}`]: own(text) });
    }
    await put({
      'hello/package.json': manifest('hello'),
      'hello/server.js': HELLO,
      'hello/lib/greeting.js': "export const greeting = 'Hello';",
    });
    await begin();
    const listed = folders((await ed1.get('/api/plugins')).body);
    expect(listed).to.have.length(names.length + 1);
    const sound = listed.filter(({ state }) => state === 'started').map(({ id }) => id);
    expect(sound).to.deep.equal(['hello']);
    for (const [index, { says, id }] of Object.values(broken).entries()) {
      const folder = `${String(index).padStart(2, '0')} x`;
      const wanted = id === undefined ? `broken${index}` : id === 'x' ? folder : id;
      const found = listed.find((plugin) => plugin.id === wanted);
      expect(found?.error?.replaceAll(`broken${index}`, 'broken').replaceAll(`BROKEN${index}`, 'BROKEN'), names[index]).to.match(says);
    }
    expect((await ed1.get('/api/hello/greet')).body.text).to.equal('Hello ed1 1 0');
    expect((await ed1.get('/api/scripts')).status).to.equal(200);
  });

  it('are refused when they are links or have the id of another plugin', async () => {
    await mkdir(join(dataDir, 'elsewhere'));
    await writeFile(join(dataDir, 'elsewhere/package.json'), manifest('linked'));
    await put({
      'a/package.json': manifest('same'),
      'a/server.js': GOOD.replace('broken', 'same'),
      'b/package.json': manifest('same'),
      'b/server.js': GOOD.replace('broken', 'same'),
    });
    await symlink(join(dataDir, 'elsewhere'), join(dataDir, 'plugins/link'));
    await begin();
    expect(folders((await ed1.get('/api/plugins')).body).map(({ id, state, error }) => [id, state, error])).to.deep.equal([
      ['same', 'started', null],
      ['same', 'failed', 'the id same is taken by the folder a'],
      ['link', 'failed', 'It is a symbolic link. Put the folder itself below plugins/.'],
    ]);
  });

  it('are abandoned when their start hangs, and the server starts', async () => {
    await put({
      'slow/package.json': manifest('slow'),
      'slow/server.js': "export default { id: 'slow', start: () => new Promise(() => undefined) };",
    });
    await begin();
    expect(folders((await ed1.get('/api/plugins')).body)[0]).to.include({
      state: 'failed',
      error: 'starting the plugin slow took longer than 5 s',
    });
  }).timeout(30_000);
});
