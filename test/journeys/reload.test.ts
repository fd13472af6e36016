/**
 * What a reload restores after each kind of change. Whatever happened before, and
 * whatever the stored layout says, every script opens by a click in the catalog,
 * with Ctrl+P and by its address. One page is used throughout.
 */

import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { until } from '../../plugins/runner/test/engines/support/until.ts';
import type { Agent } from '../support/agent.ts';
import { openWorkspace, screenshot, type WatchedPage, workspaceReady } from '../support/browser.ts';
import { lines, scriptTab, textShown, typeAtEnd, versionShown } from '../support/editor.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { addEditor, makeScript, startPageServer } from '../support/journey.ts';
import { pages } from '../support/page-pool.ts';
import type { TestServer } from '../support/server.ts';
import { setTypeChecks } from '../support/type-checks.ts';

describe('a page that is reloaded', () => {
  let server: TestServer;
  let editor: Agent;
  let eve: Agent;
  let watched: WatchedPage;
  let page: Page;
  let alpha: number;
  let beta: number;

  before(async function () {
    this.timeout(240_000);
    server = await startPageServer();
    [editor, eve] = await Promise.all([server.signIn('ed1', '1editor'), addEditor(server, 'eve')]);
    await setTypeChecks(editor, false);
    alpha = await makeScript(editor, '"""Alpha"""\nprint("alpha")\n');
    watched = await pages.take();
    page = watched.page;
    page.on('dialog', (dialog) => void dialog.accept());
    await openWorkspace(page, editor);
  });
  after(async () => {
    await pages.takeBack();
    await server?.stop();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'reload-failed');
    watched.check();
  });

  const state = async (): Promise<Record<string, string>> => (await editor.get('/api/workspace/state')).body;
  const layout = async () => (await state())['layout-restorer:data'] ?? '';
  /** Stores this as the person's state, whatever the page stores when it closes. */
  const reloadWith = async (values: Record<string, string | null>) => {
    await page.goto(`${server.url}/api/health`);
    await page.evaluate(() => sessionStorage.removeItem('ved:unconfirmed-state:ed1'));
    const none = Object.fromEntries(Object.keys(await state()).map((key) => [key, null]));
    expect((await editor.put('/api/workspace/state', { values: { ...none, ...values } })).status).to.be.within(200, 204);
    await page.goto(server.url);
    await workspaceReady(page);
  };
  const reload = async () => {
    await page.reload();
    await workspaceReady(page);
  };
  const tab = (name: string) => page.locator('.lm-DockPanel-tabBar .lm-TabBar-tab').filter({ hasText: name });
  const catalogRow = (id: number) => page.locator(`.ved-CatalogRow[data-ved-script-id="${id}"]`);

  const run = async (command: string) => {
    await page.keyboard.press('Control+Shift+C');
    await page.getByPlaceholder('Search commands').fill(command);
    await page.locator('.lm-CommandPalette-item').filter({ hasText: command }).first().click();
  };
  const typeNew = async (text: string) => {
    await run('New Script');
    await page.getByRole('tab', { name: 'New script' }).waitFor();
    await page.locator('[data-ved-editor^="new-"]:not([data-ved-script-id]) .view-line').first().click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(text);
    await tab('New script').and(page.locator('.jp-mod-dirty')).waitFor();
  };
  const newScript = async (name: string): Promise<number> => {
    // The editor closes the docstring automatically.
    await typeNew(`"""${name}`);
    await page.keyboard.press('Control+s');
    await page.getByRole('tab', { name }).waitFor();
    await page.waitForURL(/\/editor\/\d+$/);
    return Number(page.url().split('/').at(-1));
  };

  /** Opens each live script in each way; before each, another one is in front. */
  const everyScriptOpens = async () => {
    const { body: scripts } = (await editor.get('/api/scripts')) as {
      body: { id: number; ordering_number: number; descriptive_name: string }[];
    };
    const shown = (id: number) => textShown(page, id);
    for (const { id } of scripts) {
      await catalogRow(id).click();
      await shown(id);
    }
    for (const { id, ordering_number, descriptive_name } of scripts) {
      await page.keyboard.press('Control+p');
      await page.getByPlaceholder('Go to script').fill(`${ordering_number.toFixed(2)} ${descriptive_name}`);
      await page.keyboard.press('Enter');
      await shown(id);
    }
    for (const { id } of scripts) {
      await page.evaluate((path) => {
        history.pushState(null, '', path);
        dispatchEvent(new PopStateEvent('popstate'));
      }, `/editor/${id}`);
      await shown(id);
    }
  };

  it('shows a script that was just created and saved, in the same tab', async () => {
    beta = await newScript('Beta');
    await reload();
    await textShown(page, beta);
    await everyScriptOpens();
  });

  exhaustive.it('keeps a split layout, and each tab in its part', async () => {
    await tab('Beta').dragTo(page.locator('#jp-main-dock-panel'), { targetPosition: { x: 600, y: 200 } });
    await page.locator('.lm-DockPanel-tabBar').nth(1).waitFor();
    const parts = () => page.locator('.lm-DockPanel-tabBar').evaluateAll((bars) => bars.map((bar) => bar.textContent).sort());
    const before = await parts();
    await reload();
    await textShown(page, alpha);
    await textShown(page, beta);
    expect(await parts()).to.deep.equal(before);
    await screenshot(page, 'reload-split');
    await everyScriptOpens();
  });

  exhaustive.it('keeps a new script in its part when it is saved after the layout was split', async () => {
    const gamma = await newScript('Gamma');
    const parts = () => page.locator('.lm-DockPanel-tabBar').evaluateAll((bars) => bars.map((bar) => bar.textContent).sort());
    const before = await parts();
    await reload();
    await textShown(page, gamma);
    expect(await parts()).to.deep.equal(before);
    await everyScriptOpens();
  });

  it('restores a new script that was never saved, even when it is not in the layout', async () => {
    await typeNew('# an idea');
    await reload();
    await page.locator('.view-line').filter({ hasText: '# an idea' }).waitFor();
    await reloadWith({});
    await tab('New script').click();
    await page.locator('.view-line').filter({ hasText: '# an idea' }).waitFor();
    expect(await tab('New script').count()).to.equal(1);
    await everyScriptOpens();
    await tab('New script').locator('.lm-TabBar-tabCloseIcon').click();
    await page.locator('.jp-Dialog').getByRole('button', { name: 'Discard' }).click();
    await tab('New script').waitFor({ state: 'detached' });
    await reload();
    expect(await tab('New script').count()).to.equal(0);
  });

  exhaustive.it('does not reopen a closed tab, but still opens its script', async () => {
    await tab('Beta').locator('.lm-TabBar-tabCloseIcon').click();
    await tab('Beta').waitFor({ state: 'detached' });
    await reload();
    expect(await tab('Beta').count()).to.equal(0);
    await everyScriptOpens();
  });

  exhaustive.it('has no tab for a deleted script, and has one again when the script was restored', async () => {
    const id = await makeScript(editor, '"""Delta"""\nprint("delta")\n');
    await catalogRow(id).click();
    await textShown(page, id);
    await page.goto(`${server.url}/api/health`);
    expect((await eve.delete(`/api/scripts/${id}`)).status).to.be.within(200, 204);
    watched.expectOnly([/^http 404 /]);
    await page.goto(`${server.url}/editor/${id}`);
    await page
      .locator('.Toastify__toast')
      .filter({ hasText: /Delta could not be opened\..*may have been deleted/ })
      .waitFor();
    await tab('Delta').waitFor({ state: 'detached' });
    watched.expectOnly([]);
    await reload();
    await everyScriptOpens();
    expect((await eve.post(`/api/scripts/${id}/restore`, {})).status).to.equal(200);
    await catalogRow(id).waitFor();
    await reload();
    await everyScriptOpens();
  });

  exhaustive.it('offers the unsaved text of a deleted script as a new script or in the restored one', async () => {
    const id = await makeScript(editor, '"""Lost"""\nprint("lost")\n');
    await catalogRow(id).click();
    await textShown(page, id);
    await typeAtEnd(page, id, '# not saved');
    await tab('Lost').and(page.locator('.jp-mod-dirty')).waitFor();
    await page.goto(`${server.url}/api/health`);
    await eve.delete(`/api/scripts/${id}`);
    watched.expectOnly([/^http 404 /]);
    await page.goto(`${server.url}/editor/${id}`);
    await workspaceReady(page);
    await page.getByText('This script no longer exists').waitFor();
    await screenshot(page, 'editor-script-gone');
    await page.getByRole('button', { name: 'Restore script' }).click();
    await lines(page, id).filter({ hasText: '# not saved' }).waitFor();
    await page.goto(`${server.url}/api/health`);
    await eve.delete(`/api/scripts/${id}`);
    await page.goto(`${server.url}/editor/${id}`);
    await page.getByRole('button', { name: 'Open my text as new script' }).click();
    await page.locator('.view-line').filter({ hasText: '# not saved' }).waitFor();
    expect(await tab('Lost').count()).to.equal(0);
    await page.keyboard.press('Control+s');
    await page.getByRole('tab', { name: 'Lost' }).waitFor();
    watched.expectOnly([]);
    await reload();
    await everyScriptOpens();
  });

  exhaustive.it('shows a fork', async () => {
    await catalogRow(beta).click();
    await textShown(page, beta);
    await run('Fork');
    await page.waitForURL((url) => /\/editor\/\d+$/.test(url.pathname) && !url.pathname.endsWith(`/${beta}`));
    await textShown(page, Number(page.url().split('/').at(-1)));
    await reload();
    await everyScriptOpens();
  });

  exhaustive.it('shows scripts that were renamed, renumbered and reordered', async () => {
    const { version } = (await editor.get(`/api/scripts/${alpha}`)).body;
    const renamed = { content: '"""Omega"""\nprint("omega")\n', base_version_id: version.id };
    expect((await eve.put(`/api/scripts/${alpha}`, renamed)).status).to.equal(200);
    const moves = [
      { id: beta, ordering_number: 41.5 },
      { id: alpha, ordering_number: 40 },
    ];
    expect((await editor.patch('/api/scripts/order', { moves })).status).to.equal(200);
    await reload();
    await everyScriptOpens();
    await tab('40.00 Omega').waitFor();
    await tab('41.50 Beta').first().waitFor();
  });

  exhaustive.it('shows an output next to its script', async () => {
    const script = await makeScript(editor, '"""Prints"""\nprint("printed")\n');
    await catalogRow(script).click();
    await textShown(page, script);
    await page.keyboard.press('Control+Enter');
    await page.locator('.ved-Output').filter({ hasText: 'printed' }).waitFor();
    await until(async () => (await layout()).includes('ved-output'), 'the server keeps the output');
    await reload();
    await page.locator('.ved-Output').filter({ hasText: 'printed' }).waitFor();
    await everyScriptOpens();
  });

  exhaustive.it('shows what somebody else saved in the meantime', async () => {
    await page.goto(`${server.url}/api/health`);
    const { content, version } = (await editor.get(`/api/scripts/${beta}`)).body;
    expect((await eve.put(`/api/scripts/${beta}`, { content: `${content}\n# by eve\n`, base_version_id: version.id })).status).to.equal(
      200,
    );
    await page.goto(`${server.url}/editor/${beta}`);
    await versionShown(page, beta, 'v0.2');
    await everyScriptOpens();
  });

  exhaustive.it('says that there is no such script or page, and stores nothing', async () => {
    watched.expectOnly([/^http 404 /]);
    await page.goto(`${server.url}/editor/9999`);
    await page.locator('.Toastify__toast').filter({ hasText: 'Script 9999 could not be opened.' }).waitFor();
    expect(await scriptTab(page, 9999).count()).to.equal(0);
    await page.goto(`${server.url}/editor/99999999999999999999`);
    await page.locator('.Toastify__toast').filter({ hasText: 'There is nothing at /editor/99999999999999999999.' }).waitFor();
    await until(async () => !(await layout()).includes('9999'), 'the layout forgets it');
    await everyScriptOpens();
  });

  exhaustive.describe('over a layout that', () => {
    const v = (value: unknown) => JSON.stringify({ v: value });
    const record = (scriptId: unknown, more: object = {}) =>
      v({ data: { scriptId, versionId: null, key: String(scriptId), title: 'Kept', ...more } });
    const tabs = (...names: string[]) => ({ type: 'tab-area', currentIndex: 0, widgets: names });
    const main = (dock: unknown) =>
      v({
        main: { dock, current: 'editor:1' },
        down: {},
        left: { current: 'ved-catalog', widgets: ['ved-catalog'] },
        right: {},
        relativeSizes: [1, 2, 1],
      });
    const nested = (depth: number): unknown =>
      depth === 0 ? tabs('editor:1') : { type: 'split-area', orientation: 'horizontal', sizes: [1], children: [nested(depth - 1)] };

    const layouts: Record<string, Record<string, string>> = {
      'is not JSON': { 'layout-restorer:data': '{"v":{"main"', 'editor:1': 'oops', 'editor:2': record(2) },
      'is of another kind': { 'layout-restorer:data': v(17), 'editor:1': v('1'), 'workspace:layout-width': v('wide') },
      'names a saved script as the new one that it was': {
        'editor:new-0f': record(2, { key: 'new-0f' }),
        'editor:1': record(1),
        'layout-restorer:data': main({
          type: 'split-area',
          orientation: 'horizontal',
          sizes: [0.5, 0.5],
          children: [tabs('editor:1'), tabs('editor:new-0f')],
        }),
      },
      'mentions none of its tabs': { 'editor:1': record(1), 'editor:2': record(2), 'layout-restorer:data': main(tabs('editor:77')) },
      'mentions one twice, and the catalog as a tab': {
        'editor:1': record(1),
        'editor:x': record(1),
        'layout-restorer:data': v({
          main: {
            dock: { type: 'split-area', orientation: 'diagonal', sizes: ['x'], children: [tabs('editor:1', 'editor:1'), tabs('editor:1')] },
          },
          down: { size: 'high', widgets: ['editor:1', 'editor:1'] },
          left: { widgets: ['ved-catalog', 'ved-catalog', 'editor:1'], current: 'ved-catalog' },
          right: 'none',
          relativeSizes: ['x', null, -1],
        }),
      },
      'names scripts that cannot be': {
        'editor:a': record('abc'),
        'editor:b': record(-1),
        'editor:c': record(1e99),
        'editor:d': v({ data: null }),
        'editor:e': record(null, { key: '../../etc' }),
        'editor:f': v({ data: { scriptId: 1, versionId: 'x', title: { a: 1 } } }),
        'layout-restorer:data': main(tabs('editor:a', 'editor:b', 'editor:c', 'editor:e', 'editor:f')),
      },
      'is nested very deep': { 'editor:1': record(1), 'layout-restorer:data': main(nested(2000)) },
      'has more tabs than are brought back': {
        ...Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`editor:${n + 1}@700000`, record(n + 1, { versionId: 700000 })])),
        'layout-restorer:data': main(tabs(...Array.from({ length: 300 }, (_, n) => `editor:${n + 1}@700000`))),
      },
    };
    for (const [what, values] of Object.entries(layouts)) {
      it(`${what}, opens every script`, async () => {
        watched.expectOnly([/^http 404 /]);
        await reloadWith(values);
        await everyScriptOpens();
      });
    }
  });

  exhaustive.describe('over a store of unsaved text that', () => {
    /** Stores these for the person, as a closed page would. */
    const leave = async (records: readonly (readonly [document: string, value: unknown])[]) => {
      await page.goto(`${server.url}/api/health`);
      await page.evaluate(async (all) => {
        const request = indexedDB.open('ved-unsaved');
        const db = await new Promise<IDBDatabase>((resolve, reject) => {
          request.onupgradeneeded = () => request.result.createObjectStore('texts');
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
        const transaction = db.transaction('texts', 'readwrite');
        for (const [document, value] of all) transaction.objectStore('texts').put(value, ['ed1', document, 'content', 'gone']);
        transaction.objectStore('texts').put('stray', 'a key of another kind');
        await new Promise((resolve) => {
          transaction.oncomplete = resolve;
        });
        db.close();
      }, records);
    };
    const shownAs = (text: string) => page.locator('.view-line').filter({ hasText: text });

    it('contains invalid text, opens every script', async () => {
      await leave([
        [String(alpha), { text: 5 }],
        [String(beta), null],
      ]);
      await reloadWith({});
      await everyScriptOpens();
    });

    it('has text over a missing version, shows it and asks before saving over the newest', async () => {
      await leave([[String(beta), { text: '"""Beta"""\n# over what?\n', baseVersionId: 987654, atMs: 'yesterday' }]]);
      watched.expectOnly([/^http 404 /]);
      await page.goto(`${server.url}/editor/${beta}`);
      await lines(page, beta).filter({ hasText: '# over what?' }).waitFor();
      await scriptTab(page, beta).locator('[data-ved-notice="newer"]').waitFor();
      await scriptTab(page, beta).locator('[data-ved-notice="newer"]').getByRole('button', { name: 'Discard mine' }).click();
      await page.locator('.jp-Dialog').getByRole('button', { name: 'Discard' }).click();
      await lines(page, beta).filter({ hasText: '# by eve' }).waitFor();
      await reload();
      await lines(page, beta).filter({ hasText: '# by eve' }).waitFor();
      expect(await shownAs('# over what?').count()).to.equal(0);
      await everyScriptOpens();
    });

    it('has new scripts of closed pages, one with an unusual name, shows each', async () => {
      await leave([
        ['new-1f', { text: '# first left', baseVersionId: null, atMs: 1 }],
        ['untitled 2', { text: '# second left', baseVersionId: null, atMs: 2 }],
      ]);
      await page.goto(server.url);
      await workspaceReady(page);
      // In any order: they are added next to the tab that is current at that moment.
      await tab('New script').nth(1).waitFor();
      const texts: (string | null)[] = [];
      for (const index of [0, 1]) {
        await tab('New script').nth(index).click();
        await tab('New script').nth(index).and(page.locator('.lm-mod-current')).waitFor();
        texts.push(await page.locator('[data-ved-editor]:visible .view-line').filter({ hasText: 'left' }).textContent());
      }
      expect(texts.map((text) => text?.replaceAll('\u00a0', ' ')).sort()).to.deep.equal(['# first left', '# second left']);
      await everyScriptOpens();
    });

    it('cannot be opened, opens every script and says that nothing is stored', async () => {
      await page.addInitScript(
        "Object.defineProperty(window, 'indexedDB', { get: () => { throw new DOMException('No storage.', 'SecurityError'); } })",
      );
      await reloadWith({});
      await page.locator('.Toastify__toast').filter({ hasText: 'This browser cannot store unsaved text' }).waitFor();
      await everyScriptOpens();
    });
  });
});
