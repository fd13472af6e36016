/** Two people on one script in a real browser: presence, who saved first, and a merge with conflicts. */

import { expect } from 'chai';
import type { Agent } from '../support/agent.ts';
import { type newPage, screenshot } from '../support/browser.ts';
import { editing, text } from '../support/editing.ts';
import { lines, scriptTab, textShown, typeAtEnd, versionShown, word } from '../support/editor.ts';
import { exhaustive } from '../support/exhaustive.ts';

describe('two editors of one script', () => {
  const at = editing();
  const { createScript, openScript, saved } = at;
  let editor: Agent;
  let merges = 0;
  let viewer: Agent;
  let eve: Agent;
  before(() => {
    ({ editor, viewer, eve } = at.people);
  });

  describe('a script that somebody else saves', () => {
    const saveElsewhere = async (id: number, line: string) => {
      const { content, version } = await saved(id);
      const { status } = await editor.put(`/api/scripts/${id}`, { content: line + content, base_version_id: version.id });
      expect(status).to.equal(200);
    };
    const conflict = async (options?: Parameters<typeof newPage>[1]) => {
      const id = await createScript();
      const watched = await openScript(id, options);
      await typeAtEnd(watched.page, id, '# mine');
      await saveElsewhere(id, '# theirs\n');
      await scriptTab(watched.page, id).locator('[data-ved-notice="newer"]').waitFor();
      return { id, ...watched };
    };

    it('is updated silently when nothing was typed, and the cursor stays', async () => {
      const id = await createScript();
      const { page, check } = await openScript(id);
      await word(page, id, 'print(total', 'getcwd').click();
      await saveElsewhere(id, '# theirs\n');
      await versionShown(page, id, 'v0.2');
      await lines(page, id).filter({ hasText: '# theirs' }).waitFor();
      await scriptTab(page, id).locator('.active-line-number').filter({ hasText: /^15$/ }).waitFor();
      expect(await scriptTab(page, id).locator('[data-ved-notice]').count()).to.equal(0);
      check();
    });

    exhaustive.it('can be compared, side by side and inline', async () => {
      const { id, page, check } = await conflict();
      await page.keyboard.press('Control+s');
      const dialog = page.locator('.jp-Dialog');
      await dialog.getByText('saved v0.2 while you were editing this script').waitFor();
      await screenshot(page, 'editor-conflict');
      await dialog.getByRole('button', { name: 'Compare' }).click();
      const diff = page.locator('[data-ved-diff]');
      await diff.locator('.editor.original .view-line').filter({ hasText: '# theirs' }).waitFor();
      await diff.locator('.editor.modified .view-line').filter({ hasText: '# mine' }).waitFor();
      await screenshot(page, 'editor-compare');
      await diff.getByText('Inline').click();
      await diff.locator('.monaco-diff-editor:not(.side-by-side)').waitFor();
      expect((await saved(id)).version.minor).to.equal(2);
      check();
    });

    it('can be overwritten with the text', async () => {
      const { id, page, check } = await conflict();
      await page.keyboard.press('Control+s');
      await page.getByRole('button', { name: 'Overwrite v0.2' }).click();
      await versionShown(page, id, 'v0.3');
      expect((await saved(id)).content).to.equal(`${text}# mine`);
      check();
    });

    it('can be left alone, with the text saved as a fork', async () => {
      const { id, page, check } = await conflict();
      await scriptTab(page, id).locator('[data-ved-notice="newer"]').getByRole('button', { name: 'Keep mine as a fork' }).click();
      await page.waitForURL((url) => /\/editor\/\d+$/.test(url.pathname) && !url.pathname.endsWith(`/${id}`));
      const fork = await saved(Number(page.url().split('/').at(-1)));
      expect(fork).to.deep.include({ content: `${text}# mine` });
      expect(fork.version.parent_script_id).to.equal(id);
      expect((await saved(id)).content).to.equal(`# theirs\n${text}`);
      await page.getByText('Your changes were saved as').waitFor();
      check();
    });

    it('is detected by the save when the event was missed', async () => {
      const id = await createScript();
      const { page } = await openScript(id, { expected: [/^http 409 /] });
      await typeAtEnd(page, id, '# mine');
      await page.route('**/api/events', (route) => route.abort());
      await page.context().setOffline(true);
      await saveElsewhere(id, '# theirs\n');
      await page.context().setOffline(false);
      await page.keyboard.press('Control+s');
      await page.locator('.jp-Dialog').getByRole('button', { name: 'Overwrite v0.2' }).waitFor();
    });

    exhaustive.it(
      'shows who saved over a version that was saved here, above the text and in the status bar, and compares both',
      async () => {
        const id = await createScript(`${text}# ${'long '.repeat(100)}mine\n`);
        const { page, check } = await openScript(id);
        await typeAtEnd(page, id, '#');
        await page.keyboard.press('Control+s');
        await page.getByText(/^saved v0\.2 \d\d:\d\d$/).waitFor();
        const { content, version } = await saved(id);
        expect(
          (await eve.put(`/api/scripts/${id}`, { content: content.replace('mine', 'hers'), base_version_id: version.id })).status,
        ).to.equal(200);
        const notice = scriptTab(page, id).locator('[data-ved-notice="overtaken"]');
        await notice.filter({ hasText: 'eve saved v0.3 over your v0.2' }).waitFor();
        await page.getByText(/^eve saved v0\.3 \d\d:\d\d$/).waitFor();
        expect(await page.getByText(/^saved v0\.2/).count()).to.equal(0);
        await screenshot(page, 'editor-overtaken');
        await notice.getByRole('button', { name: 'Compare with mine' }).click();
        const words = page.locator('[data-ved-diff] .editor.modified .char-insert').first();
        await words.waitFor();
        // Far to the right in a long line, and still scrolled into view.
        await page.waitForFunction(() => {
          const pane = document.querySelector('[data-ved-diff] .editor.modified')!.getBoundingClientRect();
          return [...document.querySelectorAll('[data-ved-diff] .editor.modified .char-insert')].some((word) => {
            const { left, right } = word.getBoundingClientRect();
            return left >= pane.left && right <= pane.right;
          });
        });
        await screenshot(page, 'compare-far-right');
        await page.goto(`${at.server.url}/editor/${id}`);
        await textShown(page, id);
        expect(await notice.count()).to.equal(0);
        check();
      },
    );

    exhaustive.it('shows who else has it open', async () => {
      const id = await createScript();
      const { page, check } = await openScript(id);
      await openScript(id, {}, viewer);
      await page.locator('.lm-TabBar-tab .ved-TabPresence').filter({ hasText: 'MO' }).waitFor();
      await screenshot(page, 'editor-presence');
      check();
    });

    exhaustive.it('shows who is typing in it, only while they do', async () => {
      const id = await createScript();
      const theirs = await openScript(id, {}, viewer);
      const { page, check } = await openScript(id);
      await typeAtEnd(page, id, '# typed');
      const chip = scriptTab(theirs.page, id).locator('.ved-PresenceChip');
      await chip.filter({ hasText: 'ed1 is typing' }).waitFor();
      await theirs.page.locator('.lm-TabBar-tab .ved-TabPresence').filter({ hasText: 'ED ✎' }).waitFor();
      await screenshot(theirs.page, 'editor-typing');
      await chip.filter({ hasText: 'ed1 is editing it' }).waitFor();
      await page.keyboard.press('Control+s');
      await chip.waitFor({ state: 'hidden' });
      check();
      theirs.check();
    });
  });

  describe('a merge after changes by two editors', () => {
    const sides = (one: unknown, four: unknown) => `one = ${one}\ntwo = 2\nthree = 3\nfour = ${four}\n`;
    const conflict = async () => {
      // Two scripts on prod must not do the same.
      merges += 1;
      const mark = `merge = ${merges}\n`;
      const id = await createScript(`${sides(1, 4)}${mark}`);
      const put = async (agent: Agent, content: string) => (await agent.put(`/api/scripts/${id}`, { content })).body;
      await editor.post(`/api/scripts/${id}/merge`, {});
      await put(editor, `${sides('"ed"', '"ed"')}${mark}`);
      const { version } = await put(eve, `${sides('"eve"', '"eve"')}${mark}`);
      expect((await editor.post(`/api/scripts/${id}/merge`, {})).status).to.equal(200);
      const watched = await openScript(id, { expected: [/^http 409 /] }, eve);
      await versionShown(watched.page, id, `v${version.major}.${version.minor}`);
      await scriptTab(watched.page, id).locator('[data-ved-command="versions:merge-to-prod"]').click();
      const review = watched.page.locator('.jp-Dialog');
      await review.getByText('both changed the same lines').waitFor();
      await screenshot(watched.page, 'merge-conflict-review');
      await review.getByRole('button', { name: 'Resolve conflict' }).click();
      const tab = watched.page.locator('[data-ved-conflict]');
      await tab.waitFor();
      return { id, tab, ...watched };
    };
    const prod = async (id: number) => (await editor.get(`/api/scripts/${id}/diff?from=prod&to=prod`)).body.from_text;

    it('is resolved conflict by conflict and merged', async () => {
      const { id, tab, page } = await conflict();
      await tab.getByText('2 unresolved').waitFor();
      expect(await tab.locator('.ved-ConflictView-title').allTextContents()).to.have.length(3);
      await screenshot(page, 'editor-three-panes');
      await tab.locator('[data-ved-choice="ours"]').first().click();
      await tab.getByText('1 unresolved').waitFor();
      await tab.locator('[data-ved-choice="both"]').first().click();
      await tab.getByText('All resolved').waitFor();
      await tab.getByText('Use Result').click();
      const review = page.locator('.jp-Dialog');
      await review.getByText('v0.3 merged with v0.2, with your resolution').waitFor();
      expect(await review.locator('.ved-Patch-line.ved-mod-added').allTextContents()).to.deep.equal(['+four = "eve"']);
      await review.getByRole('button', { name: 'Run both on test data' }).click();
      await review.getByRole('region', { name: 'Output of v0.3 merged with v0.2' }).getByText('no output').waitFor();
      await screenshot(page, 'merge-tried-as-decided');
      await review.getByRole('button', { name: 'Back to the panes' }).click();
      await tab.getByText('All resolved').waitFor();
      await tab.getByText('Use Result').click();
      await review.getByRole('button', { name: 'Merge to prod' }).click();
      await tab.waitFor({ state: 'detached' });
      await page.getByText(/^Merged .* to prod/).waitFor();
      expect(await prod(id)).to.equal('one = "ed"\ntwo = 2\nthree = 3\nfour = "ed"\nfour = "eve"\nmerge = 1\n');
    });

    exhaustive.it('is reviewed, tried and merged as the combined text when the changes do not overlap', async () => {
      merges += 1;
      const program = (first: string, last: string) =>
        `"""Both"""\nprint("first", ${first})\n\nmerge = ${merges}\n\nprint("last", ${last})\n`;
      const id = await createScript(program('1', '1'));
      const put = (agent: Agent, content: string) => agent.put(`/api/scripts/${id}`, { content });
      await editor.post(`/api/scripts/${id}/merge`, {});
      await put(editor, program('"ed"', '1'));
      await put(eve, program('1', '"eve"'));
      expect((await editor.post(`/api/scripts/${id}/merge`, {})).status).to.equal(200);
      const { page } = await openScript(id, { expected: [/^http 409 /], colorScheme: 'dark' }, eve);
      await versionShown(page, id, 'v0.3');
      await scriptTab(page, id).locator('[data-ved-command="versions:merge-to-prod"]').click();
      const review = page.locator('.jp-Dialog');
      await review.getByText('v0.3 merged with v0.2 (a new version)').waitFor();
      expect(await review.locator('.ved-Patch-line.ved-mod-added').allTextContents()).to.deep.equal(['+print("last", "eve")']);
      await review.getByRole('button', { name: 'Run both on test data' }).click();
      const tried = review.getByRole('region', { name: 'Output of v0.3 merged with v0.2' });
      await tried.getByText('last eve').waitFor();
      expect(await tried.textContent()).to.contain('first ed');
      await screenshot(page, 'merge-tried-together-dark');

      // Somebody else merges during the review: nothing unreviewed is merged.
      await put(editor, program('"ed again"', '1'));
      expect((await editor.post(`/api/scripts/${id}/merge`, {})).status).to.equal(200);
      await review.getByRole('button', { name: 'Merge to prod' }).click();
      await page.locator('.Toastify__toast').filter({ hasText: 'Somebody has merged this script to prod since' }).waitFor();
      await review.getByText('v0.3 merged with v0.4 (a new version)').waitFor();
      await review.getByRole('button', { name: 'Merge to prod' }).click();
      await page.getByText(/^Merged .* to prod/).waitFor();
      expect(await prod(id)).to.equal(program('"ed again"', '"eve"'));
    });

    exhaustive.it('is still in the panes when prod changed before it was merged', async () => {
      const { id, tab, page } = await conflict();
      for (let left = 2; left > 0; left -= 1) await tab.locator('[data-ved-choice="theirs"]').first().click();
      await tab.getByText('Use Result').click();
      await editor.put(`/api/scripts/${id}`, { content: sides('"later"', '"later"') });
      expect((await editor.post(`/api/scripts/${id}/merge`, {})).status).to.equal(200);
      await page.locator('.jp-Dialog').getByRole('button', { name: 'Merge to prod' }).click();
      await page.locator('.Toastify__toast').filter({ hasText: 'Your resolution is still in the panes' }).waitFor();
      await tab.getByText('All resolved').waitFor();
      expect(await prod(id)).to.contain('one = "later"');
    });

    exhaustive.it('asks before keeping markers, and changes nothing when cancelled', async () => {
      const { id, tab, page } = await conflict();
      await tab.getByText('Use Result').click();
      await page.locator('.jp-Dialog').getByText('2 conflicts are unresolved').waitFor();
      await page.getByRole('button', { name: 'Keep resolving' }).click();
      await tab.getByText('Cancel').click();
      await tab.waitFor({ state: 'detached' });
      expect(await prod(id)).to.contain('one = "ed"');
    });
  });
});
