/** The workspace's frame in a real browser: signing in, what is stored, and what happens when the session or the server is lost. */

import { join } from 'node:path';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { until } from '../../plugins/runner/test/engines/support/until.ts';
import { seriousViolations } from '../support/accessibility.ts';
import type { Agent } from '../support/agent.ts';
import {
  newPage,
  openWorkspace,
  type PageOptions,
  screenshot,
  signInAt,
  viewports,
  type WatchedPage,
  workspaceReady,
} from '../support/browser.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { escapeFrom, startPageServer } from '../support/journey.ts';
import { ensurePageBuilt } from '../support/page.ts';
import { pages, sharedBrowser } from '../support/page-pool.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { temporaryDataDir } from '../support/server-process.ts';

describe('the workspace', () => {
  let server: TestServer;
  let pageFolder: string;
  const agents = {} as Record<'ed1' | 'mo1', Agent>;
  let watched: WatchedPage | null = null;

  before(async function () {
    this.timeout(240_000);
    pageFolder = await ensurePageBuilt();
    server = await startPageServer();
    agents.ed1 = await server.signIn('ed1', '1editor');
    agents.mo1 = await server.signIn('mo1', '2viewer');
  });
  after(() => server?.stop());
  afterEach(async () => {
    await watched?.context.close();
    watched = null;
    await pages.takeBack();
  });

  /** A new browser, for tests that start before the workspace or break it. */
  const open = async (options: PageOptions = {}) => {
    watched = await newPage(await sharedBrowser(), options);
    return { ...watched, page: watched.page };
  };
  const openAs = async (username: 'ed1' | 'mo1', options: PageOptions = {}) => {
    const opened = await pages.take(options);
    await openWorkspace(opened.page, agents[username]);
    return opened;
  };

  exhaustive.it('stays when a file is dropped where no drop is accepted', async () => {
    const { page, check } = await openAs('ed1');
    const file = join(pageFolder, 'index.html');
    const box = (await page.locator('#jp-main-statusbar').boundingBox())!;
    const devtools = await page.context().newCDPSession(page);
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, data: { items: [], files: [file], dragOperationsMask: 1 } };
    const seen = await page.evaluateHandle(() => ({
      over: new Promise<boolean>((resolve) => window.addEventListener('dragover', (event) => resolve(event.defaultPrevented))),
    }));
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await devtools.send('Input.dispatchDragEvent', { type, ...at });
    expect(await seen.evaluate(({ over }) => over)).to.equal(true);
    await page.getByRole('button', { name: /pyodide/ }).click();
    await page.getByRole('dialog').getByText('Where Scripts Run').waitFor();
    expect(new URL(page.url()).origin).to.equal(new URL(server.url).origin);
    check();
  });

  describe('somebody who is not signed in', () => {
    it('sees the sign-in form at any address, with the cursor in it, while the workspace is fetched but not run', async () => {
      const { page, check } = await open();
      await page.goto(`${server.url}/editor/12`);
      await page.getByLabel('Name').waitFor();
      expect(await page.evaluate(() => document.activeElement?.id)).to.equal('sign-in-name');
      expect(await page.locator('link[rel="modulepreload"][href*="/workspace-"]').count()).to.be.greaterThan(0);
      expect(await page.locator('body[data-workspace], .jp-LabShell').count()).to.equal(0);
      await screenshot(page, 'sign-in');
      check();
    });

    exhaustive.it('sees that a password is wrong, and can type another immediately', async () => {
      const { page, check } = await open({ expected: [/^http 401 \/api\/auth\/login$/] });
      await page.goto(server.url);
      await page.getByLabel('Name').fill('ed1');
      await page.getByLabel('Password').fill('wrong');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: 'password is wrong' }).waitFor();
      expect(await page.evaluate(() => document.activeElement?.id)).to.equal('sign-in-password');
      await page.keyboard.type('1editor');
      await page.keyboard.press('Enter');
      await workspaceReady(page);
      check();
    });

    exhaustive.it('sees how long to wait after too many wrong passwords', async () => {
      const guarded = await startServer({ page: pageFolder, plugins: [] });
      try {
        for (let attempt = 0; attempt < 10; attempt += 1) {
          await guarded.agent().post('/api/auth/login', { username: 'ed1', password: `wrong ${attempt}` });
        }
        const { page } = await open();
        await page.goto(guarded.url);
        await page.getByLabel('Name').fill('ed1');
        await page.getByLabel('Password').fill('1editor');
        await page.keyboard.press('Enter');
        const alert = page.getByRole('alert').filter({ hasText: 'Too many' });
        await alert.waitFor();
        expect(await alert.textContent()).to.match(/Try again in \d+ s\./);
      } finally {
        await guarded.stop();
      }
    });

    exhaustive.it('gets from /login to the workspace, and not back', async () => {
      const { page, check } = await open();
      await signInAt(page, `${server.url}/login`, 'ed1', '1editor');
      expect(new URL(page.url()).pathname).to.equal('/');
      await page.waitForFunction(() => document.title === 'ved');
      check();
    });
  });

  describe('an editor who is signed in', () => {
    it('sees their name, and no read-only label', async () => {
      const { page, check } = await openAs('ed1');
      expect(await page.locator('#ved-user').textContent()).to.contain('ed1');
      expect(await page.getByText('read only').count()).to.equal(0);
      await screenshot(page, 'workspace-empty');
      check();
    });

    exhaustive.it('gets the theme that they chose, in another browser too', async () => {
      const { page, context, check } = await openAs('ed1', { colorScheme: 'light' });
      const kept = page.waitForResponse((response) => response.url().includes('/api/workspace/settings/') && response.ok());
      await runFromPalette(page, 'Theme: Dark');
      await page.locator('body[data-jp-theme-light="false"]').waitFor({ state: 'attached' });
      await kept;
      check();
      await context.close();
      const again = await openAs('ed1', { colorScheme: 'light' });
      await again.page.locator('body[data-jp-theme-light="false"]').waitFor({ state: 'attached' });
      await screenshot(again.page, 'workspace-empty-dark');
      await runFromPalette(again.page, 'Theme: Same as System');
      await again.page.locator('body[data-jp-theme-light="true"]').waitFor({ state: 'attached' });
      again.check();
    });

    it('gets open tabs and closed sides back after a reload', async () => {
      const { page, check } = await openAs('ed1', { viewport: viewports.laptop });
      await runFromPalette(page, 'Settings…');
      await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
      const kept = page.waitForResponse((response) => response.url().endsWith('/api/workspace/state') && response.ok());
      await page.locator('#jp-left-stack').waitFor();
      await page.keyboard.press('Control+b');
      await page.locator('#jp-left-stack').waitFor({ state: 'hidden' });
      await kept;
      await page.reload();
      await workspaceReady(page);
      await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
      expect(await page.locator('#jp-left-stack').isVisible()).to.equal(false);
      await screenshot(page, 'settings-laptop');
      await runFromPalette(page, 'Reset Layout');
      await page.locator('#jp-left-stack').waitFor();
      check();
    });

    it('changes a shortcut, which takes effect immediately', async () => {
      const { page, check } = await openAs('ed1');
      await page.keyboard.press('Control+,');
      await page.getByRole('button', { name: /^Show All Commands…/ }).click();
      await page.keyboard.press('Control+Shift+Y');
      await page.getByRole('button', { name: 'Restore Ctrl+Shift+C' }).waitFor();
      const keptKeys = (other: boolean) =>
        until(
          async () => JSON.stringify((await agents.ed1.get('/api/workspace/settings')).body).includes('Shift Y') === other,
          `the server ${other ? 'has' : 'has no longer'} other keys`,
        );
      await keptKeys(true);
      await page.keyboard.press('Control+Shift+Y');
      await escapeFrom(page.locator('.jp-ModalCommandPalette'));
      await page.getByRole('button', { name: 'Restore Ctrl+Shift+C' }).click();
      await page.getByRole('button', { name: /^Show All Commands…: Ctrl\+Shift\+C/ }).waitFor();
      // Wait until the server has it, or the next test would get the changed shortcut.
      await keptKeys(false);
      check();
    });

    it('signs out, which ends the session', async () => {
      const { page, check } = await open();
      await openWorkspace(page, await server.signIn('ed1', '1editor'));
      await page.locator('#ved-user button').click();
      await page.getByRole('menuitem', { name: 'Sign Out' }).click();
      await page.getByLabel('Password').waitFor();
      expect(await page.evaluate(async () => (await fetch('/api/auth/me')).status)).to.equal(401);
      check();
    });
  });

  describe('a viewer who is signed in', () => {
    it('sees that everything is read-only', async () => {
      const { page, check } = await openAs('mo1');
      await page.getByText('read only').waitFor();
      await screenshot(page, 'workspace-viewer');
      check();
    });
  });

  describe('a session that expires while somebody works', () => {
    it('is renewed in a dialog over the workspace, and the failed call is repeated', async () => {
      const { page, check } = await open({ expected: [/^http 401 /] });
      await openWorkspace(page, await server.signIn('ed1', '1editor'));
      await page.evaluate(() => fetch('/api/auth/logout', { method: 'POST' }));
      const retried = page.waitForResponse((response) => response.url().includes('/api/workspace/settings/') && response.ok());
      await runFromPalette(page, 'Theme: Light');
      const dialog = page.getByRole('dialog', { name: 'Sign in again' });
      await dialog.waitFor();
      await screenshot(page, 'session-lost');
      expect(await dialog.getByLabel('Name').inputValue()).to.equal('ed1');
      await escapeFrom(dialog);
      expect(await dialog.isVisible()).to.equal(true);
      await dialog.getByLabel('Password').fill('1editor');
      await page.keyboard.press('Enter');
      await retried;
      await dialog.waitFor({ state: 'detached' });
      await page.locator('.ved-StatusText[data-state="online"]').waitFor();
      check();
    });

    exhaustive.it('is recovered although the stream of the old one is still open', async () => {
      const { page, check } = await open({ expected: [/^http 401 /] });
      await openWorkspace(page, await server.signIn('ed1', '1editor'));
      await page.context().clearCookies();
      await runFromPalette(page, 'Theme: Dark');
      const dialog = page.getByRole('dialog', { name: 'Sign in again' });
      await dialog.getByLabel('Password').fill('1editor');
      expect(await page.locator('.ved-StatusText[data-state="signed-out"]').textContent()).to.equal('signed out');
      await page.keyboard.press('Enter');
      await page.locator('.ved-StatusText[data-state="online"]').waitFor();
      await runFromPalette(page, 'Theme: Same as System');
      check();
    });
  });

  describe('a server that stops and comes back', () => {
    it('is reported as unreachable, and reconnected', async () => {
      const { dataDir, remove } = temporaryDataDir();
      let own = await startServer({ page: pageFolder, plugins: [], dataDir });
      try {
        const { page } = await open({ expected: [/./] });
        await signInAt(page, own.url, 'ed1', '1editor');
        const { port } = own;
        await own.stop();
        await page.getByText('Server not reachable').waitFor();
        await page.getByText(/Retrying in \d+ s/).waitFor();
        await screenshot(page, 'server-lost');
        own = await startServer({ page: pageFolder, plugins: [], env: { PORT: String(port) }, dataDir });
        await page.getByRole('button', { name: 'Retry now' }).click();
        await page.getByText('Server not reachable').waitFor({ state: 'hidden' });
        expect(await page.locator('#ved-user').textContent()).to.contain('ed1');
      } finally {
        await own.stop();
        remove();
      }
    });
  });

  describe('what is offered', () => {
    it('includes nothing that belongs to a Jupyter server', async () => {
      const { page, check } = await openAs('ed1');
      const offered = [...(await paletteLabels(page)), ...(await menuLabels(page))];
      expect(offered).to.include.members(['About ved', 'Settings…', 'Reset Layout', 'Theme', 'Keyboard Shortcuts']);
      const dead = offered.filter((label) =>
        /jupyter|kernel|notebook|console|terminal|launcher|extension|debugger|inspector|print/i.test(label),
      );
      expect(dead).to.deep.equal([]);
      check();
    });

    exhaustive.it('can be given shortcuts, each command, and the shortcuts run it', async () => {
      const { page, check } = await openAs('ed1');
      await page.keyboard.press('Control+,');
      const about = page.locator('.ved-Settings-shortcuts tr').filter({ hasText: 'About ved' });
      await about.getByRole('button', { name: 'About ved: none. Change' }).click();
      await page.keyboard.press('Control+Alt+y');
      await about.getByRole('button', { name: /^About ved: Ctrl\+Alt\+Y/ }).waitFor();
      await page.keyboard.press('Control+Alt+y');
      await page.getByRole('dialog').getByText('0.0.0-test').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await about.getByRole('button', { name: 'Remove' }).click();
      await about.getByRole('button', { name: 'About ved: none. Change' }).waitFor();
      check();
    });

    it('lists the shortcuts and the version in its help', async () => {
      const { page, check } = await openAs('ed1');
      await page.evaluate(() => {
        const focused = document.body.dataset;
        new MutationObserver((changes) => {
          const dialog = changes.flatMap(({ addedNodes }) => [...addedNodes]).find((node) => (node as Element).matches?.('.jp-Dialog'));
          if (dialog) setTimeout(() => (focused.isDialogFocused = String(dialog.contains(document.activeElement))));
        }).observe(document.body, { childList: true });
      });
      await runFromPalette(page, 'Keyboard Shortcuts');
      await page.getByRole('dialog').getByText('Ctrl+Shift+C').waitFor();
      expect(await page.locator('body').getAttribute('data-is-dialog-focused')).to.equal('true');
      await screenshot(page, 'keyboard-shortcuts');
      await page.getByRole('button', { name: 'Close', exact: true }).click();
      await runFromPalette(page, 'About ved');
      await page.getByRole('dialog').getByText('0.0.0-test').waitFor();
      check();
    });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    (colorScheme === 'dark' ? exhaustive.describe : describe)(`an accessibility check in the ${colorScheme} theme`, () => {
      exhaustive.it('finds no serious violations in the sign-in page', async () => {
        const { page } = await open({ colorScheme });
        await page.goto(server.url);
        await page.getByLabel('Name').waitFor();
        expect(await seriousViolations(page)).to.deep.equal([]);
      });

      it('finds no serious violations in the frame and in the settings', async () => {
        const { page } = await openAs('ed1', { colorScheme });
        await page.keyboard.press('Control+,');
        await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
        await screenshot(page, `settings-${colorScheme}`);
        expect(await seriousViolations(page)).to.deep.equal([]);
      });
    });
  }

  describe('many tabs', () => {
    exhaustive.it('keep room for their names: a click in the middle of one shows it, and the current one is visible', async () => {
      const ids: number[] = [];
      for (let n = 0; n < 9; n += 1) ids.push((await agents.ed1.post('/api/scripts', { content: `"""Tab ${n}"""\n` })).body.id);
      const v = (value: unknown) => JSON.stringify({ v: value });
      const records = ids.map((id) => [
        `editor:${id}`,
        v({ data: { scriptId: id, versionId: null, key: String(id), title: `Script ${id}` } }),
      ]);
      const dock = { type: 'tab-area', currentIndex: 0, widgets: ids.map((id) => `editor:${id}`) };
      const layout = v({
        main: { dock, current: `editor:${ids[0]}` },
        down: {},
        left: { current: 'ved-catalog', widgets: ['ved-catalog'] },
        right: {},
        relativeSizes: [1, 3, 1],
      });
      await agents.ed1.put('/api/workspace/state', { values: { ...Object.fromEntries(records), 'layout-restorer:data': layout } });
      const { page, check } = await openAs('ed1');
      const tabs = page.locator('.lm-DockPanel-tabBar .lm-TabBar-tab').filter({ hasText: /Tab|Script/ });
      for (const at of [5, 8, 0]) {
        await tabs.nth(at).click();
        await page.locator('.lm-DockPanel-tabBar .lm-TabBar-tab.lm-mod-current').and(tabs.nth(at)).waitFor();
      }
      expect(await tabs.count()).to.equal(9);
      await screenshot(page, 'workspace-many-tabs');
      await agents.ed1.put('/api/workspace/state', {
        values: Object.fromEntries([...records.map(([key]) => [key, null]), ['layout-restorer:data', null]]),
      });
      for (const id of ids) await agents.ed1.delete(`/api/scripts/${id}`);
      check();
    });
  });

  describe('the page', () => {
    it('needs at most 1.3 MiB, compressed, to be usable', async () => {
      const { page } = await openAs('ed1');
      const sizes = await page.evaluate(() =>
        (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
          .filter(({ name }) => name.includes('/assets/'))
          .map(({ name, encodedBodySize }) => ({ name: name.split('/').at(-1)!, bytes: encodedBodySize })),
      );
      const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
      expect(total, JSON.stringify(sizes)).to.be.within(100_000, 1.3 * 1024 * 1024);
    });
  });
});

async function runFromPalette(page: Page, label: string): Promise<void> {
  await page.keyboard.press('Control+Shift+C');
  await page.getByPlaceholder('Search commands').fill(label);
  await page.locator('.lm-CommandPalette-item').filter({ hasText: label }).first().click();
}

async function paletteLabels(page: Page): Promise<string[]> {
  await page.keyboard.press('Control+Shift+C');
  await page.locator('.lm-CommandPalette-itemLabel').first().waitFor();
  const labels = await page.locator('.lm-CommandPalette-itemLabel').allTextContents();
  await page.keyboard.press('Escape');
  return labels;
}

async function menuLabels(page: Page): Promise<string[]> {
  const labels: string[] = [];
  for (const item of await page.locator('.lm-MenuBar-item').all()) {
    await item.click();
    await page.locator('.lm-Menu').waitFor();
    labels.push(...(await page.locator('.lm-Menu-itemLabel').allTextContents()).filter(Boolean));
    await page.keyboard.press('Escape');
    await page.locator('.lm-Menu').waitFor({ state: 'detached' });
  }
  return labels;
}
