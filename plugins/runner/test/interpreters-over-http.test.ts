import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Agent } from '../../../test/support/agent.ts';
import { startServer, type TestServer } from '../../../test/support/server.ts';
import { type DerivedImage, deriveImage, OLD_PYTHON, removeLayers } from './engines/support/derived-image.ts';
import { DEFAULT_IMAGE, requireDocker } from './engines/support/engines.ts';
import { type PackageIndex, startPackageIndex } from './support/package-index.ts';
import { addScript, addToProd, startDraft, startRunnerServer } from './support/runner-server.ts';
import { makeWheel } from './support/wheel.ts';

const SAYS = 'import sys\nprint(sys.version.split()[0])\n';
const asking = (requires: string) => `# /// script\n# requires-python = "${requires}"\n# ///\n${SAYS}`;

describe('configured interpreters', () => {
  let older: DerivedImage;
  let server: TestServer;
  let editor: Agent;
  let script: number;
  const run = async (body: object) => (await editor.post(`/api/execute/${script}`, { source: 'draft', ...body })).body;

  before(async function () {
    await requireDocker(this);
    older = await deriveImage(OLD_PYTHON);
    server = await startServer({
      env: { VED_RUNNER: 'docker', VED_INTERPRETERS: `cpython-3.14=${DEFAULT_IMAGE},older=${older.name},gone=ved.invalid/gone:1` },
    });
    editor = await server.signIn('ed1', '1editor');
    script = await addScript(editor, SAYS);
    await run({});
  });
  after(async () => {
    await server?.stop();
    await older?.remove();
  });

  it('are listed with their state, and in the text of a new script if they can run scripts', async () => {
    const { body } = await editor.get('/api/engines');
    const { interpreters } = body.engines.find(({ id }: { id: string }) => id === 'docker');
    expect(interpreters[0]).to.include({ name: 'cpython-3.14', state: 'ready', reason: null, image: DEFAULT_IMAGE });
    expect(interpreters[0].version).to.match(/^3\.14\.\d+/);
    expect(interpreters[1]).to.include({ name: 'older', version: '3.13.5', state: 'ready', image: older.name });
    expect(interpreters[2]).to.include({ name: 'gone', version: null });
    expect(interpreters[2].state).to.be.oneOf(['missing', 'fetching']);
    expect((await editor.get('/api/health')).body.engines.interpreters.map(({ name }: { name: string }) => name)).to.deep.equal([
      'cpython-3.14',
      'older',
      'gone',
    ]);
    expect((await editor.get('/api/catalog/template')).body.content).to.include('It runs on cpython-3.14, older.');
  });

  it('run scripts on the first one by default (Q12)', async () => {
    const done = await run({});
    expect(done.stdout).to.match(/^3\.14\./);
    expect(done).to.include({ status: 'succeeded', interpreter: 'cpython-3.14' });
    expect(done.image_digest).not.to.equal(older.id);
  });

  it('run scripts on the requested one, and record it (Q12)', async () => {
    expect(await run({ interpreter: 'older' })).to.include({ stdout: '3.13.5\n', interpreter: 'older', image_digest: older.id });
  });

  it('are chosen by the requirement of the script (Q12)', async () => {
    expect(await run({ content: asking('<3.14') })).to.include({ stdout: '3.13.5\n', interpreter: 'older', image_digest: older.id });
    expect(await run({ content: asking('>=3.13') })).to.include({ status: 'succeeded', interpreter: 'cpython-3.14' });
  });

  it('are refused if unknown, with the available ones (Q12)', async () => {
    const wrong = await editor.post('/api/runs', { script_id: script, source: 'draft', interpreter: 'cpython-2.7' });
    expect(wrong).to.include({ status: 422 });
    expect(wrong.body).to.deep.include({ code: 'runner/unknown-interpreter', interpreters: ['cpython-3.14', 'older', 'gone'] });
    expect(await run({ content: asking('>=4') })).to.include({ status: 422, code: 'runner/no-matching-interpreter' });
    const gone = await editor.post(`/api/execute/${script}`, { source: 'draft', interpreter: 'gone' });
    expect([gone.status, gone.body.code]).to.deep.equal([503, 'runner/interpreter-not-ready']);
    expect(gone.headers.get('Retry-After')).to.match(/^[1-9]\d*$/);
  });
});

