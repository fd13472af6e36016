/** The code in the plugin guide works: its blocks, written to a data folder, run in a real server and a real page. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PluginState } from '@ved/core/contract';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import type { Agent } from '../support/agent.ts';
import { launchBrowser, newPage, openWorkspace, type WatchedPage } from '../support/browser.ts';
import { catalogRow, makeOnProd } from '../support/journey.ts';
import { ensurePageBuilt } from '../support/page.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { setTypeChecks } from '../support/type-checks.ts';

const root = join(import.meta.dirname, '../..');

/** The code blocks that have a file name, by that name. */
async function blocksOf(guide: string): Promise<Map<string, string>> {
  const text = await readFile(join(root, guide), 'utf8');
  return new Map([...text.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)].map(([, name, block]) => [name!, block!]));
}

describe('the guide to plugins', () => {
  let dataDir: string;
  let server: TestServer;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;
  let ed1: Agent;
  let script: number;

  before(async function () {
    this.timeout(300_000);
    dataDir = await mkdtemp(join(tmpdir(), 'ved-guide-'));
    for (const [name, text] of await blocksOf('docs/guides/write-a-plugin.md')) {
      const file = join(dataDir, 'plugins', name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    const built = await ensurePageBuilt();
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const env = { VED_RUNNER: 'plugin:echo', VED_POINTS_NAME: 'Ada' };
    [browser, server] = await Promise.all([launchBrowser(), startServer({ page: built, dataDir, version, env })]);
    ed1 = await server.signIn('ed1', '1editor');
    await setTypeChecks(ed1, false);
    script = await makeOnProd(ed1, '"""Orders"""\n', 1);
    watched = await newPage(browser);
    page = watched.page;
    await openWorkspace(page, ed1, `/editor/${script}`);
    await catalogRow(page, 'Orders').waitFor();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await rm(dataDir, { recursive: true });
  });

  const command = async (label: string) => {
    await page.keyboard.press('Control+Shift+C');
    await page.getByPlaceholder('Search commands').fill(label);
    await page.locator('.lm-CommandPalette-item').filter({ hasText: label }).first().click();
  };
  const menuItem = async (menu: string, item: string) => {
    await page.locator('.lm-MenuBar-item').filter({ hasText: menu }).click();
    await page.locator('.lm-Menu-item').filter({ hasText: item }).click();
  };

  it('has plugins that all start, except the deliberately broken one', async () => {
    const plugins = ((await ed1.get('/api/plugins')).body as PluginState[]).filter(({ source }) => source === 'folder');
    expect(Object.fromEntries(plugins.map(({ id, error }) => [id, error]))).to.deep.equal({
      broken: 'server.js, line 3: no wind',
      greet: null,
      hi: null,
      points: null,
    });
    await page.locator('.Toastify').getByText('The part "broken" could not start: server.js, line 3: no wind').waitFor();
  });

  it('shows something with its first plugin', async () => {
    await page.locator('#jp-main-statusbar').getByText('Hi there').waitFor();
  });

  it('has a plugin with both halves: a panel, routes that validate, a table', async () => {
    await command('Show Greetings');
    await page.locator('#greet').getByText('Said so far: Hello').waitFor();
    expect((await ed1.get('/api/greet/greetings')).body).to.deep.equal(['Hello']);
    expect((await ed1.post('/api/greet/greetings', { text: '' })).status).to.equal(400);
    const mo1 = await server.signIn('mo1', '2viewer');
    expect((await mo1.post('/api/greet/greetings', { text: 'Hello' })).status).to.equal(403);
  });

  it('reads settings of the server, publishes events, and reports health and metrics', async () => {
    expect((await ed1.get('/api/points/name')).body).to.equal('Ada');
    await page.locator('.points-Said').getByText('Nothing said').waitFor();
    await ed1.post('/api/points/say', { text: 'Good evening' });
    await page.locator('.points-Said').getByText('Said: Good evening').waitFor();
    expect((await ed1.get('/api/health')).body.points).to.deep.equal({ last: 'Good evening' });
    expect((await ed1.get('/metrics')).body).to.match(/^points_said_total 1$/m);
  });

  it('adds to the catalog: a badge, an action on a script, a button', async () => {
    await page.getByRole('toolbar', { name: 'Catalog' }).getByRole('button', { name: 'Count the Scripts' }).click();
    await page.getByText('There are 1 scripts').waitFor();
    await catalogRow(page, 'Orders').click({ button: 'right' });
    await page.locator('.lm-Menu-item').filter({ hasText: 'Mark' }).first().click();
    await catalogRow(page, 'Orders').getByText('marked').waitFor();
  });

  it('runs scripts on its engine, and adds an action on a run and a view of its file', async () => {
    const { body: run } = await ed1.post(`/api/execute/${script}`, { source: 'prod' });
    expect(run).to.include({ status: 'succeeded', engine: 'echo', interpreter: 'echo-1.0', stdout: '"""Orders"""\n' });
    expect((await ed1.get('/api/catalog/template')).body.content).to.contain('Echo 1.0');
    await catalogRow(page, 'Orders').click();
    await command('Show Output');
    await page.getByRole('button', { name: 'Praise' }).click();
    await page.getByText(`Run ${run.id} went well`).waitFor();
    await page.getByRole('tab', { name: /^Files/ }).click();
    await page.getByRole('button', { name: 'Shout' }).click();
    await page.locator('.ved-Files-added').getByText('"""ORDERS"""', { exact: true }).waitFor();
  });

  it('adds to menus and to the toolbar of an editor', async () => {
    const editor = page.locator('.lm-DockPanel-widget:not(.lm-mod-hidden) .monaco-editor').first();
    await page.locator('.lm-TabBar-tab').filter({ hasText: 'Orders' }).first().click();
    await menuItem('Edit', 'Sign the Script');
    await editor.getByText('# signed').first().waitFor();
    await page.getByRole('button', { name: 'Sign', exact: true }).waitFor();
  });

  it('stores settings per person, and styles its own part', async () => {
    const said = page.locator('.points-Said');
    const weight = () => said.evaluate((node) => getComputedStyle(node).fontWeight);
    expect(await weight()).to.not.equal('900');
    await menuItem('Settings', 'Settings');
    await page.getByLabel('Loud').check();
    await page.locator('body.points-mod-loud').waitFor({ state: 'attached' });
    expect(await weight()).to.equal('900');
    watched.check();
  });
});
