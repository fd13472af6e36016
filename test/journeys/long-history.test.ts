/** A thousand versions of one script in the History panel of a real browser. */

import { expect } from 'chai';
import type { CDPSession } from 'playwright-core';
import { giveVersions } from '../../plugins/catalog/test/support/many-versions.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { journey, makeScript } from '../support/journey.ts';
import { median } from '../support/statistics.ts';

const VERSIONS = 1000;
/** CPU time of the page from the click on a script's tab to its versions on the screen; the limit for a person is 200 ms. */
const LIMIT_MS = 200;
const ROUNDS = 7;

/** CPU time of the page's thread so far, in milliseconds. */
async function threadMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'ThreadTime')!.value * 1000;
}

exhaustive.describe('the history of a script with a thousand versions', () => {
  const at = journey();

  it('opens immediately, and can be read to its end', async () => {
    const long = await makeScript(at.agents.ed1, '"""Long"""\n');
    await makeScript(at.agents.ed1, '"""Short"""\n');
    await giveVersions(at.server.dataDir, long, VERSIONS);
    const { page, check } = await at.open('ed1', { path: `/editor/${long}` });
    await page.locator(`[data-ved-script-id="${long}"][data-ved-editor]`).waitFor();
    await page.locator('.lm-TabBar-tab[title*="History"]').first().click();
    await page.locator('.ved-History-row').first().waitFor();
    await page.locator('.ved-CatalogRow', { hasText: 'Short' }).dblclick();
    await page.locator('.ved-History-row strong', { hasText: 'v0.1' }).first().waitFor();
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const open = async (tab: string, newest: string) => {
      await page.locator('.lm-DockPanel-tabBar .lm-TabBar-tab', { hasText: tab }).click();
      await page.locator('.ved-History-row strong', { hasText: new RegExp(`^${newest}$`) }).waitFor();
    };
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await threadMs(session);
      await open('Long', `v0.${VERSIONS}`);
      times.push((await threadMs(session)) - before);
      await open('Short', 'v0.1');
    }
    await open('Long', `v0.${VERSIONS}`);
    expect(median(times), `${times}`).to.be.below(LIMIT_MS);
    await page.locator('.ved-History-list').evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await page
      .locator('.ved-History-row', { hasText: /v0\.1(?!\d)/ })
      .getByRole('button', { name: 'Open v0.1', exact: true })
      .waitFor();
    check();
  });
});
