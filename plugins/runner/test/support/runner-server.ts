/** The whole server with the Node engine, and common steps of tests of runs. */
import type { Agent } from '../../../../test/support/agent.ts';
import { startServer, type TestServer } from '../../../../test/support/server.ts';
import { type NodeEngineControls, nodeEnginePlugin } from './node-engine.ts';

export interface RunnerServer {
  readonly server: TestServer;
  readonly editor: Agent;
  readonly viewer: Agent;
  readonly controls: NodeEngineControls;
}

export async function startRunnerServer(env: Readonly<Record<string, string>> = {}, dataDir?: string): Promise<RunnerServer> {
  const controls: NodeEngineControls = { missing: null, dies: false, probes: 0 };
  const server = await startServer({
    morePlugins: [nodeEnginePlugin(controls)],
    env: { VED_RUNNER: 'plugin:node', VED_RUN_CONCURRENCY: '4', ...env },
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  const [editor, viewer] = [await server.signIn('ed1', '1editor'), await server.signIn('mo1', '2viewer')];
  return { server, editor, viewer, controls };
}

/** Creates a script; returns its id. */
export async function addScript(
  editor: Agent,
  content: string,
  more: { ordering_number?: number; test_data?: string } = {},
): Promise<number> {
  const { status, body } = await editor.post('/api/scripts', { content, ...more });
  if (status !== 201) throw new Error(`the script was refused: ${JSON.stringify(body)}`);
  return body.id;
}

/** Creates a script and merges it to prod. */
export async function addToProd(
  editor: Agent,
  content: string,
  more: { ordering_number?: number; test_data?: string } = {},
): Promise<number> {
  const id = await addScript(editor, content, more);
  const { status, body } = await editor.post(`/api/scripts/${id}/merge`, { allow_duplicate: true });
  if (status !== 200) throw new Error(`the merge was refused: ${JSON.stringify(body)}`);
  return id;
}

/** Starts a run of a draft; returns its id. */
export async function startDraft(editor: Agent, scriptId: number, content?: string): Promise<number> {
  const { status, body } = await editor.post('/api/runs', { script_id: scriptId, source: 'draft', content });
  if (status !== 202) throw new Error(`the run was refused: ${JSON.stringify(body)}`);
  return body.run_id;
}

/** Resolves when a run has written a text. */
export async function untilWritten(agent: Agent, runId: number, text: string): Promise<void> {
  for await (const { event, data } of agent.events(`/api/runs/${runId}/events`)) {
    if (event === 'output' && data.text.includes(text)) return;
  }
  throw new Error(`run ${runId} ended without writing ${text}`);
}

/** Resolves with the run when it has ended. */
export async function untilDone(agent: Agent, runId: number): Promise<void> {
  for await (const { event } of agent.events(`/api/runs/${runId}/events`)) if (event === 'done') return;
}
