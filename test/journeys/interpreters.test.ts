/** Choosing the Python of a run, in a real browser over a real Docker engine. */

import { expect } from 'chai';
import { DEFAULT_IMAGE, requireDocker } from '../../plugins/runner/test/engines/support/engines.ts';
import { seriousViolations } from '../support/accessibility.ts';
import { screenshot } from '../support/browser.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { catalogRow, journey, makeScript } from '../support/journey.ts';

exhaustive.describe('interpreters in the workspace', () => {
  before(async function () {
    await requireDocker(this);
  });
  const at = journey({
    VED_RUNNER: 'docker',
    VED_INTERPRETERS: `cpython-3.14=${DEFAULT_IMAGE},second=${DEFAULT_IMAGE},gone=ved.invalid/gone:1`,
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`are offered for a run, and listed with their state (${theme})`, async () => {
      const script = await makeScript(at.agents.ed1, `"""Count in ${theme}"""\ndef later():\n    import yaml\n\nprint("counted")\n`);
      // No interpreters are offered until the first probe is over.
      await at.agents.ed1.post(`/api/execute/${script}`, { source: 'draft' });
      const { page, check } = await at.open('ed1', { colorScheme: theme });
      await catalogRow(page, `Count in ${theme}`).click();
      await page.locator('[data-ved-editor]:visible .view-line').first().waitFor();
      await page.getByRole('button', { name: 'docker · cpython-3.14 · yaml is missing' }).click();
      const facts = page.locator('.jp-Dialog');
      await facts.getByText('not ready: The image ved.invalid/gone:1').waitFor();
      await screenshot(page, `engines-${theme}`);
      expect(await seriousViolations(page)).to.deep.equal([]);
      await facts.getByRole('button', { name: 'Add these lines' }).click();
      await page.locator('.view-line').filter({ hasText: '# dependencies = ["pyyaml"]' }).waitFor();
      await facts.getByText('Line 3: yaml').waitFor({ state: 'detached' });
      await facts.getByRole('button', { name: 'Close' }).click();
      await page.locator('[data-ved-editor]:visible .view-lines').click();
      await page.keyboard.press('Control+z');
      await page.getByRole('button', { name: 'docker · cpython-3.14 · yaml is missing' }).waitFor();
      await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Run Draft With…' }).click();
      const choice = page.locator('.ved-PickInterpreter');
      expect(await choice.getByRole('radio', { name: 'gone' }).isDisabled()).to.equal(true);
      await choice.getByRole('radio', { name: 'second' }).check();
      expect(await seriousViolations(page)).to.deep.equal([]);
      await screenshot(page, `pick-interpreter-${theme}`);
      await page.locator('.jp-Dialog').getByRole('button', { name: 'Run' }).click();
      await page.locator('.ved-Output [data-ved-run-status="succeeded"]').first().waitFor();
      expect(await page.locator('.ved-RunHeader').textContent()).to.contain('docker · second');
      check();
    });
  }
});
