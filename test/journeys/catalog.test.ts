/** The queue in a real browser: filled, searched, reordered and emptied, by one person while another watches. */

import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { importBody } from '../../plugins/catalog/test/exchange/import-requests.ts';
import { seriousViolations } from '../support/accessibility.ts';
import { screenshot, viewports } from '../support/browser.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { catalogRow, escapeFrom, journey, makeScript } from '../support/journey.ts';

const numbers = (page: Page) => page.locator('.ved-CatalogRow-number').allTextContents();

/** Chooses an item of a row's context menu. */
async function fromMenu(page: Page, name: string, item: string): Promise<void> {
  await catalogRow(page, name).click({ button: 'right' });
  await page.locator('.lm-Menu-item').filter({ hasText: item }).click();
}

describe('an empty catalog', () => {
  const at = journey();

  it('explains numbers and groups, and offers to create the first script', async () => {
    const { page, check } = await at.open('ed1');
    await page.getByText('No scripts yet.').waitFor();
    await screenshot(page, 'catalog-empty');
    await page.getByRole('button', { name: 'Load samples' }).click();
    await page.locator('.ved-CatalogRow').first().waitFor();
    expect(await page.locator('.ved-Catalog-group').count()).to.be.greaterThan(1);
    await screenshot(page, 'catalog-samples');
    check();
  });

  it('offers nothing that writes to a viewer', async () => {
    const { page, check } = await at.open('mo1');
    await page.locator('.ved-CatalogRow').first().waitFor();
    expect(await page.locator('#ved-catalog .ved-PanelHead button').count()).to.equal(0);
    await page.locator('.ved-CatalogRow').first().click({ button: 'right' });
    const labels = await page.locator('.lm-Menu-item:not(.lm-mod-hidden) .lm-Menu-itemLabel').allTextContents();
    expect(labels).to.include('Open');
    expect(labels.filter((label) => /Fork|Delete|Renumber|Bump|Run|Merge/.test(label))).to.deep.equal([]);
    await screenshot(page, 'catalog-viewer');
    check();
  });
});

