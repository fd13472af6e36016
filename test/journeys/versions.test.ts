/** Versions in a real browser: listed, compared, reverted to, merged, forked, and taken off prod. */

import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { seriousViolations } from '../support/accessibility.ts';
import { screenshot } from '../support/browser.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { catalogRow, journey, makeOnProd, makeScript } from '../support/journey.ts';

const editor = (page: Page) => page.locator('[data-ved-editor]:visible');

async function openScript(page: Page, name: string): Promise<void> {
  await catalogRow(page, name).click();
  await editor(page).locator('.view-line').first().waitFor();
  await editor(page).locator('.view-lines').click();
}

describe('the versions of a script', () => {
  const at = journey();
  let id: number;

  before(async () => {
    id = await makeScript(at.agents.ed1, '"""Orders"""\nfirst = 1\n');
    await at.agents.ed1.put(`/api/scripts/${id}`, { content: '"""Orders"""\nsecond = 2\n', message: 'Count from two' });
    await at.agents.ed1.put(`/api/scripts/${id}`, { content: '"""Orders"""\nthird = 3\n' });
  });

  it('are listed newest first, with author, time and message', async () => {
    const { page, check } = await at.open('mo1', { path: `/editor/${id}` });
    await page.getByRole('button', { name: /v0\.3/ }).click();
    const rows = page.locator('.ved-History-row');
    await rows.first().waitFor();
    expect(await rows.locator('strong').allTextContents()).to.deep.equal(['v0.3', 'v0.2', 'v0.1']);
    expect(await rows.nth(1).textContent())
      .to.contain('Count from two')
      .and.to.contain('ed1');
    expect(await page.getByRole('button', { name: /Revert/ }).count()).to.equal(0);
    await screenshot(page, 'history-viewer');
    check();
  });

  exhaustive.it('show how often they ran, and link to the newest run', async () => {
    const { body } = await at.agents.ed1.post('/api/runs', { script_id: id, source: 'draft' });
    const { page, check } = await at.open('mo1', { path: `/editor/${id}` });
    await page.getByRole('button', { name: /v0\.3/ }).click();
    await page.locator('.ved-History-row', { hasText: 'v0.3' }).getByRole('button', { name: '1 run, ✓ Success' }).click();
    await page.locator(`.ved-RunHeader[data-ved-run-id="${body.run_id}"]`).waitFor();
    check();
  });

  it('can be compared two at a time, side by side', async () => {
    const { page, check } = await at.open('ed1', { path: `/editor/${id}` });
    await page.getByRole('button', { name: /v0\.3/ }).click();
    await page.getByLabel('Select v0.1 to compare').check();
    await page.getByLabel('Select v0.3 to compare').check();
    await page.getByRole('button', { name: 'Compare v0.1 and v0.3' }).click();
    const diff = page.locator('.monaco-diff-editor');
    await diff.getByText('first').waitFor();
    await diff.getByText('third').waitFor();
    await screenshot(page, 'compare');
    expect(await seriousViolations(page)).to.deep.equal([]);
    check();
  });

  it('can be reverted to, as a new version', async () => {
    const { page, check } = await at.open('ed1', { path: `/editor/${id}` });
    await page.getByRole('button', { name: /v0\.3/ }).click();
    await page.getByRole('button', { name: 'Revert to v0.1' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revert' }).click();
    await editor(page).getByText('first').waitFor();
    await page.locator('.ved-History-row strong', { hasText: 'v0.4' }).waitFor();
    check();
  });

  exhaustive.it('are in the menu as well as in toolbar and palette', async () => {
    const { page, check } = await at.open('ed1', { path: `/editor/${id}` });
    await editor(page).locator('.view-line').first().waitFor();
    await page.getByRole('menuitem', { name: 'File', exact: true }).click();
    const item = (name: string) => page.locator('.lm-Menu-item:visible').filter({ hasText: name });
    await item('Show History').waitFor();
    await item('Merge to Prod…').click();
    await page.getByRole('dialog').getByText('not on prod yet').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    check();
  });

  it('are merged to prod after a review of the changes', async () => {
    const { page, check } = await at.open('ed1', { path: `/editor/${id}` });
    await editor(page).locator('.view-line').first().waitFor();
    await page.getByRole('button', { name: 'Merge' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('not on prod yet').waitFor();
    await screenshot(page, 'merge-first');
    await dialog.getByRole('button', { name: 'Merge to prod' }).click();
    await catalogRow(page, 'Orders').filter({ hasText: 'on prod' }).waitFor();

    await editor(page).locator('.view-lines').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('added = True\n');
    await page.keyboard.press('Control+s');
    await catalogRow(page, 'Orders').filter({ hasText: 'ahead of prod' }).waitFor();
    await page.getByRole('button', { name: 'Merge' }).click();
    await dialog.locator('.ved-Patch-line.ved-mod-added', { hasText: 'added = True' }).waitFor();
    await screenshot(page, 'merge-review');
    expect(await seriousViolations(page)).to.deep.equal([]);
    await dialog.getByRole('button', { name: 'Merge to prod' }).click();
    await page.locator('.ved-CatalogRow-prod.ved-mod-same').waitFor();
    check();
  });

  it('are not merged silently when another script on prod has the same code', async () => {
    await makeScript(at.agents.ed1, '"""Twin of Orders"""\nfirst = 1\nadded = True  # as there\n');
    const { page } = await at.open('ed1', { expected: [/^http 409 /] });
    await openScript(page, 'Twin of Orders');
    await page.getByRole('button', { name: 'Merge' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Merge to prod' }).click();
    await page.getByRole('dialog').getByText('The same code is already on prod').waitFor();
    await screenshot(page, 'merge-twin');
    await page.getByRole('button', { name: 'Merge anyway' }).click();
    await catalogRow(page, 'Twin of Orders').locator('.ved-mod-same').waitFor();
  });

  exhaustive.it('can be forked into a new script', async () => {
    const { page, check } = await at.open('ed1');
    await openScript(page, 'Twin of Orders');
    await page.keyboard.press('Control+Shift+C');
    await page.getByPlaceholder('Search commands').fill('Fork');
    await page.locator('.lm-CommandPalette-item').filter({ hasText: 'Fork' }).first().click();
    await page.waitForFunction(() => document.querySelectorAll('.ved-CatalogRow').length === 3);
    expect(await page.locator('.ved-CatalogRow').last().textContent())
      .to.contain('v0.1')
      .and.to.contain('not on prod');
    await editor(page)
      .getByRole('button', { name: /v0\.1 · not on prod/ })
      .click();
    const history = page.locator('.ved-History');
    await history.getByRole('button', { name: 'Twin of Orders v0.1' }).click();
    await history.getByText('Merged to prod').waitFor();
    await screenshot(page, 'history-forked');
    await history.locator('.ved-History-facts li', { hasText: 'Forked as' }).getByRole('button').click();
    await history.getByText('Forked from').waitFor();
    check();
  });
});

describe('what prod runs', () => {
  const at = journey();
  const toast = (page: Page, text: string | RegExp) => page.locator('.Toastify__toast').filter({ hasText: text });

  exhaustive.it('is shown after a revert, with one click to the review', async () => {
    const id = await makeOnProd(at.agents.ed1, '"""Totals"""\ntotal = 1\n');
    await at.agents.ed1.put(`/api/scripts/${id}`, { content: '"""Totals"""\ntotal = broken\n' });
    await at.agents.ed1.post(`/api/scripts/${id}/merge`, {});
    const { page, check } = await at.open('ed1', { path: `/editor/${id}` });
    await editor(page)
      .getByRole('button', { name: /v0\.2 · prod v0\.2/ })
      .click();
    await page.locator('.ved-History-prod').getByText('Prod runs v0.2.').waitFor();
    await page.getByRole('button', { name: 'Revert to v0.1' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Prod runs v0.2 until you merge.').waitFor();
    await dialog.getByRole('button', { name: 'Revert' }).click();
    const said = toast(page, 'Prod still runs v0.2');
    await said.waitFor();
    await editor(page)
      .getByRole('button', { name: /v0\.3 · prod v0\.2/ })
      .waitFor();
    await page.locator('.ved-History-prod.ved-mod-behind').getByText('Prod runs v0.2.').waitFor();
    // No screenshot here: it ends animations, and the notification would close.
    await said.getByRole('button', { name: 'Merge v0.3 to prod…' }).click();
    await dialog.locator('.ved-Patch-line.ved-mod-removed', { hasText: 'broken' }).waitFor();
    await dialog.getByRole('button', { name: 'Merge to prod' }).click();
    await editor(page)
      .getByRole('button', { name: /v0\.3 · prod v0\.3/ })
      .waitFor();
    await page.locator('.ved-History-prod').getByText('Prod runs v0.3.').waitFor();
    check();
  });

  it('no longer includes a script that was taken off after a question, until it is put back', async () => {
    const id = await makeOnProd(at.agents.ed1, '"""Sums"""\nsums = 1\n');
    const { page, check } = await at.open('ed1', { path: `/editor/${id}` });
    await catalogRow(page, 'Sums').filter({ hasText: 'on prod' }).click({ button: 'right' });
    await page.locator('.lm-Menu-item').filter({ hasText: 'Take off Prod…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Prod runs v0.1 now.').waitFor();
    await screenshot(page, 'unpublish');
    await dialog.getByRole('button', { name: 'Take off prod' }).click();
    await catalogRow(page, 'Sums').filter({ hasText: 'not on prod' }).waitFor();
    await editor(page)
      .getByRole('button', { name: /v0\.1 · not on prod/ })
      .click();
    await page.locator('.ved-History').getByText('taken off by ed1').waitFor();
    await toast(page, 'Sums was taken off prod').getByRole('button', { name: 'Undo' }).click();
    await catalogRow(page, 'Sums').filter({ hasNotText: 'not on prod' }).waitFor();
    expect((await at.agents.ed1.get(`/api/scripts/${id}`)).body.prod_state).to.equal('same');
    check();
  });
});
