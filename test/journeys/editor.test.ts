/** Editing scripts in a real browser: saving, unsaved text after a reload, test data, viewers. */

import { expect } from 'chai';
import { strToU8, zipSync } from 'fflate';
import type { Locator } from 'playwright-core';
import { until } from '../../plugins/runner/test/engines/support/until.ts';
import { seriousViolations } from '../support/accessibility.ts';
import type { Agent } from '../support/agent.ts';
import { screenshot, viewports, workspaceReady } from '../support/browser.ts';
import { editing, text } from '../support/editing.ts';
import { editorFocused, lines, replaceText, scriptTab, textShown, typeAtEnd, versionShown } from '../support/editor.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { escapeFrom } from '../support/journey.ts';
import type { TestServer } from '../support/server.ts';
import { setTypeChecks } from '../support/type-checks.ts';

describe('the editor', () => {
  const at = editing();
  const { createScript, openPage, openScript, saved } = at;
  let server: TestServer;
  let editor: Agent;
  let viewer: Agent;
  before(() => {
    server = at.server;
    ({ editor, viewer } = at.people);
  });

  describe('an editor who saves', () => {
    it('creates a version with Ctrl+S, and sees which one and when', async () => {
      const id = await createScript();
      const { page, check } = await openScript(id);
      await typeAtEnd(page, id, '# more');
      await page.locator('.lm-TabBar-tab.jp-mod-dirty').filter({ hasText: 'Load orders' }).waitFor();
      await page.keyboard.press('Control+s');
      await versionShown(page, id, 'v0.2');
      await page.locator('.lm-TabBar-tab.jp-mod-dirty').waitFor({ state: 'detached' });
      await page.getByText(/^saved v0\.2 \d\d:\d\d$/).waitFor();
      expect((await saved(id)).content).to.equal(`${text}# more`);
      check();
    });

    it('starts a new script from the template at /editor/new, which gets its own address when saved', async () => {
      const { page, check } = await openPage(editor, '/editor/new');
      await page.getByRole('tab', { name: 'New script' }).waitFor();
      await page.locator('[data-ved-editor] .view-line').filter({ hasText: 'sys' }).first().click();
      await page.keyboard.press('Control+a');
      // The editor closes the docstring automatically.
      await page.keyboard.type('"""Made here');
      await page.keyboard.press('Control+s');
      await page.getByRole('tab', { name: 'Made here' }).waitFor();
      await page.waitForURL(/\/editor\/\d+$/);
      const id = Number(page.url().split('/').at(-1));
      await versionShown(page, id, 'v0.1');
      expect((await saved(id)).content).to.equal('"""Made here"""');
      check();
    });

    it('sees when it fails, keeps the text, and saves by trying again', async () => {
      const id = await createScript();
      const { page } = await openScript(id, { expected: [/^http 507 /] });
      await page.route(`**/api/scripts/${id}`, (route) =>
        route.request().method() === 'PUT' ? route.fulfill({ status: 507, ...problem('The disk is full.') }) : route.continue(),
      );
      await typeAtEnd(page, id, '# kept');
      await page.keyboard.press('Control+s');
      const notice = scriptTab(page, id).locator('[data-ved-notice="failed"]');
      await notice.waitFor();
      expect(await notice.textContent())
        .to.contain('Your text is still here')
        .and.to.contain('The disk is full.');
      await screenshot(page, 'editor-not-saved');
      await page.unroute(`**/api/scripts/${id}`);
      await notice.getByRole('button', { name: 'Try again' }).click();
      await versionShown(page, id, 'v0.2');
      await notice.waitFor({ state: 'detached' });
      expect((await saved(id)).content).to.equal(`${text}# kept`);
    });

    it('is asked before closing a tab with unsaved text, and can save, discard or cancel', async () => {
      const id = await createScript();
      const { page, check } = await openScript(id);
      const tab = page.locator('.lm-TabBar-tab').filter({ hasText: 'Load orders' });
      const close = () => tab.locator('.lm-TabBar-tabCloseIcon').click();
      await typeAtEnd(page, id, '# one');
      await close();
      await page.getByRole('button', { name: 'Cancel' }).click();
      await textShown(page, id);
      await close();
      await page.locator('.jp-Dialog').getByRole('button', { name: 'Save', exact: true }).click();
      await tab.waitFor({ state: 'detached' });
      expect((await saved(id)).content).to.equal(`${text}# one`);
      await page.goto(`${server.url}/editor/${id}`);
      await textShown(page, id);
      await typeAtEnd(page, id, ' # two');
      await close();
      await page.getByRole('button', { name: 'Discard' }).click();
      await tab.waitFor({ state: 'detached' });
      await page.goto(`${server.url}/editor/${id}`);
      await lines(page, id).filter({ hasText: '# one' }).waitFor();
      expect(await lines(page, id).filter({ hasText: '# two' }).count()).to.equal(0);
      expect((await saved(id)).version.minor).to.equal(2);
      check();
    });
  });

  describe('unsaved text', () => {
    it('is restored after a reload, which asks first, and can be discarded', async () => {
      const id = await createScript();
      const { page, check } = await openScript(id);
      await typeAtEnd(page, id, '# not saved');
      await page.locator('.lm-TabBar-tab.jp-mod-dirty').waitFor();
      const asked = page.waitForEvent('dialog').then(async (dialog) => {
        await dialog.accept();
        return dialog.type();
      });
      await page.reload();
      expect(await asked).to.equal('beforeunload');
      await workspaceReady(page);
      await lines(page, id).filter({ hasText: '# not saved' }).waitFor();
      const notice = scriptTab(page, id).locator('[data-ved-notice="restored"]');
      expect(await notice.textContent()).to.match(/Restored unsaved changes from \d\d:\d\d/);
      await screenshot(page, 'editor-restored');
      await notice.getByRole('button', { name: 'Discard mine' }).click();
      await page.locator('.jp-Dialog').getByRole('button', { name: 'Discard' }).click();
      await lines(page, id).filter({ hasText: '# not saved' }).waitFor({ state: 'detached' });
      await notice.waitFor({ state: 'detached' });
      check();
    });

    exhaustive.it('of a script that was never saved is restored too', async () => {
      const { page, check } = await openPage(editor, '/editor/new');
      await page.locator('[data-ved-editor] .view-line').filter({ hasText: 'sys' }).first().click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type('# a new idea');
      await page.locator('.lm-TabBar-tab.jp-mod-dirty').waitFor();
      const isKept = async () => JSON.stringify((await editor.get('/api/workspace/state')).body).includes('new-');
      await until(isKept, 'the server keeps the tab');
      page.once('dialog', (dialog) => void dialog.accept());
      await page.reload();
      await page.locator('[data-ved-editor] .view-line').filter({ hasText: '# a new idea' }).waitFor();
      expect(await page.locator('[data-ved-editor]').count()).to.equal(1);
      check();
    });

    exhaustive.it('does not follow the person into another browser, and is not lost when they save there', async () => {
      const id = await createScript();
      const here = await openScript(id);
      await typeAtEnd(here.page, id, '# typed here');
      await here.page.locator('.lm-TabBar-tab.jp-mod-dirty').waitFor();
      const there = await openScript(id);
      expect(await lines(there.page, id).filter({ hasText: '# typed here' }).count()).to.equal(0);
      await typeAtEnd(there.page, id, '# saved there');
      await there.page.keyboard.press('Control+s');
      await versionShown(there.page, id, 'v0.2');
      here.page.once('dialog', (dialog) => void dialog.accept());
      await here.page.reload();
      await lines(here.page, id).filter({ hasText: '# typed here' }).waitFor();
      await scriptTab(here.page, id).locator('[data-ved-notice="newer"]').waitFor();
      await versionShown(here.page, id, 'v0.1');
      here.check();
    });
  });

  describe('the catalog next to an open script', () => {
    it('moves the focus to the text with Enter, and renumbers its own row with F2', async () => {
      const id = await createScript();
      const { page, check } = await openScript(id);
      const list = page.getByRole('listbox', { name: 'Scripts' });
      const numberAsked = page.locator('.jp-Dialog').filter({ hasText: 'New number for' });
      await page.locator(`.ved-CatalogRow[data-ved-script-id="${id}"]`).click();
      await page.keyboard.press('F2');
      await escapeFrom(numberAsked);
      await numberAsked.waitFor({ state: 'detached' });
      await list.focus();
      await page.keyboard.press('Enter');
      await editorFocused(page, id);
      await page.keyboard.type('x = 1');
      await lines(page, id).filter({ hasText: 'x = 1' }).waitFor();
      await list.focus();
      await page.keyboard.press('F2');
      await escapeFrom(numberAsked);
      check();
    });
  });

  describe('a script with mixed line endings', () => {
    const mixed = '"""Mixed"""\r\none = 1\ntwo = 2\rthree = "a\u2028b"\r\n\x0c\nfour = 4\r\n\r\nlast = 5';

    it('is not changed by opening it, changes only in edited lines, and is unchanged after an undo', async () => {
      const id = await createScript(mixed, 'a\r\nb\rc\n');
      const { page, check } = await openScript(id);
      const dirty = page.locator('.lm-TabBar-tab.jp-mod-dirty');
      expect(await dirty.count()).to.equal(0);
      await lines(page, id).filter({ hasText: 'two = 2' }).click();
      await page.keyboard.press('End');
      await page.keyboard.type('0');
      await dirty.waitFor();
      await page.keyboard.press('Control+z');
      await dirty.waitFor({ state: 'detached' });
      await page.keyboard.press('Control+y');
      await dirty.waitFor();
      page.once('dialog', (dialog) => void dialog.accept());
      await page.reload();
      await workspaceReady(page);
      await scriptTab(page, id).locator('[data-ved-notice="restored"]').waitFor();
      await textShown(page, id);
      await page.keyboard.press('Control+s');
      await versionShown(page, id, 'v0.2');
      expect((await saved(id)).content).to.equal(mixed.replace('two = 2', 'two = 20'));
      await page.locator('.lm-TabBar-tab[data-id="ved-test-data"]').click();
      const field = page.getByRole('textbox', { name: /^Test data of/ });
      await field.fill('a\nB\nc\n');
      await page.getByRole('button', { name: 'Save test data' }).click();
      await page.getByRole('button', { name: 'Save test data' }).waitFor({ state: 'detached' });
      expect((await saved(id)).test_data).to.equal('a\r\nB\rc\n');
      check();
    });

    exhaustive.it('gets pasted text with the line endings around it', async () => {
      const id = await createScript('one = 1\r\ntwo = 2\r\n');
      const { page, check } = await openScript(id, { permissions: ['clipboard-read', 'clipboard-write'] });
      await lines(page, id).filter({ hasText: 'two = 2' }).click();
      await page.keyboard.press('Home');
      await page.evaluate(() => navigator.clipboard.writeText('new = 1\nmore = 2\r\n'));
      await page.keyboard.press('Control+v');
      await lines(page, id).filter({ hasText: 'more = 2' }).waitFor();
      await page.keyboard.press('Control+s');
      await versionShown(page, id, 'v0.2');
      expect((await saved(id)).content).to.equal('one = 1\r\nnew = 1\r\nmore = 2\r\ntwo = 2\r\n');
      check();
    });
  });

  describe('a name with bidirectional control characters', () => {
    it('does not reorder the text around it in catalog, tab, title, dialog, palette, history or notification', async () => {
      const id = await createScript('"""Delete all \u202eyp.stropxe\u2066 \u200bnow"""\nprint(1)\n');
      const { page, check } = await openScript(id);
      const shown = 'Delete all \ufffdyp.stropxe\ufffd \ufffdnow';
      await page.getByRole('tab', { name: shown }).waitFor();
      await page.locator('.ved-CatalogRow').filter({ hasText: shown }).waitFor();
      expect(await page.title()).to.contain(shown);
      await page.locator('[data-ved-version] button').click();
      await page.locator('#ved-history').filter({ hasText: shown }).waitFor();
      const hidden = () =>
        page.evaluate(() => {
          const found = [...document.querySelectorAll('body *')]
            .filter((node) => !node.closest('.monaco-editor') && !node.childElementCount)
            .flatMap((node) => [node.textContent ?? '', node.getAttribute('title') ?? '', node.getAttribute('aria-label') ?? '']);
          return [document.title, ...found].filter((each) => /[\u200b\u202a-\u202e\u2066-\u2069]/.test(each));
        });
      expect(await hidden()).to.deep.equal([]);
      await page.keyboard.press('Control+p');
      await page.locator('.lm-CommandPalette-item').filter({ hasText: shown }).waitFor();
      expect(await hidden()).to.deep.equal([]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+Shift+C');
      await page.getByPlaceholder('Search commands').fill('Delete Script');
      await page.keyboard.press('Enter');
      await page.locator('.jp-Dialog').filter({ hasText: shown }).waitFor();
      await screenshot(page, 'editor-safe-name');
      expect(await hidden()).to.deep.equal([]);
      check();
    });
  });

  describe('test data', () => {
    it('is shown next to its script, can be saved alone without a new version, and is saved with the script by Ctrl+S', async () => {
      const id = await createScript(text, 'a,b\n1,2\n');
      const { page, check } = await openScript(id);
      await page.locator('.lm-TabBar-tab[data-id="ved-test-data"]').click();
      const field = page.getByRole('textbox', { name: /^Test data of/ });
      expect(await field.inputValue()).to.equal('a,b\n1,2\n');
      await field.fill('a,b\n3,4\n');
      await screenshot(page, 'editor-test-data');
      await page.getByRole('button', { name: 'Save test data' }).click();
      await page.getByRole('button', { name: 'Save test data' }).waitFor({ state: 'detached' });
      expect(await saved(id)).to.deep.include({ test_data: 'a,b\n3,4\n' });
      expect((await saved(id)).version.minor).to.equal(1);
      await field.fill('a,b\n5,6\n');
      await typeAtEnd(page, id, '# with data');
      await page.keyboard.press('Control+s');
      await versionShown(page, id, 'v0.2');
      expect(await saved(id)).to.deep.include({ test_data: 'a,b\n5,6\n', content: `${text}# with data` });
      check();
    });

    exhaustive.it('of 16 MiB is shown in part and keeps the page responsive', async () => {
      const id = await createScript(text, 'x'.repeat(16 * 1024 * 1024));
      const { page, check } = await openScript(id);
      await page.locator('.lm-TabBar-tab[data-id="ved-test-data"]').click();
      await page.getByText('16.0 MiB: the first 64.0 KiB are shown.').waitFor();
      await replaceText(page, id, 'print(1)\n');
      await page.keyboard.press('Control+s');
      await versionShown(page, id, 'v0.2');
      expect((await saved(id)).test_data).to.have.length(16 * 1024 * 1024);
      check();
    });
  });

  describe('a file for the test data', () => {
    const XLSX = Buffer.from(zipSync({ '[Content_Types].xml': strToU8('x'), 'xl/workbook.xml': strToU8('x') }));
    const CP1252 = Buffer.from('Name;Preis\nM\xfcller;5 \x80\n\x93Caf\xe9\x94;\x85\n', 'latin1');
    const CONVERTED = 'Name;Preis\nMüller;5 €\n“Café”;…\n';

    async function openTestData(id: number, as = editor) {
      const watched = await openScript(id, { viewport: viewports.laptop }, as);
      const { page } = watched;
      await page.locator('.lm-TabBar-tab[data-id="ved-test-data"]').click();
      const panel = page.locator('#ved-test-data');
      const field = panel.getByRole('textbox', { name: /^Test data of/ });
      await field.waitFor();
      const load = async (name: string, buffer: Buffer, button = 'Load a file…') => {
        const [chooser] = await Promise.all([page.waitForEvent('filechooser'), panel.getByRole('button', { name: button }).click()]);
        await chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer });
      };
      return { ...watched, panel, field, load };
    }

    exhaustive.it('is refused in the panel with what to do, without changing the data, and another can be tried', async () => {
      const id = await createScript(text, 'as it was\n');
      const { page, panel, field, load, check } = await openTestData(id);
      await load('orders.xlsx', XLSX);
      const alert = panel.getByRole('alert');
      await alert.getByText('orders.xlsx is an Excel workbook, not text.').waitFor();
      expect(await alert.textContent()).to.contain('CSV UTF-8');
      expect(await field.inputValue()).to.equal('as it was\n');
      expect(await seriousViolations(page, '#ved-test-data')).to.deep.equal([]);
      await screenshot(page, 'editor-test-data-refused');
      await load('orders.csv', Buffer.from('a;b\n'), 'Choose another file…');
      await panel.getByRole('status').getByText('Loaded orders.csv.').waitFor();
      expect(await field.inputValue()).to.equal('a;b\n');
      expect(await alert.count()).to.equal(0);
      check();
    });

    exhaustive.it("in Excel's encoding is previewed, and converted on request", async () => {
      const id = await createScript(text, 'as it was\n');
      const { page, panel, field, load, check } = await openTestData(id);
      await load('orders.csv', CP1252);
      const preview = panel.getByRole('region', { name: 'Preview of the converted file' });
      await preview.getByText('Müller;5 €').waitFor();
      expect(await preview.textContent()).to.contain('“Café”;…');
      await panel.getByLabel('Encoding of the file').selectOption('macintosh');
      await preview.getByText('Müller').waitFor({ state: 'detached' });
      await panel.getByRole('button', { name: 'Cancel' }).click();
      expect(await field.inputValue()).to.equal('as it was\n');
      await load('orders.csv', CP1252);
      await preview.getByText('Müller;5 €').waitFor();
      expect(await field.inputValue()).to.equal('as it was\n');
      expect(await seriousViolations(page, '#ved-test-data')).to.deep.equal([]);
      await screenshot(page, 'editor-test-data-convert');
      await panel.getByRole('button', { name: 'Convert and load' }).click();
      expect(await field.inputValue()).to.equal(CONVERTED);
      await panel.getByRole('button', { name: 'Save test data' }).click();
      await panel.getByRole('button', { name: 'Save test data' }).waitFor({ state: 'detached' });
      expect((await saved(id)).test_data).to.equal(CONVERTED);
      check();
    });

    exhaustive.it('can be dropped and pasted, but not when the script is read-only', async () => {
      const id = await createScript(text, 'as it was\n');
      const give = (target: Locator, kind: 'drop' | 'paste', names: string[], bytes: number[]) =>
        target.evaluate(
          (node, { kind, names, bytes }) => {
            const data = new DataTransfer();
            for (const name of names) data.items.add(new File([Uint8Array.from(bytes)], name));
            const init = { bubbles: true, cancelable: true };
            node.dispatchEvent(
              kind === 'drop'
                ? new DragEvent(kind, { ...init, dataTransfer: data })
                : new ClipboardEvent(kind, { ...init, clipboardData: data }),
            );
          },
          { kind, names, bytes },
        );
      const mine = await openTestData(id);
      await give(mine.field, 'drop', ['picture.png'], [0x89, 0x50, 0x4e, 0x47]);
      await mine.panel.getByText('picture.png is a picture, not text.').waitFor();
      await give(mine.panel.locator('h2'), 'drop', ['a.csv', 'b.csv'], [97]);
      await mine.panel.getByText('Only one file can be loaded at a time.').waitFor();
      await give(mine.field, 'paste', ['data.csv'], [97, 59, 98]);
      await mine.panel.getByText('Loaded data.csv.').waitFor();
      expect(await mine.field.inputValue()).to.equal('a;b');
      mine.check();
      const theirs = await openTestData(id, viewer);
      await give(theirs.field, 'drop', ['data.csv'], [97]);
      await theirs.panel.getByRole('alert').getByText('is read-only here').waitFor();
      expect(await theirs.field.inputValue()).to.equal('as it was\n');
      theirs.check();
    });
  });

  describe('a viewer', () => {
    exhaustive.it('can read everything and is offered no way to write', async () => {
      const id = await createScript(text, 'data');
      await setTypeChecks(viewer, true);
      const { page, check } = await openScript(id, { viewport: viewports.laptop }, viewer);
      await page.getByText('Pyright ready').waitFor();
      await lines(page, id).first().click();
      await page.keyboard.type('typed');
      await page.keyboard.press('Control+s');
      expect(await lines(page, id).filter({ hasText: 'typed' }).count()).to.equal(0);
      for (const command of ['editor:save', 'runner:run-or-stop', 'versions:merge-to-prod'])
        expect(await scriptTab(page, id).locator(`[data-ved-command="${command}"]:visible`).count(), command).to.equal(0);
      await page.locator('.lm-TabBar-tab[data-id="ved-test-data"]').click();
      expect(await page.getByRole('textbox', { name: /^Test data of/ }).getAttribute('readonly')).to.equal('');
      expect(await page.getByRole('button', { name: 'Load a file…' }).count()).to.equal(0);
      await screenshot(page, 'editor-viewer');
      check();
    });

    exhaustive.it('gets no new script at its address, because they could not save it', async () => {
      const id = await createScript(text);
      const { page, check } = await openScript(id, {}, viewer);
      await page.goto(`${server.url}/editor/new`);
      await workspaceReady(page);
      await scriptTab(page, id).waitFor();
      expect(await page.locator('.lm-TabBar-tab').filter({ hasText: 'New script' }).count()).to.equal(0);
      check();
    });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    exhaustive.describe(`an accessibility check in the ${colorScheme} theme`, () => {
      it('finds no serious violations in editor, notices, problems and test data', async () => {
        const id = await createScript(`${text}count: int = "a"\n`);
        await setTypeChecks(editor, true);
        const { page } = await openScript(id, { colorScheme, viewport: viewports.laptop });
        await scriptTab(page, id).locator('.squiggly-error').waitFor();
        await page.locator('.lm-TabBar-tab[data-id="ved-test-data"]').click();
        await typeAtEnd(page, id, '# mine');
        await editor.put(`/api/scripts/${id}`, { content: '# theirs', base_version_id: (await saved(id)).version.id });
        await scriptTab(page, id).locator('[data-ved-notice="newer"]').waitFor();
        await screenshot(page, `editor-${colorScheme}`);
        expect(await seriousViolations(page)).to.deep.equal([]);
      });
    });
  }
});

function problem(detail: string) {
  const body = { type: 'urn:ved:problem:storage:full', title: 'Insufficient storage', status: 507, detail, code: 'storage/full' };
  return { contentType: 'application/problem+json', body: JSON.stringify(body) };
}
