import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { Agent } from '../../../test/support/agent.ts';
import { exhaustive } from '../../../test/support/exhaustive.ts';
import { addScript, addToProd, startDraft, startRunnerServer, untilDone, untilWritten } from './support/runner-server.ts';

const CHILD = join(import.meta.dirname, 'support', 'server-child.ts');
const FOREVER = "console.log('up', process.pid); setInterval(() => {}, 1000)";

async function startChild(dataDir: string): Promise<{ child: ChildProcess; editor: Agent }> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = await once(createInterface({ input: child.stdout! }), 'line');
  const editor = new Agent(url);
  await editor.post('/api/auth/login', { username: 'ed1', password: '1editor' });
  return { child, editor };
}

/** Polls, since there is no event for the end of a process that is not a child. */
async function untilGone(pid: number): Promise<void> {
  const isThere = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (isThere()) await pause(20);
}

exhaustive.describe('a server that is killed during runs', () => {
  it('restarts with no run stuck or run twice, and no process left (S4, S5, S6)', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'ved-crash-'));
    const processes: number[] = [];
    try {
      for (let round = 0; round < 3; round += 1) {
        const { child, editor } = await startChild(dataDir);
        if (round === 0) for (const ordering_number of [1, 2]) await addToProd(editor, FOREVER, { ordering_number });
        const script = await addScript(editor, FOREVER);
        const single = await startDraft(editor, script);
        await untilWritten(editor, single, 'up');
        const pass = (await editor.post('/api/passes', {})).body.pass_id;
        const passRun = (await editor.get(`/api/passes/${pass}`)).body.groups[0].runs[0].id;
        await untilWritten(editor, passRun, 'up');
        const waiting = await startDraft(editor, script, "console.log('waited')");
        for (const run of [single, passRun]) {
          processes.push(Number((await editor.get(`/api/runs/${run}`)).body.stdout.split(' ')[1]));
        }
        child.kill('SIGKILL');
        await once(child, 'exit');

        const after = await startRunnerServer({}, dataDir);
        try {
          const state = async (path: string) => (await after.viewer.get(path)).body;
          expect(await state(`/api/runs/${single}`)).to.include({
            status: 'engine_error',
            reason: 'The server stopped while it was running.',
          });
          const ended = await state(`/api/passes/${pass}`);
          expect(ended).to.include({ status: 'engine_error', reason: 'The server stopped while it was running.' });
          expect(ended.groups.map((group: { runs: { status: string }[] }) => group.runs[0]?.status)).to.deep.equal([
            'engine_error',
            'cancelled',
          ]);
          const row = (await state('/api/scripts')).find((each: { id: number }) => each.id === ended.groups[0].runs[0].script_id);
          expect(row.last_run_status).to.equal('engine_error');
          await untilDone(after.viewer, waiting);
          expect(await state(`/api/runs/${waiting}`)).to.include({ status: 'succeeded', stdout: 'waited\n' });
          expect((await state('/api/runs')).filter((run: { status: string }) => ['queued', 'running'].includes(run.status))).to.deep.equal(
            [],
          );
        } finally {
          await after.server.stop();
        }
      }
      for (const pid of processes) await untilGone(pid);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
