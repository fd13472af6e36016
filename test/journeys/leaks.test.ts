/** Opening and closing parts of the workspace leaves no listener, node or text model behind. The browser itself counts them after collecting garbage. */

import { expect } from 'chai';
import type { CDPSession, Locator, Page } from 'playwright-core';
import { until } from '../../plugins/runner/test/engines/support/until.ts';
import { scriptTab, textShown } from '../support/editor.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { catalogRow, journey, makeOnProd } from '../support/journey.ts';

/** Few enough to be quick, and enough to tell a leak per cycle from what the browser itself keeps. */
const CYCLES = 4;

interface Counted {
  readonly JSEventListeners: number;
  readonly Nodes: number;
}

async function counted(devtools: CDPSession): Promise<Counted> {
  // What one collection frees may have kept other objects alive.
  for (let round = 0; round < 3; round += 1) await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const value = (name: string) => metrics.find((metric) => metric.name === name)!.value;
  return { JSEventListeners: value('JSEventListeners'), Nodes: value('Nodes') };
}

describe('what is opened and closed again', () => {
  const at = journey();
  let orders: number;
  let run: number;

  before(async () => {
    orders = await makeOnProd(at.agents.ed1, '"""Orders"""\nprint("counted")\n', 1);
    await makeOnProd(at.agents.ed1, '"""Other"""\nprint("other")\n', 2);
    run = (await at.agents.ed1.post(`/api/execute/${orders}`, { source: 'draft' })).body.id;
  });

  /** Opens and closes it, at first twice so that one-time objects exist, and then to count. */
  async function leavesNothing(page: Page, cycle: () => Promise<void>): Promise<void> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    await cycle();
    await cycle();
    const before = await counted(devtools);
    for (let round = 0; round < CYCLES; round += 1) await cycle();
    let after = before;
    // A leaked widget has more than one node; a text field of the page itself may keep one. Waits for objects that are released late.
    const isAllReleased = async (): Promise<boolean> => {
      after = await counted(devtools);
      return after.JSEventListeners - before.JSEventListeners < CYCLES && after.Nodes - before.Nodes < 2 * CYCLES;
    };
    await until(isAllReleased, 'everything is released', 15_000).catch(() => expect(after).to.deep.equal(before));
    await devtools.detach();
  }

  const tab = (page: Page, name: string): Locator => page.locator('.lm-TabBar-tab').filter({ hasText: name });
  async function closeTab(page: Page, name: string): Promise<void> {
    await tab(page, name).locator('.lm-TabBar-tabCloseIcon').click();
    await tab(page, name).waitFor({ state: 'detached' });
  }
  async function fromPalette(page: Page, command: string): Promise<void> {
    await page.keyboard.press('Control+Shift+C');
    await page.getByPlaceholder('Search commands').fill(command);
    await page.locator('.lm-CommandPalette-item').filter({ hasText: command }).first().click();
  }

  it('is a script', async () => {
    const { page, check } = await at.open('ed1');
    await catalogRow(page, 'Other').click();
    await tab(page, 'Other').waitFor();
    await leavesNothing(page, async () => {
      await catalogRow(page, 'Orders').click();
      await textShown(page, orders);
      await closeTab(page, 'Orders');
    });
    check();
  });

  exhaustive.it('is a comparison with prod', async () => {
    const { page, check } = await at.open('ed1', { path: `/editor/${orders}` });
    await textShown(page, orders);
    await leavesNothing(page, async () => {
      await scriptTab(page, orders).locator('.view-lines').click();
      await fromPalette(page, 'Compare with Prod');
      await page.locator('.monaco-diff-editor .view-line').first().waitFor();
      await page
        .locator('.lm-TabBar-tab.lm-mod-current')
        .filter({ hasText: /prod|newest/ })
        .locator('.lm-TabBar-tabCloseIcon')
        .click();
      await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    });
    check();
  });

  exhaustive.it('is an output', async () => {
    const { page, check } = await at.open('ed1', { path: `/editor/${orders}` });
    await page.getByRole('tab', { name: 'Runs' }).click();
    await leavesNothing(page, async () => {
      await page
        .locator('.ved-Runs-row')
        .filter({ hasText: String(run) })
        .first()
        .click();
      await page.locator('.ved-Output:visible').getByRole('log').getByText('counted').waitFor();
      await page.locator('.lm-TabBar-tab').filter({ hasText: 'Orders' }).last().locator('.lm-TabBar-tabCloseIcon').click();
      await page.locator('.ved-Output:visible').waitFor({ state: 'detached' });
    });
    check();
  });

  exhaustive.it('is a dialog, a menu or the palette', async () => {
    const { page, check } = await at.open('ed1');
    await catalogRow(page, 'Orders').waitFor();
    await leavesNothing(page, async () => {
      await fromPalette(page, 'About ved');
      await page.getByRole('dialog').locator(':focus').press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await catalogRow(page, 'Orders').click({ button: 'right' });
      await page.locator('.lm-Menu:visible').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.lm-Menu:visible').waitFor({ state: 'detached' });
    });
    check();
  });

  exhaustive.it('is the history of one script after another', async () => {
    const { page, check } = await at.open('ed1', { path: `/editor/${orders}` });
    await textShown(page, orders);
    await fromPalette(page, 'Show History');
    await leavesNothing(page, async () => {
      await catalogRow(page, 'Other').click();
      await page.locator('.ved-History').getByText('v0.1').first().waitFor();
      await closeTab(page, 'Other');
    });
    check();
  });
});
