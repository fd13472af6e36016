/** Running scripts are visible and can be stopped everywhere; and every shortcut works from inside the editor. */

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { screenshot } from '../support/browser.ts';
import { editorFocused, scriptTab, textShown } from '../support/editor.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { catalogRow, journey, makeOnProd, makeScript } from '../support/journey.ts';

const root = join(import.meta.dirname, '../..');
const ENDLESS = (name: string) => `"""${name}"""\nimport time\nprint("up", flush=True)\nwhile True:\n    time.sleep(0.05)\n`;
const LONG = { VED_RUNNER: 'pyodide', VED_RUN_TIMEOUT_MS: '300000', VED_RUN_CONCURRENCY: '1' };

const running = (page: Page, name: string) => catalogRow(page, name).filter({ hasText: 'Running' });
/** A cancelled run may take a moment to end; until then the key applies to it. */
const runningAs = (page: Page, run: number) => page.locator(`.ved-CatalogRow[aria-label*="running, run ${run} of"]`);
const runButton = (page: Page, script: number) => scriptTab(page, script).locator('[data-ved-command="runner:run-or-stop"]');

async function typeInto(page: Page, script: number): Promise<void> {
  await textShown(page, script);
  await scriptTab(page, script).locator('.view-lines').click();
  await editorFocused(page, script);
}

describe('a running script', () => {
  const at = journey(LONG);
  let script: number;
  before(async () => {
    script = await makeOnProd(at.agents.ed1, ENDLESS('Endless'), 1);
    await makeOnProd(at.agents.ed1, `${ENDLESS('Behind')}    time.sleep(0.01)\n`, 1.01);
  });

  /** Starts it without the page; stops it if a test did not. */
  const start = async (): Promise<number> => (await at.agents.ed1.post('/api/runs', { script_id: script, source: 'draft' })).body.run_id;
  const statusOf = async (run: number): Promise<string> => (await at.agents.ed1.get(`/api/runs/${run}`)).body.status;
  afterEach(async () => {
    for (const status of ['running', 'queued'])
      for (const { id } of (await at.agents.ed1.get(`/api/runs?status=${status}`)).body) await at.agents.ed1.post(`/api/runs/${id}/cancel`);
  });

  it('is shown in the catalog, the toolbar and the status bar, and stops with the shortcut from the text', async () => {
    const { page, check } = await at.open('ed1', { path: `/editor/${script}` });
    await typeInto(page, script);
    await page.keyboard.press('Control+Enter');
    await running(page, 'Endless').waitFor();
    await runButton(page, script).getByText('Stop').waitFor();
    await page.locator('.ved-ActiveStatus').getByText('Endless: running').waitFor();
    await page.locator('.ved-Output').getByRole('log').getByText('up').waitFor();
    await screenshot(page, 'run-running');
    await scriptTab(page, script).locator('.view-lines').click();
    await page.keyboard.press('Control+.');
    await catalogRow(page, 'Endless').filter({ hasText: 'Cancelled' }).waitFor();
    await runButton(page, script).getByText('Run draft').waitFor();
    await page.locator('.ved-ActiveStatus').getByText('running').waitFor({ state: 'detached' });
    check();
  });

  exhaustive.it('is shown even when somebody else started it before the page was opened', async () => {
    const run = await start();
    const { page, check } = await at.open('mo1');
    await runningAs(page, run).waitFor();
    // A viewer cannot stop it.
    expect(await page.locator('[data-ved-badge]').count()).to.equal(0);
    await page.reload();
    await running(page, 'Endless').waitFor();
    check();
  });

  exhaustive.it('can be stopped from its row, from the toolbar, and with the shortcut from the catalog, without opening it', async () => {
    const { page, check } = await at.open('ed1');
    const first = await start();
    await runningAs(page, first).locator('[data-ved-badge]').click();
    await running(page, 'Endless').waitFor({ state: 'detached' });
    expect(await statusOf(first)).to.equal('cancelled');
    expect(await page.locator('[data-ved-editor]').count()).to.equal(0);
    const second = await start();
    await runningAs(page, second).waitFor();
    await page.locator('.ved-Catalog-list').focus();
    await page.keyboard.press('Home');
    // Shown once the page knows of a run that the shortcut would stop.
    await page.locator('body[data-ved-can-stop]').waitFor({ state: 'attached' });
    await page.keyboard.press('Control+.');
    await running(page, 'Endless').waitFor({ state: 'detached' });
    expect(await statusOf(second)).to.equal('cancelled');
    const third = await start();
    await runningAs(page, third).click();
    await runButton(page, script).getByText('Stop').click();
    await running(page, 'Endless').waitFor({ state: 'detached' });
    expect(await statusOf(third)).to.equal('cancelled');
    check();
  });

  it('in a pass names the pass; scripts that wait for it say so, and can still be run', async () => {
    const { page, check } = await at.open('ed1', { path: `/editor/${script}` });
    const { body: pass } = await at.agents.ed1.post('/api/passes', {});
    await running(page, 'Endless')
      .filter({ hasText: `in pass ${pass.pass_id}` })
      .waitFor();
    await catalogRow(page, 'Behind').filter({ hasText: 'Queued' }).waitFor();
    await runButton(page, script).getByText('Stop').waitFor();
    await catalogRow(page, 'Behind').click();
    await page.locator('[data-ved-editor]:visible [data-ved-command="runner:run-or-stop"]').getByText('Run draft').waitFor();
    check();
    await at.agents.ed1.post(`/api/passes/${pass.pass_id}/cancel`);
  });

  exhaustive.it('stops with a custom shortcut, also from the text', async () => {
    const { page, check } = await at.open('ed1', { path: `/editor/${script}` });
    await page.keyboard.press('Control+,');
    await page.getByRole('button', { name: /^Stop the Run: .*Change/ }).click();
    await page.keyboard.press('Control+Alt+k');
    await page.getByRole('button', { name: /^Stop the Run: Ctrl\+Alt\+K/i }).waitFor();
    const run = await start();
    await runningAs(page, run).click();
    await typeInto(page, script);
    await page.keyboard.press('Control+Alt+k');
    await running(page, 'Endless').waitFor({ state: 'detached' });
    expect(await statusOf(run)).to.equal('cancelled');
    check();
  });
});

