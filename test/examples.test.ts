/** The example plugin with an engine: real scripts in a real sandbox. */
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Agent } from './support/agent.ts';
import { startServer, type TestServer } from './support/server.ts';

const root = join(import.meta.dirname, '..');

describe('the example bubblewrap engine', () => {
  let dataDir: string;
  let server: TestServer;
  let ed1: Agent;

  before(async function () {
    this.timeout(60_000);
    const { error, stderr } = spawnSync('bwrap', ['--ro-bind', '/', '/', 'true'], { encoding: 'utf8' });
    if (error || stderr) {
      if (process.env.VED_TEST_REQUIRE_ALL) throw new Error(`bubblewrap is required: ${error?.message ?? stderr}`);
      console.log(`      skipped: ${error?.message ?? stderr}`);
      return this.skip();
    }
    dataDir = await mkdtemp(join(tmpdir(), 'ved-bubblewrap-test-'));
    await cp(join(root, 'examples/bubblewrap-engine'), join(dataDir, 'plugins/bubblewrap'), { recursive: true });
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    server = await startServer({ dataDir, version, env: { VED_RUNNER: 'plugin:bubblewrap', VED_RUN_TIMEOUT_MS: '2000' } });
    ed1 = await server.signIn('ed1', '1editor');
  });
  after(async () => {
    await server?.stop();
    if (dataDir) await rm(dataDir, { recursive: true });
  });

  async function execute(content: string, test_data = '') {
    const { body: script } = await ed1.post('/api/scripts', { content });
    const { body } = await ed1.post(`/api/execute/${script.id}`, { source: 'draft', test_data });
    return body;
  }

  it('runs a script with its test data, and stores its files', async () => {
    const text =
      'import sys\nprint(open(sys.argv[1]).read())\nprint("é", file=sys.stderr)\nopen("/tmp/out/a.txt", "w").write("kept")\nimport os\nos.symlink("/etc/passwd", "/tmp/out/link")\n';
    const run = await execute(text, 'data');
    expect(run).to.include({ status: 'succeeded', exit_code: 0, stdout: 'data\n', stderr: 'é\n', engine: 'bubblewrap' });
    expect(run.interpreter).to.match(/^cpython-3\.\d+$/);
    expect(run.files.map(({ name }: { name: string }) => name)).to.deep.equal(['a.txt']);
  });

  it('isolates a script from the network, the files of the machine and those of ved', async () => {
    const text = `import os, socket\nfor path in ("/etc/passwd", "/home", ${JSON.stringify(dataDir)}):\n    print(os.path.exists(path))\ntry:\n    socket.create_connection(("127.0.0.1", ${server.port}), 1)\nexcept OSError as error:\n    print("no network")\n`;
    expect((await execute(text)).stdout).to.equal('False\nFalse\nFalse\nno network\n');
  });

  it('stops a script that takes too long, and says how a script failed', async () => {
    expect(await execute('while True: pass')).to.include({ status: 'timeout', exit_code: null });
    expect(await execute('raise SystemExit(3)')).to.include({ status: 'failed', exit_code: 3 });
  });

  it('ends a running script with the reason when it is disabled', async () => {
    const { body: script } = await ed1.post('/api/scripts', { content: 'print("up", flush=True)\nwhile True: pass' });
    const news = ed1.events('/api/events');
    await news.next();
    const over = ed1.post(`/api/execute/${script.id}`, { source: 'draft' });
    for await (const { event, data } of news) if (event === 'runner/run-changed' && data.run.status === 'running') break;
    await ed1.post('/api/plugins/bubblewrap/disable');
    expect((await over).body).to.include({ status: 'engine_error', reason: 'The bubblewrap engine was stopped while it ran.' });
    await ed1.post('/api/plugins/bubblewrap/enable');
  });

  it('is removed with its plugin, and added again with it', async () => {
    await ed1.post('/api/plugins/bubblewrap/disable');
    const { body: script } = await ed1.post('/api/scripts', { content: 'print(1)' });
    expect((await ed1.post(`/api/execute/${script.id}`, { source: 'draft' })).body).to.include({ status: 503, code: 'runner/no-engine' });
    await ed1.post('/api/plugins/bubblewrap/enable');
    expect((await ed1.post(`/api/execute/${script.id}`, { source: 'draft' })).body).to.include({ status: 'succeeded', stdout: '1\n' });
  });
});
