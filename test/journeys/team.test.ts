/** Several editors of one script, as shown in the catalog. */

import { expect } from 'chai';
import { seriousViolations } from '../support/accessibility.ts';
import type { Agent } from '../support/agent.ts';
import { screenshot } from '../support/browser.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { addEditor, catalogRow, journey, makeOnProd } from '../support/journey.ts';

const TEXT = ['"""Orders"""', 'a = 1', 'b = 1', 'c = 1', 'd = 1', ''].join('\n');

describe('a script that two editors change', () => {
  const at = journey();
  let ed2: Agent;

  before(async () => {
    ed2 = await addEditor(at.server, 'ed2');
    const { ed1 } = at.agents;
    const id = await makeOnProd(ed1, TEXT, 3.01);
    await ed2.put(`/api/scripts/${id}`, { content: TEXT.replace('a = 1', 'a = 2') });
    await ed1.put(`/api/scripts/${id}`, { content: TEXT.replace('a = 1', 'a = "ed1"') });
    await ed1.post(`/api/scripts/${id}/merge`, {});
    await makeOnProd(ed1, '"""Clean the orders that nobody has looked at for longer than a year"""\nx = 1\n', 3.02);
  });

  it('is up to date in a page whose live events start late', async () => {
    const { page, check } = await at.open('mo1');
    let begin = (): void => undefined;
    const late = new Promise<void>((resolve) => (begin = resolve));
    await page.route('**/api/events', async (route) => {
      await late;
      await route.continue();
    });
    await page.reload();
    await catalogRow(page, '3.02').waitFor();
    await makeOnProd(at.agents.ed1, '"""Made before the stream"""\n', 3.03);
    begin();
    await catalogRow(page, 'Made before the stream').waitFor();
    check();
  });

  for (const colorScheme of ['light', 'dark'] as const)
    exhaustive.it(`shows who has a version that is not on prod next to the newest, in the ${colorScheme} theme`, async () => {
      const { page, check } = await at.open('mo1', { colorScheme });
      const row = catalogRow(page, '3.01');
      await row.locator('.ved-CatalogRow-others').filter({ hasText: 'ed2 v0.2' }).waitFor();
      expect(await row.getAttribute('aria-label')).to.contain('v0.3 by ed1, on prod, ed2 has v0.2, conflicts with prod');
      await row.hover();
      await page.locator('.ved-CatalogCard').getByText('ed2 has v0.2, conflicts with prod').waitFor();
      await screenshot(page, `team-${colorScheme}`);
      expect(await seriousViolations(page)).to.deep.equal([]);
      check();
    });
});
