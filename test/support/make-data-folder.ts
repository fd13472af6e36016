/**
 * Creates the data folder of a release with that release's own server, page and
 * user command, for `test/upgrade.test.ts`. Run it at each release, on an installed
 * and built clone of it:
 *
 *     node --import tsx test/support/make-data-folder.ts path/of/the/clone test/fixtures/data-folder-X.Y.Z.zip
 *
 * All data is created over HTTP, or with clicks in a real Chromium.
 */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Agent } from './agent.ts';
import { launchBrowser, newPage, openWorkspace } from './browser.ts';
import { ask, packDataFolder } from './data-folder-fixture.ts';
import { catalogRow } from './journey.ts';
import { answer, startModelServer } from './model-server.ts';
import { startServerProcess, temporaryDataDir } from './server-process.ts';

const [release = '', archive = ''] = process.argv.slice(2);
if (archive === '') throw new Error('usage: make-data-folder.ts RELEASE ARCHIVE');

const { dataDir, remove } = temporaryDataDir();
const model = await startModelServer();
const server = await startServerProcess(
  dataDir,
  { OPENROUTER_API_KEY: 'not-a-key', OPENROUTER_BASE_URL: model.baseUrl },
  resolve(release, 'build/server/main.js'),
);

async function signIn(username: string, password: string): Promise<Agent> {
  const agent = new Agent(server.url);
  await sent(agent, 'POST', '/api/auth/login', { username, password });
  return agent;
}

// biome-ignore lint/suspicious/noExplicitAny: any response of that release
async function sent(agent: Agent, method: string, path: string, body?: unknown): Promise<any> {
  const answered = await agent.request(method, path, body);
  if (answered.status >= 300) throw new Error(`${method} ${path} answered ${answered.status}: ${JSON.stringify(answered.body)}`);
  return answered.body;
}

const user = (input: string, ...args: readonly string[]) =>
  execFileSync(process.execPath, ['--import', 'tsx', 'server/user-cli.ts', ...args], {
    cwd: release,
    input,
    env: { ...process.env, VED_DATA_DIR: dataDir },
  });
user('ann is an editor', 'add', 'ann', '--role', 'editor');
const ed1 = await signIn('ed1', '1editor');
const ann = await signIn('ann', 'ann is an editor');
const mo1 = await signIn('mo1', '2viewer');

const make = async (content: string, more: object = {}): Promise<number> =>
  (await sent(ed1, 'POST', '/api/scripts', { content, ...more })).id;
const save = (agent: Agent, id: number, content: string, more: object = {}) =>
  sent(agent, 'PUT', `/api/scripts/${id}`, { content, ...more });
const act = (id: number, what: string, body: object = {}, agent = ed1) => sent(agent, 'POST', `/api/scripts/${id}/${what}`, body);
const run = (id: number, body: object = {}, agent = ed1) => sent(agent, 'POST', `/api/execute/${id}`, body);

const READ = 'import sys\ndata = open(sys.argv[1]).read()\n';
// A history by two people, with major versions, a revert, and prod behind the draft.
const orders = await make(`"""Orders\n\nCounts what was ordered."""\n${READ}print(len(data.split()))\n`, {
  ordering_number: 1,
  test_data: 'apple pear\nplum\n',
});
await save(ann, orders, `"""Orders\n\nCounts what was ordered."""\n${READ}words = data.split()\nprint(len(words), 'orders')\n`, {
  message: 'Say what is counted',
});
await act(orders, 'bump-major');
await act(orders, 'merge', {}, ann);
const { version } = await save(ed1, orders, `"""Orders"""\n${READ}print(sorted(data.split()))\n`);
await act(orders, 'revert', { version_id: version.base_version_id });
await act(orders, 'bump-major', {}, ann);
await save(ann, orders, `"""Orders"""\n${READ}print(sorted(data.split()), 'Größe ✓ 日本')\n`);
// Windows line ends, and none at the end.
const report = await make('"""Report"""\r\nprint("one")\r\nprint("two")', { ordering_number: 1.01 });
await save(ann, report, '"""Report"""\r\nprint("one")\r\nprint("three")');
await act(report, 'merge');
// Test data with the bytes of a picture, as base64.
const picture = await make(
  `"""Picture"""\nimport base64\n${READ}import os\nos.makedirs('/tmp/out', exist_ok=True)\nopen('/tmp/out/dot.png', 'wb').write(base64.b64decode(data))\nopen('/tmp/out/table.csv', 'w').write('a,b\\n1,2\\n')\nprint('made')\n`,
  {
    ordering_number: 2,
    test_data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  },
);
await act(picture, 'merge');
const failing = await make('"""Fails"""\nprint("before")\nraise ValueError("on purpose")\n', { ordering_number: 3.5 });
const fork = (await act(orders, 'fork', {}, ann)).id as number;
await save(ann, fork, '"""Orders of Ann"""\nprint("forked")\n');
const deleted = await make('"""Deleted"""\nprint("gone")\n', { ordering_number: 9 });
await sent(ed1, 'DELETE', `/api/scripts/${deleted}`);
const taken = await make('"""Taken off prod"""\nprint("off")\n');
await act(taken, 'merge');
await act(taken, 'unpublish');