describe('a queue of scripts', () => {
  const at = journey();
  const ids: Record<string, number> = {};

  before(async () => {
    for (const [name, number] of [
      ['Extract', 1],
      ['Load orders', 3.01],
      ['Clean orders', 3.02],
      ['Report', 4],
    ] as const)
      ids[name] = await makeScript(
        at.agents.ed1,
        `"""${name}\n\nThe whole docstring of ${name}.\n"""\nneedle_${name.split(' ')[0]} = 1\n`,
        number,
      );
  });

  it('shows groups, versions and last runs', async () => {
    const { page, check } = await at.open('mo1');
    await catalogRow(page, 'Report').waitFor();
    expect(await numbers(page)).to.deep.equal(['1.00', '3.01', '3.02', '4.00']);
    expect(await page.locator('.ved-Catalog-group').allTextContents()).to.deep.equal(['1', '3∥ 2', '4']);
    expect(await catalogRow(page, 'Report').textContent())
      .to.contain('v0.1')
      .and.to.contain('not on prod')
      .and.to.contain('never run');
    check();
  });

  it('is filtered as you type, by name and by content', async () => {
    const { page, check } = await at.open('ed1');
    await page.getByLabel('Filter scripts').fill('clean');
    await catalogRow(page, 'Extract').waitFor({ state: 'detached' });
    expect(await numbers(page)).to.deep.equal(['3.02']);
    await page.getByLabel('Filter scripts').fill('needle_extract');
    await catalogRow(page, 'Extract').waitFor();
    expect(await numbers(page)).to.deep.equal(['1.00']);
    await page.getByLabel('Filter scripts').fill('nothing like it');
    await page.getByText('Nothing matches').waitFor();
    check();
  });

  it('shows the docstring, the version and the times of the focused row', async () => {
    const { page, check } = await at.open('ed1');
    await page.getByRole('listbox', { name: 'Scripts' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    const card = page.getByRole('tooltip');
    await card.filter({ hasText: 'The whole docstring of Load orders.' }).waitFor();
    expect(await card.textContent())
      .to.match(/v0\.1 by ed1/)
      .and.to.match(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d\d/);
    await screenshot(page, 'catalog-card');
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
    check();
  });

  exhaustive.it('shows the card of a hovered row, but not under its menu', async () => {
    const { page, check } = await at.open('mo1');
    await catalogRow(page, 'Clean orders').hover();
    const card = page.getByRole('tooltip').filter({ hasText: 'The whole docstring of Clean orders.' });
    await card.waitFor();
    await catalogRow(page, 'Clean orders').click({ button: 'right' });
    await card.waitFor({ state: 'detached' });
    check();
  });

  it('can be reordered by keyboard, and others see it without a reload', async () => {
    const other = await at.open('mo1');
    await catalogRow(other.page, 'Report').waitFor();
    const { page, check } = await at.open('ed1');
    await catalogRow(page, 'Report').waitFor();
    await page.getByRole('listbox', { name: 'Scripts' }).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Alt+ArrowUp');
    await page.locator('.ved-CatalogRow-number', { hasText: '3.03' }).waitFor();
    await other.page.locator('.ved-CatalogRow-number', { hasText: '3.03' }).waitFor();
    expect(await numbers(other.page)).to.deep.equal(['1.00', '3.01', '3.02', '3.03']);
    await page.keyboard.press('Alt+ArrowUp');
    await page.waitForFunction(() => document.querySelectorAll('.ved-CatalogRow-name')[2]?.textContent === 'Report');
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.press('Alt+ArrowDown');
    await page.locator('.ved-CatalogRow-number', { hasText: '4.01' }).waitFor();
    check();
    other.check();
  });

  exhaustive.it('can be reordered by dragging, with the new number shown before the drop', async () => {
    const { page, check } = await at.open('ed1');
    const source = catalogRow(page, 'Extract');
    const target = catalogRow(page, 'Clean orders');
    await source.waitFor();
    const from = (await source.boundingBox())!;
    const to = (await target.boundingBox())!;
    await page.mouse.move(from.x + 60, from.y + 20);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 30, { steps: 3 });
    await page.getByText('New group').waitFor();
    await page.mouse.move(to.x + 60, to.y + 6, { steps: 3 });
    await page.mouse.move(to.x + 60, to.y + 2);
    const mark = page.locator('.ved-Catalog-dropMark span');
    await mark.waitFor();
    const shown = await mark.textContent();
    await screenshot(page, 'catalog-drag');
    await page.mouse.up();
    await page.waitForFunction(
      () => [...document.querySelectorAll('.ved-CatalogRow-name')].findIndex((each) => each.textContent === 'Extract') === 1,
    );
    expect(await numbers(page)).to.include(shown!.slice(0, 4));
    check();
  });

  it('gives a script the typed number, and says which script has it when it is taken', async () => {
    const { page } = await at.open('ed1', { expected: [/^http 409 /] });
    await fromMenu(page, 'Extract', 'Renumber…');
    const input = page.getByRole('dialog').getByRole('textbox');
    await input.fill('7.5');
    await page.keyboard.press('Enter');
    await page.locator('.ved-CatalogRow-number', { hasText: '7.50' }).waitFor();
    await page.getByRole('listbox', { name: 'Scripts' }).focus();
    await page.keyboard.press('F2');
    await input.fill('3.01');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('3.01 is taken by “Load orders”').waitFor();
    expect(await input.inputValue()).to.equal('3.01');
    await screenshot(page, 'number-taken');
    await dialog.getByRole('button', { name: /^Use 3\.\d\d$/ }).click();
    await dialog.waitFor({ state: 'detached' });
    await catalogRow(page, 'Extract').filter({ hasText: /^3\./ }).waitFor();
  });

  exhaustive.it('keeps the focus in the list after a click, and moves it to the text on a double click or Enter', async () => {
    const { page, check } = await at.open('ed1');
    const text = (id: string) => page.locator(`[data-ved-editor]:visible[data-ved-script-id="${id}"] .view-line`).first();
    const focusIn = (selector: string) => page.waitForFunction((within) => document.activeElement?.closest(within) !== null, selector);
    const dialog = page.getByRole('dialog');
    for (const name of ['Load orders', 'Clean orders', 'Load orders']) {
      const row = catalogRow(page, name);
      await row.click();
      await text((await row.getAttribute('data-ved-script-id'))!).waitFor();
      await page.keyboard.press('F2');
      await dialog.getByText(new RegExp(`New number for .* ${name}`)).waitFor();
      await escapeFrom(dialog);
      await dialog.waitFor({ state: 'detached' });
      await focusIn('.ved-Catalog-list');
    }
    await page.keyboard.press('Delete');
    await dialog.getByText(/^Delete .* Load orders\?$/).waitFor();
    await escapeFrom(dialog);
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await focusIn('[data-ved-editor]:not(.lm-mod-hidden) .monaco-editor');
    await catalogRow(page, 'Clean orders').click();
    await page.locator('.ved-CatalogRow.ved-mod-open').filter({ hasText: 'Clean orders' }).waitFor();
    await focusIn('.ved-Catalog-list');
    await page.keyboard.press('Control+Enter');
    await page.locator('.ved-Output[aria-label$="Clean orders"] [data-ved-run-status="succeeded"]').first().waitFor();
    await focusIn('.ved-Catalog-list');
    await catalogRow(page, 'Load orders').dblclick();
    await focusIn('[data-ved-editor]:not(.lm-mod-hidden) .monaco-editor');
    // A tab that was opened from the list is like any other.
    await page.locator('.lm-DockPanel-tabBar .lm-TabBar-tab').filter({ hasText: 'Clean orders' }).click();
    await focusIn('[data-ved-editor]:not(.lm-mod-hidden) .monaco-editor');
    check();
  });

  describe('after a script was moved by keyboard', () => {
    const toast = (page: Page) => page.locator('.Toastify__toast').filter({ hasText: 'Walker' });
    let walker: number;
    before(async () => {
      walker = await makeScript(at.agents.ed1, '"""Walker"""\n', 40);
      await makeScript(at.agents.ed1, '"""Tail"""\n', 40.01);
    });

    const walk = async (page: Page, keys: readonly string[]) => {
      await catalogRow(page, 'Walker').waitFor();
      await page.getByRole('listbox', { name: 'Scripts' }).focus();
      await page.keyboard.press('End');
      await page.keyboard.press('ArrowUp');
      await page.locator('.ved-CatalogRow.ved-mod-selected', { hasText: 'Walker' }).waitFor();
      for (const key of keys) await page.keyboard.press(key);
    };

    it('reports all moves in one message, and undoes them', async () => {
      const { page, check } = await at.open('ed1');
      await walk(page, ['Alt+ArrowDown', 'Alt+ArrowDown']);
      await toast(page).getByText('40.00 Walker moved to group 41 as 41.01.').waitFor();
      expect(await toast(page).count()).to.equal(1);
      await toast(page).getByRole('button', { name: 'Undo' }).click();
      await toast(page).getByText('Undone: Walker is back where it was.').waitFor();
      expect((await at.agents.ed1.get(`/api/scripts/${walker}`)).body.ordering_number).to.equal(40);
      check();
    });

    exhaustive.it('does not undo what somebody else changed since, and says so', async () => {
      const { page } = await at.open('ed1', { expected: [/^http 409 /] });
      await walk(page, ['Alt+ArrowDown', 'Alt+ArrowDown']);
      await toast(page).getByText('moved to group 41 as 41.01').waitFor();
      await at.agents.ed1.patch('/api/scripts/order', { moves: [{ id: walker, ordering_number: 50 }] });
      await catalogRow(page, 'Walker').filter({ hasText: '50.00' }).waitFor();
      await toast(page).getByRole('button', { name: 'Undo' }).click();
      await toast(page).getByText('The move could not be undone. Somebody has changed the order').waitFor();
      expect((await at.agents.ed1.get(`/api/scripts/${walker}`)).body.ordering_number).to.equal(50);
    });
  });

  it('restores a deleted script after a reload, under another number when its own is taken', async () => {
    const id = await makeScript(at.agents.ed1, '"""Lost and found"""\n', 30);
    await at.agents.ed1.delete(`/api/scripts/${id}`);
    await makeScript(at.agents.ed1, '"""Newcomer"""\n', 30);
    const { page, check } = await at.open('ed1');
    await catalogRow(page, 'Newcomer').waitFor();
    await page.getByRole('menuitem', { name: 'File', exact: true }).click();
    await page.locator('.lm-Menu-item:visible').filter({ hasText: 'Deleted Scripts…' }).click();
    const row = page.getByRole('dialog').getByRole('row').filter({ hasText: 'Lost and found' });
    await row.getByText('30.00 is taken by').waitFor();
    expect(await row.textContent()).to.contain('ed1, ');
    expect(await row.getByLabel('Number for Lost and found').inputValue()).to.equal('30.01');
    await screenshot(page, 'deleted-scripts');
    expect(await seriousViolations(page)).to.deep.equal([]);
    await row.getByRole('button', { name: 'Restore Lost and found' }).click();
    await row.waitFor({ state: 'detached' });
    await catalogRow(page, 'Lost and found').filter({ hasText: '30.01' }).waitFor();
    check();
  });

  it('asks before deleting a script, and restores it', async () => {
    const { page, check } = await at.open('ed1');
    await catalogRow(page, 'Load orders').waitFor();
    await fromMenu(page, 'Load orders', 'Delete Script…');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await catalogRow(page, 'Load orders').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await catalogRow(page, 'Load orders').waitFor();
    check();
  });

  it('opens scripts by name', async () => {
    const { page, check } = await at.open('ed1');
    await catalogRow(page, 'Clean orders').waitFor();
    await page.keyboard.press('Control+p');
    await page.getByLabel('Go to script').fill('clean');
    const found = page.locator('#ved-go-to-script .lm-CommandPalette-item.lm-mod-active mark');
    expect(await found.allTextContents()).to.deep.equal(['Clean']);
    const colors = found.evaluate((mark) => [mark, mark.parentElement!].map((node) => getComputedStyle(node).color));
    expect(new Set(await colors).size, 'the match is as dark as the rest').to.equal(1);
    expect((await page.locator('#ved-go-to-script').boundingBox())!.width).to.be.below(page.viewportSize()!.width / 2);
    await screenshot(page, 'catalog-go-to-script');
    await page.keyboard.press('Enter');
    await page.locator(`[data-ved-script-id="${ids['Clean orders']}"][data-ved-editor]`).waitFor();
    check();
  });

  for (const colorScheme of ['light', 'dark'] as const)
    (colorScheme === 'dark' ? exhaustive.it : it)(`has no serious accessibility violations in the ${colorScheme} theme`, async () => {
      const { page } = await at.open('ed1', { colorScheme, viewport: viewports.laptop });
      await catalogRow(page, 'Clean orders').waitFor();
      await page.getByRole('listbox', { name: 'Scripts' }).focus();
      await page.keyboard.press('Space');
      await page.getByRole('tooltip').waitFor();
      await screenshot(page, `catalog-${colorScheme}`);
      expect(await seriousViolations(page)).to.deep.equal([]);
    });
});

exhaustive.describe('a queue of a thousand scripts', () => {
  const at = journey();

  it('draws only what is on screen, and reaches the end with one key', async () => {
    const agent = at.agents.ed1;
    const files = Array.from({ length: 1000 }, (_, index) => [`${index + 1}_script.py`, `"""Script number ${index}"""\n`] as const);
    expect((await agent.post('/api/import', importBody(files))).status).to.equal(201);
    const { page, check } = await at.open('mo1');
    await page.locator('.ved-CatalogRow').first().waitFor();
    expect(await page.locator('.ved-CatalogRow').count()).to.be.lessThan(60);
    await page.getByRole('listbox', { name: 'Scripts' }).focus();
    await page.keyboard.press('End');
    await page.locator('.ved-CatalogRow-number', { hasText: '1000.00' }).waitFor();
    await screenshot(page, 'catalog-thousand');
    check();
  });
});
