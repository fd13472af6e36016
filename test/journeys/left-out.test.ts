/** Leaves out each optional plugin in turn: everything else works, and nothing offered is dead. */
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { editorFocused, scriptTab, textShown } from '../support/editor.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { catalogRow, journey, makeOnProd } from '../support/journey.ts';

/** Labels of the items of an open menu. */
const menuItems = (page: Page) => page.locator('.lm-Menu-item[data-type="command"]:not(.lm-mod-hidden) .lm-Menu-itemLabel').allInnerTexts();

describe('a workspace without', () => {
  const at = journey();
  let script: number;
  before(async () => {
    script = await makeOnProd(at.agents.ed1, '"""Orders"""\nprint("counted")\n', 1);
  });

  async function without(plugin: string, work: (page: Page) => Promise<void>, path = `/editor/${script}`): Promise<void> {
    expect((await at.agents.ed1.post(`/api/plugins/${plugin}/disable`)).status).to.equal(200);
    try {
      const { page, check } = await at.open('ed1', { path });
      await catalogRow(page, 'Orders').waitFor();
      await work(page);
      expect(await deadButtons(page)).to.deep.equal([]);
      check();
    } finally {
      await at.agents.ed1.post(`/api/plugins/${plugin}/enable`);
    }
  }

  /** Buttons and menu items whose command does not exist. */
  async function deadButtons(page: Page): Promise<string[]> {
    const dead: string[] = [];
    for (const menu of await page.locator('.lm-MenuBar-item').all()) {
      await menu.click();
      for (const item of await page.locator('.lm-Menu-item[data-type="command"]').all())
        if ((await item.innerText()).trim() === '') dead.push(`an item of ${await menu.innerText()} without a name`);
      await page.keyboard.press('Escape');
    }
    await catalogRow(page, 'Orders').click({ button: 'right' });
    for (const label of await menuItems(page)) if (label.trim() === '') dead.push('an item of the row without a name');
    await page.keyboard.press('Escape');
    return dead;
  }

  async function rowMenu(page: Page): Promise<string[]> {
    await catalogRow(page, 'Orders').click({ button: 'right' });
    const items = await menuItems(page);
    await page.keyboard.press('Escape');
    return items;
  }

  async function runDraft(page: Page): Promise<void> {
    await textShown(page, script);
    await scriptTab(page, script).locator('.view-lines').click();
    await editorFocused(page, script);
    await page.keyboard.press('Control+Enter');
    await page.locator('.ved-Output').getByRole('log').getByText('counted').waitFor();
  }

  it('the assistant runs scripts and shows who wrote them', () =>
    without('llm', async (page) => {
      await runDraft(page);
      expect(await page.locator('#ved-assistant').count()).to.equal(0);
      expect(await page.locator('.lm-MenuBar-item').allInnerTexts()).to.not.include('Assistant');
    }));

  exhaustive.it('the versions panels saves and runs, and the version is not a button', () =>
    without('versions', async (page) => {
      await runDraft(page);
      expect(await scriptTab(page, script).locator('.ved-VersionBadge button').isDisabled()).to.equal(true);
      expect(await rowMenu(page)).to.deep.equal([
        'Open',
        'Run on Prod',
        'Stop the Run',
        'Fork',
        'Bump Major Version',
        'Renumber…',
        'Delete Script…',
      ]);
      expect(await page.locator('[data-ved-command^="versions:"]').count()).to.equal(0);
    }),
  );

  exhaustive.it('the runner edits, shows versions and merges', () =>
    without('runner', async (page) => {
      await textShown(page, script);
      expect(await page.locator('[data-ved-command^="runner:"]').count()).to.equal(0);
      expect(await rowMenu(page)).to.not.include('Run on Prod');
      await scriptTab(page, script).locator('.ved-VersionBadge button').click();
      await page.locator('.ved-History').getByText('v0.1').first().waitFor();
      await at.agents.ed1.put(`/api/scripts/${script}`, { content: '"""Orders"""\nprint("counted again")\n' });
      await scriptTab(page, script).locator('[data-ved-command="versions:merge-to-prod"]').click();
      const review = page.locator('.ved-MergeReview');
      await review.getByText('counted again').waitFor();
      expect(await review.getByText('Last run').count()).to.equal(0);
      expect(await review.getByRole('button').count()).to.equal(0);
      await page.locator('.jp-Dialog').getByRole('button', { name: 'Merge to Prod' }).click();
      await catalogRow(page, 'Orders').filter({ hasText: 'on prod' }).waitFor();
    }),
  );

  it('the editor runs what is on prod, and offers nothing to open', () =>
    without(
      'editor',
      async (page) => {
        expect(await rowMenu(page)).to.deep.equal([
          'Run on Prod',
          'Stop the Run',
          'Fork',
          'Bump Major Version',
          'Renumber…',
          'Delete Script…',
        ]);
        await catalogRow(page, 'Orders').click();
        await catalogRow(page, 'Orders').click({ button: 'right' });
        await page.locator('.lm-Menu-item', { hasText: 'Run on Prod' }).click();
        await page.locator('.ved-Output').getByRole('log').getByText('counted').waitFor();
        await page.getByRole('tab', { name: 'What ran' }).click();
        expect(await page.locator('.ved-Record').getByRole('button', { name: /^Open/ }).count()).to.equal(0);
        expect(await page.locator('#ved-assistant').count()).to.equal(0);
        expect(await page.getByRole('button', { name: 'New script' }).count()).to.equal(0);
      },
      '/',
    ));

  it('a plugin that somebody disables says so, and leaves it out after a reload', async () => {
    const { page, check } = await at.open('ed1');
    await at.agents.ed1.post('/api/plugins/llm/disable');
    await page.getByText('ed1 changed the plugin llm.').waitFor();
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.locator('#ved-assistant').waitFor({ state: 'detached' });
    await catalogRow(page, 'Orders').waitFor();
    await at.agents.ed1.post('/api/plugins/llm/enable');
    check();
  });
});
