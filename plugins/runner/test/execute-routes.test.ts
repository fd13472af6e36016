import { createHash } from 'node:crypto';
import { Execution, runnerRoutes } from '@ved/runner/contract';
import { expect } from 'chai';
import { exhaustive } from '../../../test/support/exhaustive.ts';
import {
  addScript,
  addToProd,
  type RunnerServer,
  startDraft,
  startRunnerServer,
  untilDone,
  untilWritten,
} from './support/runner-server.ts';

const PRINT_INPUT = "import { readFileSync } from 'node:fs'; console.log(readFileSync(process.argv[2], 'utf8'))";
const FOREVER = "console.log('up'); setInterval(() => {}, 1000)";
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('runs over HTTP', () => {
  let ved: RunnerServer;
  let script: number;
  before(async () => {
    ved = await startRunnerServer();
    script = await addToProd(ved.editor, PRINT_INPUT, { test_data: 'its own' });
  });
  after(() => ved.server.stop());

  describe('waiting for a run of prod', () => {
    it('returns the execution with its inputs and its output', async () => {
      const { status, body } = await ved.editor.post(`/api/execute/${script}`, { test_data: 'given é\0' });
      expect(status).to.equal(200);
      expect(Execution.strict().safeParse(body).error).to.equal(undefined);
      expect(body).to.deep.include({
        script_id: script,
        status: 'succeeded',
        exit_code: 0,
        stdout: 'given é\0\n',
        stderr: '',
        truncated: false,
      });
      expect(body).to.deep.include({
        source: 'prod',
        unsaved: false,
        unsaved_test_data: true,
        engine: 'node',
        started_by: 'ed1',
        limits: { timeout_ms: 30_000, memory_bytes: 256 * 2 ** 20, cpus: 0.5, output_bytes: 64 * 2 ** 20 },
        packages: null,
        input_sha256: sha256('given é\0'),
      });
      const detail = (await ved.editor.get(`/api/scripts/${script}`)).body;
      expect(body.script_version_id).to.equal(detail.version.id);
      expect(body.git_commit_hash)
        .to.match(/^[0-9a-f]{40}$/)
        .and.not.equal(detail.version.git_commit_hash);
    });

    it('returns once the list of scripts shows it too (S13)', async () => {
      for (let round = 0; round < 5; round += 1) {
        const run = (await ved.editor.post(`/api/execute/${script}`)).body;
        const row = (await ved.editor.get('/api/scripts')).body.find(({ id }: { id: number }) => id === script);
        expect(row.last_run_at >= run.finished_at, `${row.last_run_at} of the list, ${run.finished_at} of the run`).to.equal(true);
      }
    });

    it("uses the script's own test data if the request has none, or no body (Q10)", async () => {
      expect((await ved.editor.post(`/api/execute/${script}`)).body).to.include({ stdout: 'its own\n', unsaved_test_data: false });
      expect((await ved.editor.post(`/api/execute/${script}`, { test_data: '' })).body).to.include({
        stdout: '\n',
        unsaved_test_data: true,
      });
    });

    it('does not report test data as unsaved if they are the same', async () => {
      const { body } = await ved.editor.post(`/api/execute/${script}`, { test_data: 'its own' });
      expect(body).to.include({ input_sha256: sha256('its own'), unsaved_test_data: false });
    });

    it('is refused for a script that is not on prod, with what to do (Q9)', async () => {
      const draft = await addScript(ved.editor, 'console.log(1)');
      const { status, body } = await ved.editor.post(`/api/execute/${draft}`, {});
      expect(status).to.equal(400);
      expect(body.code).to.equal('runner/not-on-prod');
      expect(body.detail).to.match(/merge/i);
    });

    it('is refused for a version that is not on prod, if prod is requested explicitly (Q9)', async () => {
      const id = await addToProd(ved.editor, 'console.log("old")');
      const saved = (await ved.editor.put(`/api/scripts/${id}`, { content: 'console.log("new")' })).body;
      expect((await ved.editor.post(`/api/execute/${id}`, {})).body.stdout).to.equal('old\n');
      expect((await ved.editor.post(`/api/execute/${id}`, { version_id: saved.version.id })).body).to.include({
        stdout: 'new\n',
        source: 'draft',
      });
      const insisted = await ved.editor.post(`/api/execute/${id}`, { version_id: saved.version.id, source: 'prod' });
      expect([insisted.status, insisted.body.code]).to.deep.equal([400, 'runner/not-on-prod']);
    });
  });

  describe('waiting for a run of a draft', () => {
    it('runs the newest version, or the given one', async () => {
      const id = await addScript(ved.editor, 'console.log("first")');
      const first = (await ved.editor.get(`/api/scripts/${id}`)).body.version.id;
      await ved.editor.put(`/api/scripts/${id}`, { content: 'console.log("second")' });
      expect((await ved.editor.post(`/api/execute/${id}`, { source: 'draft' })).body).to.include({
        stdout: 'second\n',
        version_label: '0.2',
      });
      const named = (await ved.editor.post(`/api/execute/${id}`, { source: 'draft', version_id: first })).body;
      expect(named).to.include({ stdout: 'first\n', version_label: '0.1', script_version_id: first });
    });

    it('runs unsaved text, and stores it with the run', async () => {
      const content = 'console.log("unsaved")';
      const run = (await ved.editor.post(`/api/execute/${script}`, { source: 'draft', content, test_data: 'x' })).body;
      expect(run).to.include({ stdout: 'unsaved\n', unsaved: true, source: 'draft' });
      expect((await ved.viewer.get(`/api/runs/${run.id}/code`)).body).to.deep.equal({ content, test_data: 'x' });
    });

    it('does not report text as unsaved if it equals the version', async () => {
      const run = (await ved.editor.post(`/api/execute/${script}`, { source: 'draft', content: PRINT_INPUT })).body;
      expect(run).to.include({ unsaved: false, status: 'succeeded' });
    });

    it('returns how it failed, without failing the request (S3)', async () => {
      const { status, body } = await ved.editor.post(`/api/execute/${script}`, { source: 'draft', content: 'process.exit(7)' });
      expect(status).to.equal(200);
      expect(body).to.include({ status: 'failed', exit_code: 7 });
      expect(String(body.duration_ms)).to.match(/^\d+(\.\d{1,3})?$/);
    });
  });

  const refused: [string, Record<string, unknown>, number, string][] = [
    ['text without saying that it is a draft', { content: 'x' }, 400, 'runner/content-needs-draft'],
    ['text as prod', { content: 'x', source: 'prod' }, 400, 'runner/content-needs-draft'],
    ['a text over 1 MiB', { content: 'é'.repeat(600_000), source: 'draft' }, 413, 'runner/content-too-large'],
    ['text with a lone surrogate', { content: 'x = "\ud800"', source: 'draft' }, 422, 'runner/bad-text'],
    ['test data with a lone surrogate', { test_data: '\udfff', source: 'draft' }, 422, 'runner/bad-text'],
    ['test data over 16 MiB', { test_data: 'x'.repeat(16 * 1024 * 1024 + 1) }, 413, 'runner/test-data-too-large'],
    ['an unknown version', { source: 'draft', version_id: 999_999 }, 404, ''],
    ['an unknown source', { source: 'main' }, 400, ''],
    ['test data that are not text', { test_data: 5 }, 400, ''],
  ];
  for (const [what, body, status, code] of refused) {
    it(`refuses ${what} with ${status}, and creates no run (Q8, Q9, L6)`, async () => {
      const before = (await ved.viewer.get('/api/runs')).body[0]?.id;
      for (const [path, sent] of [
        [`/api/execute/${script}`, body],
        ['/api/runs', { script_id: script, ...body }],
      ] as const) {
        const answer = await ved.editor.post(path, sent);
        expect(answer.status).to.equal(status);
        if (code !== '') expect(answer.body.code).to.equal(code);
      }
      expect((await ved.viewer.get('/api/runs')).body[0]?.id).to.equal(before);
    });
  }

  it('refuses an unknown script with 404', async () => {
    expect((await ved.editor.post('/api/execute/999999', {})).status).to.equal(404);
    expect((await ved.editor.post('/api/runs', { script_id: 999_999 })).status).to.equal(404);
    const { status, body } = await ved.viewer.get('/api/execute/999999/last');
    expect(status).to.equal(404);
    expect(body.code).to.equal('catalog/no-such-script');
  });

  it('refuses viewers with 403, and people who are not signed in with 401', async () => {
    for (const path of [
      `/api/execute/${script}`,
      '/api/execute/all',
      '/api/runs',
      '/api/passes',
      '/api/runs/1/cancel',
      '/api/passes/1/cancel',
    ]) {
      expect([path, (await ved.viewer.post(path, {})).status]).to.deep.equal([path, 403]);
    }
    for (const path of ['/api/runs', '/api/runs/1', '/api/passes', '/api/runs/1/events', `/api/execute/${script}/last`, '/api/engines']) {
      expect([path, (await ved.server.agent().get(path)).status]).to.deep.equal([path, 401]);
    }
  });

  it('responds with 404 for unknown runs and passes', async () => {
    for (const path of [
      '/api/runs/999',
      '/api/runs/999/code',
      '/api/runs/999/events',
      '/api/passes/999',
      '/api/passes/999/events',
      '/api/runs/compare?a=999&b=1',
    ]) {
      expect([path, (await ved.viewer.get(path)).status]).to.deep.equal([path, 404]);
    }
    for (const path of ['/api/runs/999/cancel', '/api/passes/999/cancel']) {
      expect([path, (await ved.editor.post(path)).status]).to.deep.equal([path, 404]);
    }
  });

  describe('a run that nobody waits for', () => {
    it('returns immediately, continues, and remains the last run of its script after a save', async () => {
      const id = await addScript(ved.editor, 'console.log("ran")');
      expect((await ved.viewer.get(`/api/execute/${id}/last`)).body).to.equal(null);
      const run = await startDraft(ved.editor, id);
      await untilDone(ved.viewer, run);
      await ved.editor.put(`/api/scripts/${id}`, { content: 'console.log("saved since")' });
      expect((await ved.viewer.get(`/api/execute/${id}/last`)).body).to.include({ id: run, stdout: 'ran\n', status: 'succeeded' });
      expect((await ved.viewer.get(`/api/scripts/${id}`)).body.last_run).to.include({ id: run, status: 'succeeded', exit_code: 0 });
      const listed = (await ved.viewer.get('/api/scripts')).body.find((summary: { id: number }) => summary.id === id);
      expect(listed).to.include({ last_run_status: 'succeeded', last_run_exit_code: 0 });
    });

    it('is stored even if the client disconnects (Q1)', async () => {
      const id = await addScript(ved.editor, "setTimeout(() => console.log('late'), 150)");
      const leaving = new AbortController();
      const waiting = fetch(`${ved.server.url}/api/execute/${id}`, {
        method: 'POST',
        headers: { cookie: ved.editor.cookie, 'content-type': 'application/json' },
        body: '{"source":"draft"}',
        signal: leaving.signal,
      }).catch((error: Error) => error.name);
      let run = null;
      while (run === null) run = (await ved.viewer.get(`/api/execute/${id}/last`)).body;
      leaving.abort();
      expect(await waiting).to.equal('AbortError');
      await untilDone(ved.viewer, run.id);
      expect((await ved.viewer.get(`/api/runs/${run.id}`)).body).to.include({ status: 'succeeded', stdout: 'late\n' });
    });

    it('can be cancelled repeatedly (S2)', async () => {
      const id = await addScript(ved.editor, FOREVER);
      const run = await startDraft(ved.editor, id);
      await untilWritten(ved.viewer, run, 'up');
      const first = await ved.editor.post(`/api/runs/${run}/cancel`);
      expect(first.status).to.equal(200);
      expect(first.body).to.include({ id: run, status: 'cancelled', reason: 'Cancelled by ed1.', stdout: 'up\n' });
      expect((await ved.editor.post(`/api/runs/${run}/cancel`)).body).to.deep.equal(first.body);
    });

    it('is ended at its time limit (L1)', async () => {
      const short = await startRunnerServer({ VED_RUN_TIMEOUT_MS: '300' });
      try {
        const id = await addScript(short.editor, FOREVER);
        expect((await short.editor.post(`/api/execute/${id}`, { source: 'draft' })).body).to.include({
          status: 'timeout',
          exit_code: null,
        });
      } finally {
        await short.server.stop();
      }
    });
  });

  describe('the list of runs', () => {
    it('has no output, filters, and pages by id', async () => {
      const id = await addScript(ved.editor, 'console.log(1)');
      const ids: number[] = [];
      for (let count = 0; count < 3; count += 1) ids.unshift((await ved.editor.post(`/api/execute/${id}`, { source: 'draft' })).body.id);
      const listed = (await ved.viewer.get(`/api/runs?script=${id}`)).body;
      expect(listed.map((run: { id: number }) => run.id)).to.deep.equal(ids);
      expect(listed[0]).to.not.have.any.keys('stdout', 'stderr');
      const older = (await ved.viewer.get(`/api/runs?script=${id}&before=${ids[0]}`)).body;
      expect(older.map((run: { id: number }) => run.id)).to.deep.equal(ids.slice(1));
      expect((await ved.viewer.get('/api/runs?before=x')).status).to.equal(400);
    });

    it('can be filtered by status, person and source, alone or combined', async () => {
      const id = await addToProd(ved.editor, 'console.log("listed")');
      const onProd = (await ved.editor.post(`/api/execute/${id}`, {})).body.id;
      const failed = (await ved.editor.post(`/api/execute/${id}`, { source: 'draft', content: 'process.exit(1)' })).body.id;
      const draft = (await ved.editor.post(`/api/execute/${id}`, { source: 'draft' })).body.id;
      const listed = async (query: string) => {
        const { status, body } = await ved.viewer.get(`/api/runs?script=${id}&${query}`);
        return status === 200 ? body.map((run: { id: number }) => run.id) : status;
      };
      expect(await listed('status=succeeded')).to.deep.equal([draft, onProd]);
      expect(await listed('source=draft')).to.deep.equal([draft, failed]);
      expect(await listed('started_by=ed1')).to.deep.equal([draft, failed, onProd]);
      expect(await listed('started_by=mo1')).to.deep.equal([]);
      expect(await listed('status=succeeded&source=draft&started_by=ed1')).to.deep.equal([draft]);
      expect(await listed(`source=draft&before=${draft}`)).to.deep.equal([failed]);
      for (const refused of ['status=fine', 'source=main', 'started_by=', `started_by=${'x'.repeat(201)}`])
        expect([refused, await listed(refused)]).to.deep.equal([refused, 400]);
    });

    it('knows the people in it', async () => {
      expect((await ved.viewer.get('/api/runs/started-by')).body).to.deep.equal(['ed1']);
      expect((await ved.server.agent().get('/api/runs/started-by')).status).to.equal(401);
    });
  });

  it('shows the differences between two runs', async () => {
    const run = async (content: string) => (await ved.editor.post(`/api/execute/${script}`, { source: 'draft', content })).body.id;
    const [a, b] = [await run('console.log(1)'), await run('console.log(2)')];
    const { body } = await ved.viewer.get(`/api/runs/compare?a=${a}&b=${b}`);
    expect(body).to.deep.include({ identical: false, code: { a: 'console.log(1)', b: 'console.log(2)' } });
    expect(body.differs).to.include.members(['code', 'stdout']);
    expect((await ved.viewer.get(`/api/runs/compare?a=${a}`)).status).to.equal(400);
  });

  it('are refused with codes from the contract, whether waited for or not', async () => {
    const draft = await addScript(ved.editor, 'console.log(1)');
    const refused: [number, object][] = [
      [4711, {}],
      [draft, {}],
      [draft, { source: 'draft', version_id: 4711 }],
      [draft, { content: '1' }],
      [draft, { source: 'draft', content: 'x'.repeat(1024 * 1024 + 1) }],
      [draft, { source: 'draft', test_data: '\ud800' }],
      [draft, { source: 'draft', interpreter: 'cpython-2.7' }],
      [draft, { source: 'draft', content: '# /// script\n# requires-python = ">=99"\n# ///\n' }],
      [draft, { source: 'draft', content: '# /// script\n# dependencies = [\n# ///\n' }],
    ];
    const codes = new Set<string>();
    for (const [id, body] of refused) {
      const waited = await ved.editor.post(`/api/execute/${id}`, body);
      const queued = await ved.editor.post('/api/runs', { script_id: id, ...body });
      expect([queued.status, queued.body.code]).to.deep.equal([waited.status, waited.body.code]);
      expect(runnerRoutes.execute.problems).to.include(waited.body.code);
      expect(runnerRoutes.createRun.problems).to.include(queued.body.code);
      codes.add(queued.body.code);
    }
    expect(codes.size).to.equal(refused.length);
    const late = await ved.editor.post('/api/passes', { test_data: '\ud800' });
    expect(runnerRoutes.createPass.problems).to.include(late.body.code);
    expect(runnerRoutes.executeAll.problems).to.include((await ved.editor.post('/api/execute/all', { test_data: '\ud800' })).body.code);
  });

  it('names the engines, and in /api/health the one in use', async () => {
    const { body } = await ved.viewer.get('/api/engines');
    expect(body).to.include({ requested: 'plugin:node', active: 'node' });
    expect(body.engines.map((engine: { id: string }) => engine.id)).to.include.members(['docker', 'pyodide', 'node']);
    expect((await ved.server.agent().get('/api/health')).body.engines).to.include({ active: 'node' });
  });

  it('counts runs for Prometheus', async () => {
    const text = (await ved.server.agent().get('/metrics')).body;
    expect(text).to.match(/ved_run_duration_seconds_count\{engine="node",status="succeeded"\} [1-9]/);
    expect(text).to.include('ved_runs_queued 0');
  });
});

