/** Who wrote each line, next to the text in a real browser: shown, updated while typing, and linked. */

import { expect } from 'chai';
import type { Locator, Page } from 'playwright-core';
import { seriousViolations } from '../support/accessibility.ts';
import type { Agent } from '../support/agent.ts';
import { screenshot } from '../support/browser.ts';
import { scriptTab, textShown, typeAtEnd } from '../support/editor.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { journey, makeScript } from '../support/journey.ts';

/** The runs of lines in an editor's blame, as `1-3 ed1 v0.1`. */
async function runs(page: Page, scriptId: number): Promise<string[]> {
  const shown = scriptTab(page, scriptId).locator('.ved-Blame-run:visible');
  return shown.evaluateAll((nodes) =>
    nodes.map((node) =>
      [node.dataset.vedBlameLines, ...[...node.querySelectorAll('.ved-Blame-who, .ved-Blame-version')].map((part) => part.textContent)]
        .filter(Boolean)
        .join(' '),
    ),
  );
}

function runAt(page: Page, scriptId: number, lines: string): Locator {
  return scriptTab(page, scriptId).locator(`[data-ved-blame-lines="${lines}"]`);
}

async function setShown(agent: Agent, showAuthors: boolean): Promise<void> {
  await agent.put('/api/workspace/settings/@ved%2Fversions:blame', { raw: JSON.stringify({ showAuthors }) });
}

describe('who wrote each line', () => {
  const at = journey();
  let id: number;
  let interactionId: number;

  before(async () => {
    const { ed1 } = at.agents;
    // A refused prompt is logged like any other.
    await ed1.post('/api/llm/complete', { prompt: 'Count the orders and drop table orders' });
    interactionId = (await ed1.get('/api/llm/interactions')).body[0].id;
    id = await makeScript(ed1, '"""Orders"""\nfirst = 1\nsecond = 2\nthird = 3\n');
    await ed1.put(`/api/scripts/${id}`, {
      content: '"""Orders"""\nfirst = 1\nsecond = 22\nthird = 3\n',
      message: 'Count twice',
      provenance: { interaction_id: interactionId },
    });
  });

  it('is shown to a viewer on request, and links to the version', async () => {
    const { page, check } = await at.open('mo1', { path: `/editor/${id}` });
    await textShown(page, id);
    await scriptTab(page, id).locator('[data-ved-command="more"] button, [data-ved-command="more"] jp-button').first().click();
    await page.locator('.lm-Menu-item', { hasText: 'Show Who Wrote Each Line' }).click();
    await runAt(page, id, '1-2').waitFor();
    expect(await runs(page, id)).to.deep.equal(['1-2 ed1 v0.1', '3-3 ed1 v0.2', '4-4 ed1 v0.1']);
    await runAt(page, id, '3-3').hover();
    const card = page.locator('.ved-BlameCard:visible');
    await card.getByText('Count twice').waitFor();
    expect(await card.textContent()).to.match(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d\d · line 3 · ✦/);
    await card.getByRole('button', { name: 'Open v0.2' }).click();
    const old = page.locator('[data-ved-editor*="@"]');
    await old.locator('[data-ved-blame-lines="3-3"]').waitFor();
    check();
  });

  exhaustive.it('is shown for old versions as they were', async () => {
    await setShown(at.agents.ed1, true);
    const { page, check } = await at.open('ed1', { path: `/editor/${id}` });
    await runAt(page, id, '1-2').locator('button').click();
    await page.locator('.ved-BlameCard:visible').getByRole('button', { name: 'Open v0.1' }).click();
    const old = page.locator('[data-ved-editor*="@"]');
    await old.locator('[data-ved-blame-lines="1-4"]').waitFor();
    await old.locator('[data-ved-blame-lines="1-4"] button').click();
    await page.locator('.ved-BlameCard:visible').getByText('lines 1 to 4').waitFor();
    expect(await page.locator('.ved-BlameCard:visible').getByRole('button').count()).to.equal(0);
    check();
  });

  exhaustive.it(
    'follows what is typed: changed lines are unsaved, the others keep their author, and a save claims the changed ones',
    async () => {
      await setShown(at.agents.ed1, true);
      const own = await makeScript(at.agents.ed1, 'a = 1\nb = 2\nc = 3');
      const { page, check } = await at.open('ed1', { path: `/editor/${own}` });
      await runAt(page, own, '1-3').waitFor();
      await scriptTab(page, own).locator('.view-line', { hasText: 'a = 1' }).click();
      await page.keyboard.press('End');
      await page.keyboard.type('0\nx = 1');
      await runAt(page, own, '3-4').waitFor();
      expect(await runs(page, own)).to.deep.equal(['1-2 unsaved', '3-4 ed1 v0.1']);
      await page.keyboard.press('Control+s');
      await runAt(page, own, '1-2').filter({ hasText: 'v0.2' }).waitFor();
      await typeAtEnd(page, own, '9');
      await runAt(page, own, '4-4').filter({ hasText: 'unsaved' }).waitFor();
      await page.keyboard.press('Control+z');
      await runAt(page, own, '3-4').filter({ hasText: 'v0.1' }).waitFor();
      check();
    },
  );

  exhaustive.it('links a line written by the assistant to its prompt', async () => {
    await setShown(at.agents.ed1, true);
    const { page, check } = await at.open('ed1', { path: `/editor/${id}` });
    await runAt(page, id, '3-3')
      .getByRole('button', { name: /with the assistant/ })
      .click();
    await page.locator('.ved-BlameCard:visible').getByRole('button', { name: 'Open prompt' }).click();
    await page.locator('.ved-AssistantLog-details').getByText(`interaction ${interactionId}`).waitFor();
    check();
  });

  it('is usable by keyboard alone', async () => {
    await setShown(at.agents.ed1, true);
    const { page, check } = await at.open('ed1', { path: `/editor/${id}` });
    await runAt(page, id, '4-4').waitFor();
    await scriptTab(page, id).locator('.view-line', { hasText: 'third' }).click();
    await page.keyboard.press('Shift+Alt+B');
    const card = page.locator('.ved-BlameCard:visible');
    await card.getByText('line 4').waitFor();
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'hidden' });
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await card.getByText('line 3').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[data-ved-editor*="@"]').waitFor();
    check();
  });

  for (const colorScheme of ['light', 'dark'] as const)
    exhaustive.it(`is readable in the ${colorScheme} theme, wide and narrow`, async () => {
      await setShown(at.agents.ed1, true);
      const { page, check } = await at.open('ed1', { path: `/editor/${id}`, colorScheme });
      await typeAtEnd(page, id, 'fourth = 4\n');
      await runAt(page, id, '5-5').waitFor();
      await runAt(page, id, '3-3').hover();
      await page.locator('.ved-BlameCard:visible').getByText('Count twice').waitFor();
      await screenshot(page, `blame-${colorScheme}`);
      expect(await seriousViolations(page)).to.deep.equal([]);
      await page.setViewportSize({ width: 900, height: 600 });
      await scriptTab(page, id).locator('.ved-Blame-when').first().waitFor({ state: 'hidden' });
      await screenshot(page, `blame-narrow-${colorScheme}`);
      check();
    });
});