interface Binding {
  readonly command: string;
  readonly keys: string;
  readonly selector: string;
}

/** Every shortcut that a plugin declares. */
async function allBindings(): Promise<Binding[]> {
  const found: Binding[] = [];
  const plugins = (await readdir(join(root, 'plugins'))).map((plugin) => `plugins/${plugin}`);
  const files = await Promise.all(
    ['core', ...plugins]
      .filter((part) => existsSync(join(root, part, 'browser')))
      .map(async (part) => (await readdir(join(root, part, 'browser'), { recursive: true })).map((file) => join(part, 'browser', file))),
  );
  for (const file of files.flat().filter((each) => /\.tsx?$/.test(each))) {
    const text = await readFile(join(root, file), 'utf8');
    for (const [, command, keys, selector] of text.matchAll(/\{ command: '([^']+)', keys: \['([^']+)'\], selector: '([^']+)' \}/g))
      found.push({ command: command!, keys: keys!, selector: selector! });
  }
  return found;
}

const asPressed = (keys: string) =>
  keys
    .split(' ')
    .map((key) => (key === 'Accel' ? 'Control' : key.length === 1 ? key.toLowerCase() : key))
    .join('+');

exhaustive.describe('the shortcuts of the workspace', () => {
  const at = journey(LONG);

  it('that apply in the editor run their commands, not the editor actions', async () => {
    const script = await makeScript(at.agents.ed1, ENDLESS('Keys'));
    const { page } = await at.open('ed1', { path: `/editor/${script}` });
    await typeInto(page, script);
    await at.agents.ed1.post('/api/runs', { script_id: script, source: 'draft' });
    await running(page, 'Keys').waitFor();
    await page.locator('body[data-ved-can-stop]').waitFor({ state: 'attached' });
    const input = await page.evaluateHandle(() => document.activeElement as HTMLElement);
    // The workspace listens on the document. Keys that reach the body are its own; stop them here, so that no command runs.
    await page.evaluate(() =>
      document.body.addEventListener('keydown', (event) => {
        if (event.key === 'Escape') return;
        document.body.dataset.seen = `${document.body.dataset.seen ?? ''} ${event.code}`;
        event.preventDefault();
        event.stopPropagation();
      }),
    );
    const bindings = await allBindings();
    expect(bindings.map(({ command }) => command)).to.include.members([
      'runner:stop',
      'editor:save',
      'catalog:go-to-script',
      'workspace:show-palette',
    ]);
    const swallowed: string[] = [];
    let tried = 0;
    for (const { command, keys, selector } of bindings) {
      if (!(await input.evaluate((element, wanted) => element.closest(wanted) !== null, selector))) continue;
      tried += 1;
      await page.evaluate(() => {
        document.body.dataset.seen = '';
      });
      expect(await input.evaluate((element) => element === document.activeElement), `the text has the focus before ${keys}`).to.equal(true);
      await page.keyboard.press(asPressed(keys));
      const seen = (await page.evaluate(() => document.body.dataset.seen)) ?? '';
      // The modifiers alone belong to nobody.
      if (!seen.split(' ').some((code) => code !== '' && !/^(Control|Shift|Alt)/.test(code))) swallowed.push(`${keys} (${command})`);
    }
    expect(swallowed).to.deep.equal([]);
    expect(tried).to.be.at.least(15);
  });

  it('leave Ctrl+. to the editor while nothing runs', async () => {
    const script = await makeScript(at.agents.ed1, '"""Calm"""\n');
    for (const { id } of (await at.agents.ed1.get('/api/runs?status=running')).body) await at.agents.ed1.post(`/api/runs/${id}/cancel`);
    const { page } = await at.open('ed1', { path: `/editor/${script}` });
    await typeInto(page, script);
    await page.evaluate(() => {
      document.activeElement!.addEventListener('keydown', (event) => {
        if ((event as KeyboardEvent).key === '.') document.body.dataset.seen = 'yes';
      });
    });
    await page.keyboard.press('Control+.');
    await page.locator('body[data-seen="yes"]').waitFor({ state: 'attached' });
  });
});