describe('a server whose engine is missing', () => {
  it('refuses runs with what to do, says so in /api/health, and serves the rest (Q11)', async () => {
    const ved = await startRunnerServer();
    try {
      const id = await addToProd(ved.editor, 'console.log(1)');
      ved.controls.missing = 'It was switched off.';
      ved.controls.dies = true;
      await ved.editor.post(`/api/execute/${id}`, {});
      let answer = await ved.editor.post(`/api/execute/${id}`, {});
      while (answer.status === 200) answer = await ved.editor.post(`/api/execute/${id}`, {});
      expect([answer.status, answer.body.code]).to.deep.equal([503, 'runner/no-engine']);
      expect(answer.body.detail).to.include('It was switched off.');
      expect(answer.headers.get('Retry-After')).to.match(/^\d+$/);
      expect((await ved.editor.post('/api/passes', {})).status).to.equal(503);
      const health = (await ved.server.agent().get('/api/health')).body;
      expect(health).to.deep.include({ status: 'degraded' });
      expect((await ved.viewer.get('/api/scripts')).status).to.equal(200);
    } finally {
      await ved.server.stop();
    }
  });
});

describe('a server that stops while somebody waits for a run', () => {
  exhaustive.it('says so, with when to retry (S9)', async () => {
    const ved = await startRunnerServer();
    const script = await addScript(ved.editor, FOREVER);
    const waiting = ved.editor.post(`/api/execute/${script}`, { source: 'draft' });
    const newest = async () => (await ved.viewer.get('/api/runs')).body[0]?.id;
    let run = await newest();
    while (run === undefined) run = await newest();
    await untilWritten(ved.viewer, run, 'up');
    const [answer] = await Promise.all([waiting, ved.server.stop()]);
    expect([answer.status, answer.body.code]).to.deep.equal([503, 'runner/stopped-waiting']);
    expect(answer.headers.get('Retry-After')).to.match(/^[1-9]\d*$/);
  });
});

describe('a runner that is disabled while a script runs', () => {
  it('ends the run with that reason, also once it is back (S8)', async () => {
    const ved = await startRunnerServer();
    try {
      const script = await addScript(ved.editor, FOREVER);
      const run = await startDraft(ved.editor, script);
      await untilWritten(ved.viewer, run, 'up');
      await ved.editor.post('/api/plugins/runner/disable');
      await ved.editor.post('/api/plugins/runner/enable');
      expect((await ved.viewer.get(`/api/runs/${run}`)).body).to.include({
        status: 'cancelled',
        reason: 'The plugin runner was disabled.',
      });
    } finally {
      await ved.server.stop();
    }
  });
});
