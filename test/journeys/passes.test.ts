/** Passes of the queue in a real browser: found by people who did not start them, started with options, watched while they run. */

import { expect } from 'chai';
import type { Locator, Page } from 'playwright-core';
import { until } from '../../plugins/runner/test/engines/support/until.ts';
import { seriousViolations } from '../support/accessibility.ts';
import type { Agent } from '../support/agent.ts';
import { screenshot, viewports } from '../support/browser.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { addEditor, catalogRow, journey, makeOnProd, makeScript } from '../support/journey.ts';

const FOREVER = 'import time\n\nwhile True:\n    time.sleep(0.05)\n';

const passPanel = (page: Page, passId: number) => page.locator(`#ved-pass-${passId}`);
const passRow = (page: Page, passId: number) => page.locator(`[data-ved-pass-id="${passId}"]`);
const state = (where: Locator, status: string) => where.locator(`[data-ved-pass-status="${status}"]`);

async function fromRunMenu(page: Page, command: string): Promise<void> {
  await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
  await page.getByRole('menuitem', { name: command }).click();
}

/** Starts the queue with the catalog's button; the id of the pass. */
async function runQueue(page: Page): Promise<number> {
  const started = page.waitForResponse((response) => response.url().endsWith('/api/passes') && response.status() === 202);
  await page.locator('#ved-catalog .ved-PanelHead').getByRole('button', { name: /Run/ }).click();
  return (await (await started).json()).pass_id;
}

/** How much of the axis a bar fills, in percent. */
function filled(bar: Locator): Promise<number> {
  return bar.evaluate((node) => Number(/([\d.]+)%/.exec((node as HTMLElement).style.width)![1]));
}

describe('passes of an empty queue', () => {
  const at = journey();

  exhaustive.it('are listed as they start, with older ones on further pages', async () => {
    const { page, check } = await at.open('mo1');
    await fromRunMenu(page, 'Show Passes');
    await page.getByText('The queue has not run yet.').waitFor();
    for (let count = 0; count < 101; count += 1) await at.agents.ed1.post('/api/passes', {});
    await state(passRow(page, 101), 'succeeded').waitFor();
    await page.reload();
    await page.locator('body[data-workspace="ready"]').waitFor({ state: 'attached' });
    await fromRunMenu(page, 'Show Passes');
    await passRow(page, 2).waitFor();
    expect(await page.locator('[data-ved-pass-id]').count()).to.equal(100);
    await page.getByRole('button', { name: 'Older passes' }).click();
    await passRow(page, 1).waitFor();
    await page.getByRole('button', { name: 'Older passes' }).waitFor({ state: 'detached' });
    check();
  });
});

