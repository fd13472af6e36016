/** Editing scripts in a real browser: the language service, saving, what others do meanwhile, what is kept when the page ends. */
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { openDatabase, UserStore } from '@ved/core/server';
import { expect } from 'chai';
import type { Browser, Page, Worker } from 'playwright-core';
import type { Agent } from '../support/agent.ts';
import { launchBrowser, newPage, openWorkspace, screenshot, viewports, type WatchedPage, workspaceReady } from '../support/browser.ts';
import { lines, replaceText, scriptTab, textShown, typeAtEnd, versionShown, word } from '../support/editor.ts';
import { ensurePageBuilt } from '../support/page.ts';
import { startServer, type TestServer } from '../support/server.ts';

const env = { VED_RUNNER: 'pyodide' };

const text = `"""Load orders

Reads them from a file.
"""
import os
import sys


def total(values: list[int]) -> int:
    """Adds them up."""
    return sum(values)


print(total([1, 2]), os.getcwd(), sys.argv[1])
`;

describe('the editor', function () {
  this.timeout(120_000);
  let browser: Browser;
  let server: TestServer;
  let editor: Agent;
  let viewer: Agent;
  let eve: Agent;
  let opened: WatchedPage[] = [];
  let merges = 0;

  before(async function () {
    this.timeout(240_000);
    const page = await ensurePageBuilt();
    [browser, server] = await Promise.all([launchBrowser(), startServer({ page, env })]);
    await addEditor(server.dataDir, 'eve', 'eve-is-an-editor');
    [editor, viewer, eve] = await Promise.all([
      server.signIn('ed1', '1editor'),
      server.signIn('mo1', '2viewer'),
      server.signIn('eve', 'eve-is-an-editor'),
    ]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
  beforeEach(async () => {
    // Every test begins with nothing open.
    for (const agent of [editor, viewer, eve]) {
      const { body } = await agent.get('/api/workspace/state');
      await agent.put('/api/workspace/state', { values: Object.fromEntries(Object.keys(body).map((key) => [key, null])) });
    }
  });
  afterEach(async () => {
    for (const { context } of opened) await context.close();
    opened = [];
  });

  const createScript = async (content = text, testData = ''): Promise<number> => {
    const { status, body } = await editor.post('/api/scripts', { content, test_data: testData });
    expect(status).to.equal(201);
    return body.id;
  };
  const openPage = async (agent: Agent, path: string, options: Parameters<typeof newPage>[1] = {}) => {
    const watched = await newPage(browser, options);
    opened.push(watched);
    await openWorkspace(watched.page, agent, path);
    return watched;
  };
  const openScript = async (scriptId: number, options: Parameters<typeof newPage>[1] = {}, agent = editor) => {
    const watched = await openPage(agent, `/editor/${scriptId}`, options);
    await textShown(watched.page, scriptId);
    return watched;
  };
  const saved = async (scriptId: number) => (await editor.get(`/api/scripts/${scriptId}`)).body;

  describe('a script with a type error', () => {
    it('shows a squiggle and a problem with its line, which go when it is put right', async () => {
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
      await page.getByText('No problems').waitFor();
      check();
    });

    it('is gone to with F8 from anywhere', async () => {
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
    it('is offered what the object has, with its import when it lies elsewhere, and the parameters of a call', async () => {
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

    it('sees types and docstrings under the pointer', async () => {
      const id = await createScript();
      const { page, check } = await openScript(id);
      await page.getByText('Pyright ready').waitFor();
      await word(page, id, 'print(total', 'total').hover();
      const hover = page.locator('.monaco-hover:visible').filter({ hasText: 'def total' });
      await hover.waitFor();
      expect(await hover.textContent()).to.contain('Adds them up.');
      check();
    });

    it('goes to the definition in the script, and to the stub of what Python brings', async () => {
      const id = await createScript();
      const { page, check } = await openScript(id);
      await page.getByText('Pyright ready').waitFor();
      await word(page, id, 'print(total', 'getcwd').click();
      await page.keyboard.press('F12');
      const stub = page.locator('[data-ved-stub="os/__init__.pyi"]');
      await stub.locator('.view-line').filter({ hasText: 'def getcwd()' }).waitFor();
      await screenshot(page, 'editor-stub');
      await page.getByRole('tab', { name: 'Load orders' }).click();
      await word(page, id, 'print(total', 'total').click();
      await page.keyboard.press('F12');
      await scriptTab(page, id).locator('.active-line-number').filter({ hasText: /^9$/ }).waitFor();
      check();
    });

    it('renames a name everywhere in the script', async () => {
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

  describe('a language service that breaks', () => {
    it('is started again by itself and checks what is open', async () => {
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

    it('gives up after some tries, says why, and is started by a press', async () => {
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
      await page.getByText('Scripts can be edited and saved, but are not checked.').waitFor();
      await screenshot(page, 'editor-language-service-stopped');
      await page.getByRole('button', { name: 'Start it again' }).click();
      await page.getByText('Pyright ready').waitFor();
    });
  });

  describe('an editor who saves', () => {
    it('makes a version with Ctrl+S, and says which and when', async () => {
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

    it('begins a new script from the template at /editor/new, which has its own address once saved', async () => {
      const { page, check } = await openPage(editor, '/editor/new');
      await page.getByRole('tab', { name: 'New script' }).waitFor();
      await page.locator('[data-ved-editor] .view-line').filter({ hasText: 'sys' }).first().click();
      await page.keyboard.press('Control+a');
      // The editor closes the docstring by itself.
      await page.keyboard.type('"""Made here');
      await page.keyboard.press('Control+s');
      await page.getByRole('tab', { name: 'Made here' }).waitFor();
      await page.waitForURL(/\/editor\/\d+$/);
      const id = Number(page.url().split('/').at(-1));
      await versionShown(page, id, 'v0.1');
      expect((await saved(id)).content).to.equal('"""Made here"""');
      check();
    });

    it('is told when it fails, keeps the text, and saves by trying again', async () => {
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
        .to.contain('your text is kept')
        .and.to.contain('The disk is full.');
      await screenshot(page, 'editor-not-saved');
      await page.unroute(`**/api/scripts/${id}`);
      await notice.getByRole('button', { name: 'Try again' }).click();
      await versionShown(page, id, 'v0.2');
      await notice.waitFor({ state: 'detached' });
      expect((await saved(id)).content).to.equal(`${text}# kept`);
    });

    it('is asked when a tab with unsaved text is closed, and can save, discard or stay', async () => {
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

  describe('text that was not saved', () => {
    it('is there again after a reload, which asks first, and can be discarded', async () => {
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
      expect(await notice.textContent()).to.match(/Unsaved changes of \d\d:\d\d restored/);
      await screenshot(page, 'editor-restored');
      await notice.getByRole('button', { name: 'Discard mine' }).click();
      await page.locator('.jp-Dialog').getByRole('button', { name: 'Discard' }).click();
      await lines(page, id).filter({ hasText: '# not saved' }).waitFor({ state: 'detached' });
      await notice.waitFor({ state: 'detached' });
      check();
    });

    it('of a script that was never saved is there again too', async () => {
      const { page, check } = await openPage(editor, '/editor/new');
      await page.locator('[data-ved-editor] .view-line').filter({ hasText: 'sys' }).first().click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type('# a new idea');
      await page.locator('.lm-TabBar-tab.jp-mod-dirty').waitFor();
      await page.waitForFunction(async () => (await (await fetch('/api/workspace/state')).text()).includes('new-'));
      page.once('dialog', (dialog) => void dialog.accept());
      await page.reload();
      await page.locator('[data-ved-editor] .view-line').filter({ hasText: '# a new idea' }).waitFor();
      expect(await page.locator('[data-ved-editor]').count()).to.equal(1);
      check();
    });

    it('does not follow the person into another browser, and is not lost by what they save there', async () => {
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

  describe('a script that somebody else saves meanwhile', () => {
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

    it('follows without a word where nothing was typed, and the cursor stays', async () => {
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

    it('can be compared with, side by side and inline', async () => {
      const { id, page, check } = await conflict();
      await page.keyboard.press('Control+s');
      const dialog = page.locator('.jp-Dialog');
      await dialog.getByText('saved v0.2 while you were changing this script').waitFor();
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

    it('can be overwritten: the text is saved on top', async () => {
      const { id, page, check } = await conflict();
      await page.keyboard.press('Control+s');
      await page.getByRole('button', { name: 'Overwrite v0.2' }).click();
      await versionShown(page, id, 'v0.3');
      expect((await saved(id)).content).to.equal(`${text}# mine`);
      check();
    });

    it('can be left as it is, and the text kept as a fork', async () => {
      const { id, page, check } = await conflict();
      await scriptTab(page, id).locator('[data-ved-notice="newer"]').getByRole('button', { name: 'Keep mine as a fork' }).click();
      await page.waitForURL((url) => /\/editor\/\d+$/.test(url.pathname) && !url.pathname.endsWith(`/${id}`));
      const fork = await saved(Number(page.url().split('/').at(-1)));
      expect(fork).to.deep.include({ content: `${text}# mine` });
      expect(fork.version.parent_script_id).to.equal(id);
      expect((await saved(id)).content).to.equal(`# theirs\n${text}`);
      await page.getByText('Yours is kept as').waitFor();
      check();
    });

    it('is found out by the save itself when the event did not come', async () => {
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

    it('shows who else has it open', async () => {
      const id = await createScript();
      const { page, check } = await openScript(id);
      await openScript(id, {}, viewer);
      await page.locator('.lm-TabBar-tab .ved-TabPresence').filter({ hasText: 'MO' }).waitFor();
      await screenshot(page, 'editor-presence');
      check();
    });

    it('shows who is typing in it, and no longer than they do', async () => {
      const id = await createScript();
      const theirs = await openScript(id, {}, viewer);
      const { page, check } = await openScript(id);
      await typeAtEnd(page, id, '# typed');
      const chip = scriptTab(theirs.page, id).locator('.ved-PresenceChip');
      await chip.filter({ hasText: 'ed1 is typing' }).waitFor();
      await theirs.page.locator('.lm-TabBar-tab .ved-TabPresence').filter({ hasText: 'ED ✎' }).waitFor();
      await screenshot(theirs.page, 'editor-typing');
      await chip.filter({ hasText: 'ed1 is changing it' }).waitFor();
      await page.keyboard.press('Control+s');
      await chip.waitFor({ state: 'hidden' });
      check();
      theirs.check();
    });
  });

  describe('a merge that two editors made different', () => {
    const sides = (one: unknown, four: unknown) => `one = ${one}\ntwo = 2\nthree = 3\nfour = ${four}\n`;
    const conflict = async () => {
      // No two scripts on prod may do the same.
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
      await scriptTab(watched.page, id).locator('[data-ved-command="git:merge-to-prod"]').click();
      await watched.page.locator('.jp-Dialog').getByRole('button', { name: 'Merge to prod' }).click();
      const tab = watched.page.locator('[data-ved-conflict]');
      await tab.waitFor();
      return { id, tab, ...watched };
    };
    const prod = async (id: number) => (await editor.get(`/api/scripts/${id}/diff?from=prod&to=prod`)).body.from_text;

    it('is decided region by region, between both sides, and merged', async () => {
      const { id, tab, page } = await conflict();
      await tab.getByText('2 to decide').waitFor();
      expect(await tab.locator('.ved-ConflictView-title').allTextContents()).to.have.length(3);
      await screenshot(page, 'editor-three-panes');
      await tab.locator('[data-ved-choice="ours"]').first().click();
      await tab.getByText('1 to decide').waitFor();
      await tab.locator('[data-ved-choice="both"]').first().click();
      await tab.getByText('All decided').waitFor();
      await tab.getByText('Use the Result').click();
      await tab.waitFor({ state: 'detached' });
      await page.getByText(/^Merged .* to prod/).waitFor();
      expect(await prod(id)).to.equal('one = "ed"\ntwo = 2\nthree = 3\nfour = "ed"\nfour = "eve"\nmerge = 1\n');
    });

    it('is not finished with markers unless that is confirmed, and changes nothing when given up', async () => {
      const { id, tab, page } = await conflict();
      await tab.getByText('Use the Result').click();
      await page.locator('.jp-Dialog').getByText('2 regions are undecided').waitFor();
      await page.getByRole('button', { name: 'Go on deciding' }).click();
      await tab.getByText('Give Up').click();
      await tab.waitFor({ state: 'detached' });
      expect(await prod(id)).to.contain('one = "ed"');
    });
  });

  describe('test data', () => {
    it('is shown beside its script, saved alone without a new version, and with the script by Ctrl+S', async () => {
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

    it('of 16 MiB is shown in part and leaves the page quick', async () => {
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

  describe('a viewer', () => {
    it('reads everything and is offered nothing that writes', async () => {
      const id = await createScript(text, 'data');
      const { page, check } = await openScript(id, { viewport: viewports.laptop }, viewer);
      await page.getByText('Pyright ready').waitFor();
      await lines(page, id).first().click();
      await page.keyboard.type('typed');
      await page.keyboard.press('Control+s');
      expect(await lines(page, id).filter({ hasText: 'typed' }).count()).to.equal(0);
      for (const command of ['editor:save', 'runner:run-draft', 'git:merge-to-prod'])
        expect(await scriptTab(page, id).locator(`[data-ved-command="${command}"]:visible`).count(), command).to.equal(0);
      await page.locator('.lm-TabBar-tab[data-id="ved-test-data"]').click();
      expect(await page.getByRole('textbox', { name: /^Test data of/ }).getAttribute('readonly')).to.equal('');
      expect(await page.getByRole('button', { name: 'Load a file…' }).count()).to.equal(0);
      await screenshot(page, 'editor-viewer');
      check();
    });

    it('is given no new script by its address, which they could not keep', async () => {
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
    describe(`an accessibility check in the ${colorScheme} theme`, () => {
      it('finds nothing serious in editor, notices, problems and test data', async () => {
        const id = await createScript(`${text}count: int = "a"\n`);
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

async function addEditor(dataDir: string, username: string, password: string): Promise<void> {
  const db = openDatabase(join(dataDir, 'ved.sqlite'));
  try {
    await new UserStore(db).add(username, password, 'editor');
  } finally {
    await db.destroy();
  }
}

function problem(detail: string) {
  const body = { type: 'urn:ved:problem:storage:full', title: 'Insufficient storage', status: 507, detail, code: 'storage/full' };
  return { contentType: 'application/problem+json', body: JSON.stringify(body) };
}

async function seriousViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`));
}

/** The worker of the language service; the next one when the last has just gone. */
async function pyrightWorker(page: Page): Promise<Worker> {
  const isPyright = (one: Worker) => one.url().includes('pyright');
  return page.workers().find(isPyright) ?? page.waitForEvent('worker', isPyright);
}
