/** A real server with the catalog and the repository; two editors and a viewer are signed in. */
import type { ServerPlugin } from '@ved/core/server';
import { gitPlugin } from '@ved/git/server';
import { addEditorTo } from '../../../../test/support/accounts.ts';
import type { Agent, AgentResponse } from '../../../../test/support/agent.ts';
import { startServer, type TestServer } from '../../../../test/support/server.ts';
import { catalogPlugin } from '../../server/index.ts';

export interface CatalogServer {
  readonly server: TestServer;
  /** The editor `ed1`. */
  readonly ed: Agent;
  /** A second editor, `eve`. */
  readonly eve: Agent;
  /** The viewer `mo1`. */
  readonly viewer: Agent;
  stop(): Promise<void>;
}

const EVES_PASSWORD = 'eve-is-an-editor';

export async function startCatalog(options: { dataDir?: string; plugins?: readonly ServerPlugin[] } = {}): Promise<CatalogServer> {
  const server = await startServer({ plugins: [gitPlugin, catalogPlugin, ...(options.plugins ?? [])], dataDir: options.dataDir });
  await addEditorTo(server.dataDir, 'eve', EVES_PASSWORD);
  return {
    server,
    ed: await server.signIn('ed1', '1editor'),
    eve: await server.signIn('eve', EVES_PASSWORD),
    viewer: await server.signIn('mo1', '2viewer'),
    stop: () => server.stop(),
  };
}

/** The body of a response; throws when its status differs. */
export async function ok(answer: Promise<AgentResponse>, status = 200): Promise<AgentResponse['body']> {
  const { status: got, body } = await answer;
  if (got !== status) throw new Error(`expected ${status}, got ${got}: ${JSON.stringify(body)}`);
  return body;
}

/** Creates a script. */
export function create(agent: Agent, body: object = {}): Promise<AgentResponse['body']> {
  return ok(agent.post('/api/scripts', body), 201);
}

/** Saves a text on top of the newest version. */
export function save(agent: Agent, id: number, content: string, more: object = {}): Promise<AgentResponse['body']> {
  return ok(agent.put(`/api/scripts/${id}`, { content, ...more }));
}

/** Merges to prod. */
export function merge(agent: Agent, id: number, body: object = {}): Promise<AgentResponse['body']> {
  return ok(agent.post(`/api/scripts/${id}/merge`, body));
}

/** `1.2` of a ScriptDetail. */
export function labelOf(detail: { version: { major: number; minor: number } }): string {
  return `${detail.version.major}.${detail.version.minor}`;
}

/** Deletes every live script, so that the next test starts with an empty catalog. */
export async function empty({ ed }: CatalogServer): Promise<void> {
  for (const { id } of await ok(ed.get('/api/scripts'))) await ok(ed.delete(`/api/scripts/${id}`));
}