describe('a pass of the queue', () => {
  // The limit is long enough for a long run.
  const at = journey({ VED_RUNNER: 'pyodide', VED_RUN_TIMEOUT_MS: '300000' });
  let ed2: Agent;

  before(async () => {
    const { ed1 } = at.agents;
    ed2 = await addEditor(at.server, 'ed2');
    await makeOnProd(ed1, '"""Break"""\nraise SystemExit("out of paper")\n', 1);
    await makeOnProd(ed1, `"""Long"""\n${FOREVER}`, 2.01);
    await makeOnProd(ed1, '"""Brief"""\nprint("done")\n', 2.02);
    await makeOnProd(ed1, '"""Later"""\nprint("late")\n', 3);
  });
  afterEach(async () => {
    const passes: { id: number; finished_at: string | null }[] = (await ed2.get('/api/passes')).body;
    for (const { id, finished_at } of passes) if (finished_at === null) await ed2.post(`/api/passes/${id}/cancel`);
  });

  exhaustive.it('is visible to another editor who waits for it, and to a viewer in the runs', async () => {
    const first = await at.open('ed1');
    const one = await runQueue(first.page);
    await state(passPanel(first.page, one), 'running').waitFor();

    const second = await at.open(ed2);
    const two = await runQueue(second.page);
    await passPanel(second.page, two).getByText(`Waiting for pass ${one}, started by ed1.`).waitFor();
    await screenshot(second.page, 'pass-waits');
    await passPanel(second.page, two)
      .getByRole('button', { name: `pass ${one}`, exact: true })
      .click();
    await state(passPanel(second.page, one), 'running').waitFor();

    const { page, check } = await at.open('mo1', { viewport: viewports.laptop });
    await page.getByRole('tab', { name: 'Runs' }).click();
    await page.getByRole('tab', { name: 'Passes' }).click();
    await passRow(page, two)
      .filter({ hasText: `Waiting for pass ${one}, started by ed1.` })
      .waitFor();
    await state(passRow(page, one), 'running').waitFor();
    await passRow(page, one).filter({ hasText: 'started by ed1' }).filter({ hasText: '1 failed' }).click();
    await state(passPanel(page, one), 'running').waitFor();
    expect(await passPanel(page, one).getByRole('button', { name: 'Stop' }).count()).to.equal(0);
    await screenshot(page, 'passes');
    expect(await seriousViolations(page)).to.deep.equal([]);

    // Ending it elsewhere shows here.
    await passPanel(second.page, one).getByRole('button', { name: 'Stop' }).click();
    await state(passRow(page, one), 'cancelled').waitFor();
    await state(passRow(page, two), 'running').waitFor();
    for (const each of [first, second, { check }]) each.check();
  });

  exhaustive.it('is one click away from each of its runs, in the list and in its output', async () => {
    const passId: number = (await ed2.post('/api/passes', {})).body.pass_id;
    const { page, check } = await at.open('mo1', { colorScheme: 'dark' });
    await page.getByRole('tab', { name: 'Runs' }).click();
    const item = page.locator('.ved-Runs-item').filter({ hasText: `pass ${passId}` });
    await item.filter({ hasText: 'Brief' }).filter({ hasText: 'Success' }).waitFor();
    await item.filter({ hasText: 'Later' }).locator('.ved-Runs-row').click();
    const output = page.locator('.ved-Output:visible');
    await output.getByText('Waiting for its turn in').getByRole('button').waitFor();
    await screenshot(page, 'runs-of-pass-dark');
    expect(await seriousViolations(page)).to.deep.equal([]);
    await output
      .locator('.ved-RunHeader')
      .getByRole('button', { name: `pass ${passId}` })
      .press('Enter');
    await state(passPanel(page, passId), 'running').waitFor();
    await item
      .filter({ hasText: 'Brief' })
      .getByRole('button', { name: `pass ${passId}`, exact: true })
      .click();
    await passPanel(page, passId).waitFor();
    check();
  });

  exhaustive.it('and the output of a run can be reopened after their tabs were closed', async () => {
    await ed2.post('/api/passes', {});
    const { page, check } = await at.open('mo1');
    const close = (tab: string) => page.locator('.lm-TabBar-tab').filter({ hasText: tab }).locator('.lm-TabBar-tabCloseIcon').click();
    const panel = page.locator('.ved-Pass');
    const output = page.getByRole('tab', { name: 'Output: 1.00 Break' });
    await fromRunMenu(page, 'Open Last Pass');
    await panel.locator('.ved-Gantt-row').first().click();
    await output.waitFor();
    await close('Output');
    await output.waitFor({ state: 'detached' });
    await close('Pass');
    await panel.waitFor({ state: 'detached' });
    await fromRunMenu(page, 'Open Last Pass');
    await panel.locator('.ved-Gantt-row').first().click();
    await output.waitFor();
    check();
  });

  it('shows its groups as lanes with growing bars, failures first, and cancelled runs as cancelled', async () => {
    const { page, check } = await at.open('ed1');
    await catalogRow(page, 'Break').waitFor();
    const panel = passPanel(page, await runQueue(page));
    const lane = (group: number) => panel.getByRole('region', { name: `Group ${group}`, exact: true });
    const failed = panel.getByRole('list', { name: 'Failed runs' });
    const bar = lane(2).locator('.ved-Gantt-row').filter({ hasText: 'Long' }).locator('.ved-Gantt-bar');
    await lane(2).locator('.ved-Gantt-row').filter({ hasText: 'Brief' }).filter({ hasText: 'Success' }).waitFor();
    await bar.waitFor();
    const before = await filled(bar);
    await until(async () => (await filled(bar)) > before, 'the bar grows');
    expect(await lane(3).locator('.ved-Gantt-bar').count()).to.equal(0);
    expect(await lane(3).textContent()).to.contain('Queued');
    expect(await failed.getByRole('listitem').allTextContents()).to.deep.equal(['1.00 Break v0.1 ✗ Failureout of paper']);
    const [listed, drawn] = [await failed.boundingBox(), await lane(1).boundingBox()];
    expect(listed!.y).to.be.below(drawn!.y);
    await screenshot(page, 'pass-running');

    await panel.getByRole('button', { name: 'Stop' }).click();
    await state(panel, 'cancelled').waitFor();
    await panel.getByText('4 of 4 done, 1 failed, 2 cancelled').waitFor();
    expect(await failed.getByRole('listitem').allTextContents()).to.deep.equal(['1.00 Break v0.1 ✗ Failureout of paper']);
    expect(await lane(3).textContent()).to.contain('■ Cancelled');
    await screenshot(page, 'pass-cancelled');
    check();
  });

  for (const colorScheme of ['light', 'dark'] as const)
    exhaustive.it(`starts with options for failures and test data, in the ${colorScheme} theme`, async () => {
      const { page, check } = await at.open('ed1', { colorScheme });
      await catalogRow(page, 'Break').waitFor();
      await fromRunMenu(page, 'Run the Queue With…');
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('radio', { name: 'Stop' }).check();
      await dialog.getByRole('radio', { name: 'The same for every script' }).check();
      await page.keyboard.type('for\nall');
      await screenshot(page, `pass-with-${colorScheme}`);
      expect(await seriousViolations(page)).to.deep.equal([]);
      await dialog.getByRole('button', { name: 'Run the queue' }).click();
      await page.getByText('Stopped because a run did not succeed.').waitFor();
      await page.getByText('stops after a failure').waitFor();
      const [pass] = (await ed2.get('/api/passes')).body;
      expect(pass).to.deep.include({ on_failure: 'stop', counts: { total: 4, finished: 4, failed: 4, cancelled: 3 } });
      const [run] = (await ed2.get(`/api/runs?pass=${pass.id}`)).body;
      expect((await ed2.get(`/api/runs/${run.id}/code`)).body.test_data).to.equal('for\nall');
      await fromRunMenu(page, 'Run the Queue With…');
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect((await ed2.get('/api/passes')).body[0].id).to.equal(pass.id);
      check();
    });

  it('cannot be started by a viewer', async () => {
    const { page } = await at.open('mo1');
    await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Open Last Pass' }).waitFor();
    expect(await page.getByRole('menuitem', { name: /Run the Queue/ }).count()).to.equal(0);
  });
});

