/** Pyright in a real browser, and what happens when it crashes. */

import { expect } from 'chai';
import type { Page, Worker } from 'playwright-core';
import { screenshot } from '../support/browser.ts';
import { editing, text } from '../support/editing.ts';
import { editorFocused, lines, scriptTab, textShown, typeAtEnd, word } from '../support/editor.ts';
import { exhaustive } from '../support/exhaustive.ts';

describe('the language service in the editor', () => {
  const { createScript, openScript } = editing({ checkTypes: true });

  describe('a script with a type error', () => {
    it('shows a squiggle and a problem with its line, which disappear when it is fixed', async () => {
      const id = await createScript(`${text}count: int = "a"\n`);
      const { page, check } = await openScript(id);
      await scriptTab(page, id).locator('.squiggly-error').waitFor();
      const problem = page.locator('.ved-ProblemsPanel [data-ved-severity="error"]');
      expect(await problem.textContent()).to.match(/✗ Error.*"Literal\['a'\]" is not assignable.*line 15/s);
      await page.getByRole('tab', { name: 'Problems 1' }).waitFor();
      await page.getByRole('button', { name: '1 error, 0 warnings in the open scripts' }).waitFor();
      await screenshot(page, 'editor-problem');
      await problem.click();
      await page.keyboard.press('End');
      for (const _ of '"a"') await page.keyboard.press('Backspace');
      await page.keyboard.type('1');
      await scriptTab(page, id).locator('.squiggly-error').waitFor({ state: 'detached' });
      await page.getByText('No problems', { exact: true }).waitFor();
      check();
    });

    exhaustive.it('is reached with F8 from anywhere', async () => {
      const id = await createScript(`${text}count: int = "a"\n`);
      const { page, check } = await openScript(id);
      await scriptTab(page, id).locator('.squiggly-error').waitFor();
      await page.locator('.jp-StatusBar-Widget, #jp-bottom-panel').first().click();
      await page.keyboard.press('F8');
      await page.locator('.marker-widget').getByText('is not assignable').first().waitFor();
      check();
    });
  });

  describe('a person who types', () => {
    exhaustive.it('is offered members, names with their imports, and the parameters of a call', async () => {
      const id = await createScript();
      const { page, check } = await openScript(id);
      await page.getByText('Pyright ready').waitFor();
      await typeAtEnd(page, id, 'os.getc');
      const suggestion = page.locator('.suggest-widget.visible .monaco-list-row').first();
      await suggestion.waitFor();
      expect(await suggestion.getAttribute('aria-label')).to.contain('getcwd');
      await screenshot(page, 'editor-completion');
      await page.keyboard.press('Enter');
      await page.keyboard.type('(');
      const signature = page.locator('.parameter-hints-widget.visible .signature');
      await signature.waitFor();
      expect(await signature.textContent()).to.contain('-> str');
      await lines(page, id).filter({ hasText: 'os.getcwd()' }).nth(1).waitFor();
      check();
    });

    exhaustive.it('sees types and docstrings on hover', async () => {
      const id = await createScript();
      const { page, check } = await openScript(id);
      await page.getByText('Pyright ready').waitFor();
      await word(page, id, 'print(total', 'total').hover();
      const hover = page.locator('.monaco-hover:visible').filter({ hasText: 'def total' });
      await hover.waitFor();
      expect(await hover.textContent()).to.contain('Adds them up.');
      check();
    });

    exhaustive.it('goes to definitions in the script and in stubs of the standard library', async () => {
      const id = await createScript();
      const { page, check } = await openScript(id);
      await page.getByText('Pyright ready').waitFor();
      await word(page, id, 'print(total', 'getcwd').click();
      await page.keyboard.press('F12');
      const stub = page.locator('[data-ved-stub="os/__init__.pyi"]');
      await stub.locator('.view-line').filter({ hasText: 'def getcwd()' }).waitFor();
      await screenshot(page, 'editor-stub');
      await page.getByRole('tab', { name: 'Load orders' }).click();
      // The tab is shown before its editor has the focus.
      await editorFocused(page, id);
      await word(page, id, 'print(total', 'total').click();
      await page.keyboard.press('F12');
      await scriptTab(page, id).locator('.active-line-number').filter({ hasText: /^9$/ }).waitFor();
      check();
    });

    exhaustive.it('renames a name everywhere in the script', async () => {
      const id = await createScript();
      const { page, check } = await openScript(id);
      await page.getByText('Pyright ready').waitFor();
      await word(page, id, 'print(total', 'total').click();
      await page.keyboard.press('F2');
      await page.locator('.rename-box input').fill('added');
      await page.keyboard.press('Enter');
      await lines(page, id).filter({ hasText: 'def added' }).waitFor();
      await lines(page, id).filter({ hasText: 'print(added' }).waitFor();
      check();
    });
  });

  exhaustive.describe('a person who does not want type checking', () => {
    it('turns it off in the settings, which stops Pyright, and on again', async () => {
      const id = await createScript(`${text}count: int = "a"\n`);
      const { page, check } = await openScript(id);
      const worker = await pyrightWorker(page);
      await scriptTab(page, id).locator('.squiggly-error').waitFor();
      await page.keyboard.press('Control+,');
      const gone = worker.waitForEvent('close');
      const kept = page.waitForResponse((response) => response.url().includes('/api/workspace/settings/') && response.ok());
      await page.getByLabel('Check types').uncheck();
      await Promise.all([gone, kept]);
      await page.getByText('Pyright off').waitFor();
      await page.reload();
      await page.getByRole('tab', { name: /Load orders/ }).click();
      await textShown(page, id);
      await page.getByText('Pyright is off').waitFor();
      await page.getByText('Pyright off').waitFor();
      expect(await scriptTab(page, id).locator('.squiggly-error').count()).to.equal(0);
      await screenshot(page, 'editor-language-service-off');
      await page.getByRole('button', { name: 'Turn on' }).click();
      await scriptTab(page, id).locator('.squiggly-error').waitFor();
      await page.getByText('Pyright ready').waitFor();
      check();
    });
  });

  exhaustive.describe('a language service that crashes', () => {
    it('restarts automatically and checks what is open', async () => {
      const id = await createScript();
      const { page } = await openScript(id, { expected: [/boom/] });
      await page.getByText('Pyright ready').waitFor();
      const worker = page.workers().find((one) => one.url().includes('pyright'));
      const replaced = page.waitForEvent('worker', (one) => one.url().includes('pyright'));
      await worker!.evaluate(
        () =>
          void setTimeout(() => {
            throw new Error('boom');
          }),
      );
      await replaced;
      await page.getByText('Pyright ready').waitFor();
      await typeAtEnd(page, id, 'count: int = "a"');
      await scriptTab(page, id).locator('.squiggly-error').waitFor();
    });

    it('gives up after some tries, says why, and restarts with a click', async () => {
      const id = await createScript();
      const { page } = await openScript(id, { expected: [/boom/] });
      for (let broken = 0; broken < 4; broken += 1) {
        const worker = await pyrightWorker(page);
        await page.getByText('Pyright ready').waitFor();
        const gone = worker.waitForEvent('close');
        await worker.evaluate(
          () =>
            void setTimeout(() => {
              throw new Error('boom');
            }),
        );
        await gone;
      }
      await page.getByText('You can edit and save scripts, but they are not checked.').waitFor();
      await screenshot(page, 'editor-language-service-stopped');
      await page.getByRole('button', { name: 'Restart' }).click();
      await page.getByText('Pyright ready').waitFor();
    });
  });
});

/** The language service's worker; the next one when the last has just ended. */
async function pyrightWorker(page: Page): Promise<Worker> {
  const isPyright = (one: Worker) => one.url().includes('pyright');
  return page.workers().find(isPyright) ?? page.waitForEvent('worker', isPyright);
}
