/** The set-up of editor journeys: one browser, one server, two editors and a viewer. */

import { expect } from 'chai';
import { addEditorTo } from './accounts.ts';
import type { Agent } from './agent.ts';
import { openWorkspace, type PageOptions } from './browser.ts';
import { textShown } from './editor.ts';
import { startPageServer } from './journey.ts';
import { pages } from './page-pool.ts';
import type { TestServer } from './server.ts';
import { setTypeChecks } from './type-checks.ts';

const env = { VED_RUNNER: 'pyodide' };

/** A correct script with a function and two imports that reads its test data. */
export const text = `"""Load orders

Reads them from a file.
"""
import os
import sys


def total(values: list[int]) -> int:
    """Adds them up."""
    return sum(values)


print(total([1, 2]), os.getcwd(), sys.argv[1])
`;

/** Registers the hooks of a `describe`; `server` and `people` are available once they ran. Editors check types only with `checkTypes`. */
export function editing({ checkTypes = false } = {}) {
  let server: TestServer;
  let editor: Agent;
  let viewer: Agent;
  let eve: Agent;

  before(async function () {
    this.timeout(240_000);
    server = await startPageServer({ env });
    await addEditorTo(server.dataDir, 'eve', 'eve-is-an-editor');
    [editor, viewer, eve] = await Promise.all([
      server.signIn('ed1', '1editor'),
      server.signIn('mo1', '2viewer'),
      server.signIn('eve', 'eve-is-an-editor'),
    ]);
  });
  after(() => server?.stop());
  beforeEach(async () => {
    // Every test starts with nothing open and with the same settings.
    for (const agent of [editor, viewer, eve]) {
      await setTypeChecks(agent, checkTypes);
      const { body } = await agent.get('/api/workspace/state');
      await agent.put('/api/workspace/state', { values: Object.fromEntries(Object.keys(body).map((key) => [key, null])) });
    }
  });
  afterEach(() => pages.takeBack());

  const createScript = async (content = text, testData = ''): Promise<number> => {
    const { status, body } = await editor.post('/api/scripts', { content, test_data: testData });
    expect(status).to.equal(201);
    return body.id;
  };
  const openPage = async (agent: Agent, path: string, options: PageOptions = {}) => {
    const watched = await pages.take(options);
    await openWorkspace(watched.page, agent, path);
    return watched;
  };
  const openScript = async (scriptId: number, options: PageOptions = {}, agent = editor) => {
    const watched = await openPage(agent, `/editor/${scriptId}`, options);
    await textShown(watched.page, scriptId);
    return watched;
  };
  const saved = async (scriptId: number) => (await editor.get(`/api/scripts/${scriptId}`)).body;

  return {
    get server() {
      return server;
    },
    get people() {
      return { editor, viewer, eve };
    },
    createScript,
    openPage,
    openScript,
    saved,
  };
}