exhaustive.describe('the history of runs', () => {
  const at = journey();

  it('can be filtered by keyboard by state, person, source and script, and stays filtered after a reload', async () => {
    const ed2 = await addEditor(at.server, 'ed2');
    const good = await makeScript(at.agents.ed1, '"""Good"""\nprint(1)\n');
    const bad = await makeOnProd(at.agents.ed1, '"""Bad"""\nraise SystemExit(1)\n');
    const start = async (agent: Agent, script_id: number, source: 'prod' | 'draft'): Promise<number> =>
      (await agent.post('/api/runs', { script_id, source })).body.run_id;
    const ended = async (runId: number) => {
      for await (const { event } of ed2.events(`/api/runs/${runId}/events`)) if (event === 'done') return;
    };
    const goodDraft = await start(at.agents.ed1, good, 'draft');
    const badDraft = await start(at.agents.ed1, bad, 'draft');
    const badProd = await start(ed2, bad, 'prod');
    await Promise.all([goodDraft, badDraft, badProd].map(ended));

    const { page, check } = await at.open('mo1', { path: `/editor/${bad}` });
    await page.locator('[data-ved-editor]:visible').waitFor();
    await page.getByRole('tab', { name: 'Runs' }).click();
    const listed = () =>
      page.locator('.ved-Runs-row').evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset.vedRunId)));
    const shows = (...ids: number[]) => until(async () => JSON.stringify(await listed()) === JSON.stringify(ids), `the list shows ${ids}`);
    const choice = (label: string) => page.getByRole('combobox', { name: label });
    await shows(badProd, badDraft, goodDraft);

    await page.getByRole('tab', { name: 'Runs', selected: true }).last().focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await shows(badProd, badDraft);
    expect(await choice('Filter by script').inputValue()).to.equal(String(bad));
    await choice('Filter by source').selectOption('draft');
    await shows(badDraft);
    await choice('Filter by script').selectOption('All scripts');
    await choice('Filter by status').selectOption('succeeded');
    await shows(goodDraft);
    await choice('Filter by person').selectOption('ed2');
    await page.getByText('No runs match.').waitFor();
    await choice('Filter by status').selectOption('failed');
    await choice('Filter by source').selectOption('prod');
    await shows(badProd);

    // New runs are filtered too.
    const passed = await start(at.agents.ed1, bad, 'prod');
    const taken = await start(ed2, bad, 'prod');
    await Promise.all([passed, taken].map(ended));
    await shows(taken, badProd);
    await screenshot(page, 'runs-filtered');
    expect(await seriousViolations(page)).to.deep.equal([]);

    const isKept = async () => JSON.stringify((await at.agents.mo1.get('/api/workspace/state')).body).includes('started_by');
    await until(isKept, 'the server keeps the filter');
    await page.reload();
    await page.locator('body[data-workspace="ready"]').waitFor({ state: 'attached' });
    await fromRunMenu(page, 'Show Runs');
    await shows(taken, badProd);
    expect(await choice('Filter by person').inputValue()).to.equal('ed2');
    await page.getByRole('button', { name: 'Show all runs' }).click();
    await shows(taken, passed, badProd, badDraft, goodDraft);
    check();
  });
});
