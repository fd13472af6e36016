/** Unhandled errors of third-party plugins, in a separate server process. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PluginState } from '@ved/core/contract';
import { expect } from 'chai';
import { Agent } from './support/agent.ts';
import { type SpawnedServer, spawnServer } from './support/spawned-server.ts';

const manifest = (id: string) =>
  JSON.stringify({
    name: `ved-plugin-${id}`,
    version: '1.0.0',
    type: 'module',
    keywords: ['ved-plugin'],
    ved: { id, host: '>=0.0.0-0', server: 'server.js' },
  });

/** A plugin whose route starts something that fails later; the statement is in line 8. */
const faulty = (id: string, statement: string) => `import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { defineRoutes } from '@ved/core/contract';
import { z } from 'zod';
const routes = defineRoutes({ go: { method: 'POST', path: '/api/${id}/go', access: 'viewer', summary: '', response: z.string() } });
export default { id: '${id}', start: async ({ router, db }) => {
  router.implement(routes, { go: () => {
    ${statement}
    return 'gone';
  } });
  return { stop: async () => undefined };
} };
`;

const faults: Record<string, { statement: string; says: RegExp }> = {
  timer: { statement: "setTimeout(() => { throw new Error('no wind'); }, 1);", says: /^server\.js, line 8: no wind$/ },
  rejection: {
    statement: "void (async () => { await null; throw new Error('no wind'); })();",
    says: /^server\.js, line 8: no wind$/,
  },
  cause: {
    statement: "setTimeout(() => { throw Object.assign(new Error('no wind', { cause: new Error('calm') }), { stack: '' }); }, 1);",
    says: /^server\.js, line 8: no wind$/,
  },
  // The stacks of these contain only Node's own files.
  file: { statement: "void readFile('/nowhere/at/all');", says: /^ENOENT: no such file/ },
  program: { statement: "spawn('no-such-program-of-anybody');", says: /^spawn no-such-program-of-anybody ENOENT$/ },
};

describe('an unhandled error of a third-party plugin', () => {
  let dataDir: string;
  let server: SpawnedServer;
  let ed1: Agent;

  const put = async (name: string, text: string) => {
    const file = join(dataDir, 'plugins', name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  const plugins = async (): Promise<PluginState[]> => (await ed1.get('/api/plugins')).body;
  const stateOf = async (id: string) => (await plugins()).find((plugin) => plugin.id === id);

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ved-faults-'));
    for (const [id, { statement }] of Object.entries(faults)) {
      await put(`${id}/package.json`, manifest(id));
      await put(`${id}/server.js`, faulty(id, statement));
    }
    await put('early/package.json', manifest('early'));
    await put(
      'early/server.js',
      "setTimeout(() => {\n  throw new Error('too soon');\n}, 0);\nawait new Promise((resolve) => setTimeout(resolve, 5));\nexport default { id: 'early', start: async () => ({ stop: async () => undefined }) };",
    );
    await put('sound/package.json', manifest('sound'));
    await put('sound/server.js', faulty('sound', ''));
    server = spawnServer({ VED_DATA_DIR: dataDir, VED_LOG_LEVEL: 'error', TEST_PLUGINS: '1' });
    ed1 = new Agent(await server.url);
    await ed1.post('/api/auth/login', { username: 'ed1', password: '1editor' });
  });
  after(async () => {
    server.child.kill('SIGKILL');
    await server.ended;
    await rm(dataDir, { recursive: true });
  });

  for (const [id, { says }] of Object.entries(faults))
    it(`stops that plugin with the reason, and nothing else: ${id}`, async () => {
      const news = ed1.events('/api/events');
      await news.next();
      expect((await ed1.post(`/api/${id}/go`)).body).to.equal('gone');
      for await (const { event, data } of news)
        if (event === 'core/plugins-changed') {
          expect(data).to.deep.equal({ id, by: null });
          break;
        }
      const { state, error } = (await stateOf(id))!;
      expect(state).to.equal('failed');
      expect(error).to.match(says);
      expect((await ed1.post(`/api/${id}/go`)).status).to.equal(404);
      expect((await ed1.post('/api/sound/go')).body).to.equal('gone');
    });

  it('is also attributed to the plugin during its import', async () => {
    expect(await stateOf('early')).to.include({ state: 'failed', error: 'server.js, line 2: too soon' });
  });

  it('does not prevent another start of the plugin', async () => {
    await ed1.post('/api/plugins/timer/enable');
    expect(await stateOf('timer')).to.include({ state: 'started', error: null });
    expect((await ed1.post('/api/timer/go')).body).to.equal('gone');
  });

  it('is logged with its file and line', async () => {
    server.child.kill('SIGTERM');
    expect(await server.ended).to.equal(0);
    const lines = (await server.stderr)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const logged = lines.find(({ plugin, msg }) => plugin === 'timer' && msg === 'a plugin failed');
    expect(logged).to.include({ reason: 'server.js, line 8: no wind' });
    expect(logged.err.stack).to.match(/plugins\/timer\/server\.js\?v=.*:8:/);
  });
});