describe('packages that a script requires', () => {
  let index: PackageIndex;
  let server: TestServer;
  let editor: Agent;

  before(async function () {
    await requireDocker(this);
    index = await startPackageIndex();
    index.add(makeWheel('greeting', 'WORD = "hello"'));
    server = await startServer({
      env: { VED_RUNNER: 'docker', VED_RUNNER_IMAGE: DEFAULT_IMAGE, VED_PACKAGES_INDEX: index.url, VED_PACKAGES_NETWORK: 'host' },
    });
    editor = await server.signIn('ed1', '1editor');
  });
  after(async () => {
    const owner = server && (await readFile(join(server.dataDir, 'runner', 'owner'), 'utf8')).trim();
    await server?.stop();
    await index?.close();
    if (owner) await removeLayers(owner);
  });

  it('are installed for its runs; a run ends with the name of a missing one (W6)', async () => {
    const needing = (name: string) => `# /// script\n# dependencies = ["${name}"]\n# ///\nimport ${name}\nprint(${name}.WORD)\n`;
    const script = await addScript(editor, needing('greeting'));
    const done = (await editor.post(`/api/execute/${script}`, { source: 'draft' })).body;
    expect(done.reason).to.equal(null);
    expect(done).to.include({ status: 'succeeded', stdout: 'hello\n' });
    const plain = (await editor.post(`/api/execute/${script}`, { source: 'draft', content: 'print(1)' })).body;
    expect(plain.interpreter).to.equal(done.interpreter);
    expect(plain.image_digest).not.to.equal(done.image_digest);
    const failed = (await editor.post(`/api/execute/${script}`, { source: 'draft', content: needing('absent') })).body;
    expect(failed).to.include({ status: 'engine_error', exit_code: null });
    expect(failed.reason).to.include('absent is missing').and.not.to.include('index-secret');
  });
});

describe('more runs than may wait for packages at a time', () => {
  const REASON = 'Waiting to install its packages: at most 4 runs of one person do so at a time.';
  let index: PackageIndex;
  let server: TestServer;
  let editor: Agent;

  before(async function () {
    await requireDocker(this);
    index = await startPackageIndex();
    index.addEndless(makeWheel('endless', ''));
    server = await startServer({
      env: {
        VED_RUNNER: 'docker',
        VED_RUNNER_IMAGE: DEFAULT_IMAGE,
        VED_PACKAGES_INDEX: index.url,
        VED_PACKAGES_NETWORK: 'host',
        VED_RUN_CONCURRENCY: '2',
      },
    });
    editor = await server.signIn('ed1', '1editor');
  });
  after(async () => {
    await server?.stop();
    await index?.close();
  });

  /** Resolves when a follower of a run receives this status. */
  const untilTold = async (runId: number, status: string, reason: string | null): Promise<void> => {
    for await (const { data } of editor.events(`/api/runs/${runId}/events`)) if (data.status === status && data.reason === reason) return;
    throw new Error(`run ${runId} ended without being ${status}`);
  };

  it('stay queued with the reason, block nobody else, and start when one is cancelled', async () => {
    const script = await addScript(editor, '# /// script\n# dependencies = ["endless"]\n# ///\n');
    const runs: number[] = [];
    for (let count = 0; count < 20; count += 1) runs.push(await startDraft(editor, script));
    const plain = (await editor.post(`/api/execute/${script}`, { source: 'draft', content: 'print(1)' })).body;
    expect(plain).to.include({ status: 'succeeded', stdout: '1\n' });
    const state = async (id: number) => (await editor.get(`/api/runs/${id}`)).body.status;
    expect(await Promise.all(runs.map(state))).to.deep.equal([...Array(4).fill('running'), ...Array(16).fill('queued')]);
    await untilTold(runs[4]!, 'queued', REASON);
    const [next] = await Promise.all([untilTold(runs[4]!, 'running', null), editor.post(`/api/runs/${runs[0]}/cancel`)]);
    expect(next).to.equal(undefined);
    expect((await editor.post(`/api/runs/${runs[19]}/cancel`)).body).to.include({ status: 'cancelled', reason: 'Cancelled by ed1.' });
  });
});

describe('a script with invalid metadata', () => {
  const BAD = '# /// script\n# dependencies = [\n# ///\n';

  it('is refused as a single run, and fails with the reason in a pass (Q12, P12)', async () => {
    const { server, editor } = await startRunnerServer();
    try {
      const script = await addScript(editor, BAD);
      const refused = await editor.post(`/api/execute/${script}`, { source: 'draft' });
      expect(refused.body).to.include({ status: 422, code: 'runner/bad-script-block' });
      await addToProd(editor, BAD);
      const [run] = (await editor.post('/api/execute/all', {})).body;
      expect(run).to.include({ status: 'failed', exit_code: null });
      expect(run.reason).to.match(/^Line \d of the "# \/\/\/ script" block is not valid TOML/);
    } finally {
      await server.stop();
    }
  });
});
