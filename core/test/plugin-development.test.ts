/** A plugin in development, outside the data folder: each save is loaded into the running server. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PluginState } from '@ved/core/contract';
import { expect } from 'chai';
import type { Agent, StreamedEvent } from '../../test/support/agent.ts';
import { startServer, type TestServer } from '../../test/support/server.ts';

const MANIFEST = JSON.stringify({
  name: 'ved-plugin-hello',
  version: '1.0.0',
  type: 'module',
  keywords: ['ved-plugin'],
  ved: { id: 'hello', host: '>=0.0.0-0', server: 'server.js', browser: 'browser/index.js' },
});

const server = (text: string) => `
import { defineRoutes } from '@ved/core/contract';
import { z } from 'zod';
const routes = defineRoutes({ greet: { method: 'GET', path: '/api/hello/greet', access: 'viewer', summary: '', response: z.string() } });
export default {
  id: 'hello',
  start: async ({ router }) => {
    router.implement(routes, { greet: () => '${text}' });
    return { stop: async () => undefined };
  },
};
`;

describe('a plugin in development', () => {
  let dataDir: string;
  let folder: string;
  let ved: TestServer;
  let ed1: Agent;
  let news: AsyncGenerator<StreamedEvent>;
  let told: string[];

  const put = async (name: string, text: string) => {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  /** Saves a file; resolves once it is loaded, with the event that pages get. */
  const save = async (name: string, text: string) => {
    told.length = 0;
    await put(name, text);
    for (;;) {
      const { value } = await news.next();
      if (value.event === 'core/plugins-changed') return value.data;
    }
  };
  const greeting = async () => (await ed1.get('/api/hello/greet')).body;
  const states = async () =>
    ((await ed1.get('/api/plugins')).body as PluginState[])
      .filter(({ source }) => source === 'folder')
      .map(({ id, state, error }) => [id, state, error]);

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ved-developed-data-'));
    folder = await mkdtemp(join(tmpdir(), 'ved-developed-'));
    told = [];
    await put('package.json', MANIFEST);
    await put('server.js', server('Hello'));
    await put('browser/index.js', 'export default [];');
  });
  const begin = async () => {
    ved = await startServer({ dataDir, env: { VED_DEV_PLUGINS: folder }, tellDeveloper: (line) => told.push(line) });
    ed1 = await ved.signIn('ed1', '1editor');
    news = ed1.events('/api/events');
    await news.next();
  };
  afterEach(async () => {
    await news.return(undefined);
    await ved.stop();
    for (const each of [dataDir, folder]) await rm(each, { recursive: true });
  });

  it('is loaded from its folder, and reloaded on each save of either half', async () => {
    await begin();
    expect(told).to.deep.equal(['✓ hello 1.0.0: started']);
    expect(await greeting()).to.equal('Hello');
    expect(await save('server.js', server('Good evening'))).to.deep.equal({ id: null, by: 'plugin:dev', reload: true });
    expect(await greeting()).to.equal('Good evening');
    const moduleOf = async () =>
      (await ed1.get('/api/workspace/boot')).body.plugins.find(({ id }: { id: string }) => id === 'hello').module;
    const before = await moduleOf();
    await save('browser/index.js', 'export default []; // again');
    expect(await moduleOf()).to.not.equal(before);
    expect((await ed1.get(await moduleOf())).body).to.equal('export default []; // again');
  });

  it('reports the place of a syntax error in either half, and works again after the next save', async () => {
    await begin();
    await save('server.js', 'export default {\n  id: "hello",\n  start: async ( => 1,\n};');
    expect(told).to.have.length(1);
    expect(told[0]).to.match(/^✗ hello: server\.js, line 3: Unexpected token/);
    expect((await ed1.get('/api/hello/greet')).status).to.equal(404);
    await save('server.js', server('Mended'));
    expect(await greeting()).to.equal('Mended');
    await save('browser/index.js', '\nexport default {{');
    expect(told[0]).to.equal('✓ hello 1.0.0: started');
    expect(told[1]).to.match(/^✗ hello, in the page: index\.js, line 2: Unexpected token/);
  });

  it('takes precedence over an installed copy, and is listed once when it is the installed one', async () => {
    await mkdir(join(dataDir, 'plugins/copy'), { recursive: true });
    await writeFile(join(dataDir, 'plugins/copy/package.json'), MANIFEST.replace(',"browser":"browser/index.js"', ''));
    await writeFile(join(dataDir, 'plugins/copy/server.js'), server('Copy'));
    await begin();
    expect(await states()).to.deep.equal([
      ['hello', 'started', null],
      ['hello', 'failed', `the id hello is taken by the folder ${folder}`],
    ]);
    expect(await greeting()).to.equal('Hello');
    await save('server.js', server('Still first'));
    expect(await greeting()).to.equal('Still first');
    await news.return(undefined);
    await ved.stop();
    folder = join(dataDir, 'plugins/copy');
    await begin();
    expect(await states()).to.deep.equal([['hello', 'started', null]]);
    folder = await mkdtemp(join(tmpdir(), 'ved-developed-'));
  });
});
