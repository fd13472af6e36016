/** The set-up of every journey: one browser, one server with the built page, and its two users, without type checks. */
import type { Locator, Page } from 'playwright-core';
import { addEditorTo } from './accounts.ts';
import type { Agent } from './agent.ts';
import { openWorkspace, type PageOptions } from './browser.ts';
import { ensurePageBuilt } from './page.ts';
import { pages } from './page-pool.ts';
import { startServer, type TestServer, type TestServerOptions } from './server.ts';
import { setTypeChecks } from './type-checks.ts';

export interface Journey {
  readonly server: TestServer;
  readonly agents: { readonly ed1: Agent; readonly mo1: Agent };
  /** A page with a person's workspace, at a path, with the layout of the first sign-in. */
  open(who: 'ed1' | 'mo1' | Agent, options?: PageOptions & { readonly path?: string }): Promise<{ page: Page; check(): void }>;
}

/** Registers the hooks of a `describe`; the journey's members are available once they ran. */
export function journey(env: Readonly<Record<string, string>> = { VED_RUNNER: 'pyodide' }): Journey {
  let server: TestServer;
  let agents: Journey['agents'];

  before(async function () {
    this.timeout(300_000);
    server = await startPageServer({ env });
    agents = { ed1: await server.signIn('ed1', '1editor'), mo1: await server.signIn('mo1', '2viewer') };
    for (const agent of Object.values(agents)) await setTypeChecks(agent, false);
  });
  after(() => server?.stop());
  afterEach(() => pages.takeBack());

  return {
    get server() {
      return server;
    },
    get agents() {
      return agents;
    },
    open: async (who, { path = '/', ...options } = {}) => {
      const watched = await pages.take(options);
      const agent = typeof who === 'string' ? agents[who] : who;
      await forgetLayout(agent);
      await openWorkspace(watched.page, agent, path);
      return { page: watched.page, check: watched.check };
    },
  };
}

let port = '0';

/** A server with the built page, at the previous server's address, for which the browser has cached the compiled page. */
export async function startPageServer({ env, ...options }: Omit<TestServerOptions, 'page'> = {}): Promise<TestServer> {
  const page = await ensurePageBuilt();
  const at = (wanted: string) => startServer({ ...options, page, env: { VED_RUNNER: 'pyodide', PORT: wanted, ...env } });
  // Another process may use the port by now.
  const server = await at(port).catch((error) => {
    if (port === '0' || !String(error).includes('cannot listen')) throw error;
    return at('0');
  });
  port = String(server.port);
  return server;
}

/** Removes what the workspace stores for a person, so that no test depends on the previous one. */
export async function forgetLayout(agent: Agent): Promise<void> {
  const { body } = await agent.get('/api/workspace/state');
  const values = Object.fromEntries(Object.keys(body).map((key) => [key, null]));
  await agent.put('/api/workspace/state', { values });
}

/** Adds an editor with this name, without type checks, and signs them in. */
export async function addEditor(server: TestServer, username: string): Promise<Agent> {
  const password = `${username}-is-an-editor`;
  await addEditorTo(server.dataDir, username, password);
  const agent = await server.signIn(username, password);
  await setTypeChecks(agent, false);
  return agent;
}

/** Creates a script through the API; returns its id. */
export async function makeScript(agent: Agent, content: string, orderingNumber?: number): Promise<number> {
  const { status, body } = await agent.post('/api/scripts', { content, ordering_number: orderingNumber });
  if (status !== 201) throw new Error(`the script was refused: ${JSON.stringify(body)}`);
  return body.id;
}

/** Creates a script and merges it to prod; returns its id. */
export async function makeOnProd(agent: Agent, content: string, orderingNumber?: number): Promise<number> {
  const id = await makeScript(agent, content, orderingNumber);
  const { status, body } = await agent.post(`/api/scripts/${id}/merge`, {});
  if (status !== 200) throw new Error(`the merge was refused: ${JSON.stringify(body)}`);
  return id;
}

/** The row of a script in the catalog. */
export function catalogRow(page: Page, name: string) {
  return page.locator('.ved-CatalogRow').filter({ hasText: name });
}

/** Presses Escape once a dialog has the focus, a moment after it is visible. */
export async function escapeFrom(dialog: Locator): Promise<void> {
  await dialog.locator(':focus').press('Escape');
}