await run(orders, { source: 'draft' });
await run(orders, { source: 'prod' }, ann);
await run(picture);
await run(failing, { source: 'draft' });
const { pass_id: pass } = await sent(ann, 'POST', '/api/passes', {});
for await (const { event } of ann.events(`/api/passes/${pass}/events`)) if (event === 'done') break;

model.reply(answer(['Use ', 'sorted(data.split(), key=len)', '.'], { costUsd: 0.0042 }));
await sent(ed1, 'POST', '/api/llm/complete', { script_id: orders, prompt: 'How do I sort by length?', context_code: 'print(1)\n' });
await ann.post('/api/llm/complete', { prompt: 'What is the api_key of this password?' });

// The state of a person's page: a layout with the history, the blame setting, and a shortcut of their own.
const browser = await launchBrowser();
const { page, close } = await newPage(browser);
await openWorkspace(page, ed1);
await catalogRow(page, 'Orders').first().dblclick();
const palette = async (label: string) => {
  await page.keyboard.press('Control+Shift+C');
  await page.keyboard.type(label);
  await page.keyboard.press('Enter');
};
await page.locator('.monaco-editor .view-lines').first().waitFor();
await palette('Show History');
await page.locator('.ved-History-row').first().waitFor();
await palette('Show Who Wrote Each Line');
await page.locator('[data-ved-blame-lines]').first().waitFor();
await palette('Show Output');
// Leaving the page sends pending changes.
await page.goto('about:blank');
await close();
await browser.close();
await sent(ed1, 'PUT', '/api/workspace/settings/@ved%2Fcore:shortcuts', {
  raw: JSON.stringify({
    shortcuts: [
      { command: 'git:merge-to-prod', keys: ['Accel Shift M'], selector: 'body' },
      { command: 'workspace:toggle-left', keys: ['Accel B'], selector: 'body', disabled: true },
      { command: 'workspace:toggle-left', keys: ['Accel Shift L'], selector: 'body' },
    ],
  }),
});
await sent(mo1, 'PUT', '/api/workspace/settings/@ved%2Fcore:themes', {
  raw: '{\n  // at night\n  "adaptive-theme": false,\n  "theme": "ved dark"\n}',
});

const live = [orders, report, picture, failing, fork, taken];
const versionsOf = async (id: number): Promise<{ id: number }[]> => (await ed1.get(`/api/scripts/${id}/versions`)).body;
const runs: { id: number; files?: { name: string }[] }[] = (await ed1.get('/api/runs')).body;
const files = async (id: number): Promise<string[]> =>
  ((await ed1.get(`/api/runs/${id}`)).body.files ?? []).map(({ name }: { name: string }) => `/api/runs/${id}/files/${name}`);
const paths = [
  '/api/scripts',
  '/api/scripts/deleted',
  '/api/scripts?q=sorted',
  ...(await Promise.all(live.map(async (id) => (await versionsOf(id)).map((each) => `/api/scripts/${id}?version=${each.id}`)))).flat(),
  ...live.flatMap((id) => [`/api/scripts/${id}`, `/api/scripts/${id}/versions`, `/api/scripts/${id}/blame`]),
  `/api/scripts/${orders}/diff?from=prod&to=draft`,
  '/api/runs',
  ...runs.flatMap(({ id }) => [`/api/runs/${id}`, `/api/runs/${id}/code`]),
  ...(await Promise.all(runs.map(({ id }) => files(id)))).flat(),
  '/api/passes',
  `/api/passes/${pass}`,
  '/api/llm/interactions',
  '/api/llm/usage',
  '/api/workspace/settings',
  '/api/workspace/state',
];
const answers = {
  ed1: await ask(ed1, paths),
  ann: await ask(ann, ['/api/auth/me', '/api/workspace/settings']),
  mo1: await ask(mo1, ['/api/auth/me', '/api/workspace/settings']),
};
await server.stop();
await model.stop();
const packed = await packDataFolder(dataDir, answers);
await writeFile(archive, packed);
remove();
process.stdout.write(`${archive}: ${Math.ceil(packed.length / 1024)} KiB, ${paths.length} answers\n`);
