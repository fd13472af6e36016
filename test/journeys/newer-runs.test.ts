/** Newer runs and failure reasons: in an output that shows an older run, and in the panel of a pass. */

import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { seriousViolations } from '../support/accessibility.ts';
import { screenshot } from '../support/browser.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { catalogRow, journey, makeOnProd } from '../support/journey.ts';

const LONG_WORDS = 'no order of that number is in the file that was handed over to the script';
const FAIL = `"""Fails"""\nraise ValueError("${LONG_WORDS}")\n`;

const passTabs = (page: Page) => page.locator('.lm-TabBar-tab[data-id^="ved-pass-"]');
const openPass = (page: Page, passId: number) => page.locator(`.ved-Runs-row[data-ved-pass-id="${passId}"]`).click();

exhaustive.describe('an output that shows an older run', () => {
  const at = journey();
  let script: number;
  before(async () => {
    script = await makeOnProd(at.agents.ed1, '"""Twice"""\nprint("once more")\n');
  });

  it('says when there is a newer one from a pass, and links to it, also after a reload', async () => {
    const { body: first } = await at.agents.ed1.post(`/api/execute/${script}`, {});
    const { page, check } = await at.open('mo1');
    await page.getByRole('tab', { name: 'Runs' }).click();
    await page.locator(`.ved-Runs-row[data-ved-run-id="${first.id}"]`).click();
    const output = page.locator('.ved-Output');
    await output.locator(`[data-ved-run-id="${first.id}"]`).waitFor();
    expect(await output.locator('.ved-NewerRun').count()).to.equal(0);
    const [second] = (await at.agents.ed1.post('/api/execute/all', {})).body;
    await output.getByText(`There is a newer run: run ${second.id}`).waitFor();
    // The shown run does not change.
    expect(await output.locator(`.ved-RunHeader[data-ved-run-id="${first.id}"]`).count()).to.equal(1);
    await page.reload();
    await output.getByText(`There is a newer run: run ${second.id}`).waitFor();
    expect(await seriousViolations(page)).to.deep.equal([]);
    await screenshot(page, 'run-newer');
    await output.getByRole('button', { name: `Show run ${second.id}` }).click();
    await output.locator(`.ved-RunHeader[data-ved-run-id="${second.id}"]`).waitFor();
    await output.locator('.ved-NewerRun').waitFor({ state: 'detached' });
    check();
  });
});

exhaustive.describe('a pass in which a script failed', () => {
  const at = journey();
  let script: number;
  let passes: number[];
  before(async () => {
    script = await makeOnProd(at.agents.ed1, FAIL);
    passes = [];
    for (let count = 0; count < 3; count += 1) {
      const [run] = (await at.agents.ed1.post('/api/execute/all', {})).body;
      expect(run).to.include({ status: 'failed', error_line: `ValueError: ${LONG_WORDS}` });
      passes.push(run.pass_id);
    }
    await at.agents.ed1.put(`/api/scripts/${script}`, { content: '"""Fails"""\nprint("mended")\n' });
    await at.agents.ed1.post(`/api/scripts/${script}/merge`, {});
  });

  it('says which version ran, what prod runs now, and the last line of its error', async () => {
    const { page, check } = await at.open('mo1');
    await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Open Last Pass' }).click();
    const panel = page.locator(`#ved-pass-${passes[2]}`);
    await panel.locator('.ved-Pass-error').getByText(`ValueError: ${LONG_WORDS}`).waitFor();
    await panel.locator('.ved-Gantt-row').getByText('v0.1, prod now v0.2').waitFor();
    expect(await seriousViolations(page)).to.deep.equal([]);
    await screenshot(page, 'pass-failed');
    check();
  });

  exhaustive.it('replaces the pass that was shown before, unless that is pinned', async () => {
    const { page, check } = await at.open('mo1');
    await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Show Passes' }).click();
    await openPass(page, passes[0]!);
    await page.locator(`#ved-pass-${passes[0]}`).getByRole('button', { name: 'Pin' }).waitFor();
    await openPass(page, passes[1]!);
    await page.locator(`#ved-pass-${passes[1]}`).getByRole('button', { name: 'Pin' }).click();
    expect(await passTabs(page).count()).to.equal(1);
    await openPass(page, passes[2]!);
    await page.locator(`#ved-pass-${passes[2]}`).getByRole('button', { name: 'Pin' }).waitFor();
    expect(await passTabs(page).count()).to.equal(2);
    await page.reload();
    await page.locator('body[data-workspace="ready"]').waitFor({ state: 'attached' });
    expect(await passTabs(page).count()).to.equal(2);
    await openPass(page, passes[0]!);
    await page.locator(`#ved-pass-${passes[0]}`).waitFor();
    expect(await passTabs(page).allTextContents()).to.have.members([`Pass ${passes[1]}`, `Pass ${passes[0]}`]);
    check();
  });

  exhaustive.it('shows the full headline of its error in a narrow panel', async () => {
    const { page, check } = await at.open('ed1', { viewport: { width: 1000, height: 800 } });
    const { body: run } = await at.agents.ed1.post(`/api/execute/${script}`, { source: 'draft', content: FAIL });
    await catalogRow(page, 'Fails').click();
    await page.locator('[data-ved-editor]:visible .view-line').first().waitFor();
    await page.getByRole('tab', { name: 'Runs' }).click();
    await page.locator(`.ved-Runs-row[data-ved-run-id="${run.id}"]`).click();
    const message = page.locator('.ved-FailureBanner-message');
    await message.waitFor();
    await page.locator('.ved-Output').evaluate((node) => {
      node.style.maxWidth = '260px';
    });
    const { width, cut } = await message.evaluate((node) => ({ width: node.clientWidth, cut: node.scrollWidth - node.clientWidth }));
    expect(width).to.be.at.least(180);
    expect(cut).to.be.at.most(0);
    await screenshot(page, 'run-failure-narrow');
    check();
  });
});
