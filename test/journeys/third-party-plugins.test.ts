/** Third-party plugins in the page: they share its instances, and a broken one is reported while the rest works. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { seriousViolations } from '../support/accessibility.ts';
import type { Agent } from '../support/agent.ts';
import { openWorkspace, screenshot, type WatchedPage } from '../support/browser.ts';
import { catalogRow, makeOnProd, startPageServer } from '../support/journey.ts';
import { pages } from '../support/page-pool.ts';
import type { TestServer } from '../support/server.ts';

const manifest = (id: string, more: object = {}) =>
  JSON.stringify({
    name: `ved-plugin-${id}`,
    version: '1.0.0',
    type: 'module',
    keywords: ['ved-plugin'],
    ved: { id, host: '>=0.0.0-0', browser: 'browser/index.js', ...more },
  });

const HELLO = `
import { ICommandPalette, ReactWidget } from '@jupyterlab/apputils';
import { LabIcon } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import { Signal } from '@lumino/signaling';
import { Catalog, Scripts } from '@ved/catalog/contract';
import { createClient, LiveEvents, Workspace } from '@ved/core/browser';
import { defineRoutes } from '@ved/core/contract';
import { createElement } from 'react';
import { jsx } from 'react/jsx-runtime';
import { z } from 'zod';
import { greeting } from './greeting.js';

const routes = defineRoutes({
  greet: { method: 'GET', path: '/api/hello/greet', access: 'viewer', summary: 'Greets', response: z.object({ text: z.string() }) },
});

export default {
  id: 'hello:panel',
  autoStart: true,
  requires: [Workspace, Catalog, Scripts, LiveEvents],
  optional: [ICommandPalette],
  activate: (app, workspace, catalog, scripts, live, palette) => {
    const changed = new Signal({});
    scripts.addRowBadges({ changed, of: () => ({ icon: '☺', word: 'hello', tone: 'good', title: 'Hello', spoken: 'greeted' }) });
    app.commands.addCommand('hello:show', {
      label: 'Show Hello',
      execute: async () => {
        const { text } = await createClient(routes).greet();
        const panel = ReactWidget.create(createElement('p', { className: 'hello' }, jsx('b', { children: greeting }), ' ' + text + ' ' + catalog.scripts.length));
        panel.id = 'hello';
        panel.title.label = 'Hello';
        if (!(panel instanceof Widget)) throw new Error('another Lumino');
        app.shell.add(panel, 'main');
      },
    });
    palette?.addItem({ command: 'hello:show', category: 'Hello' });
  },
};
`;
const HELLO_SERVER = `
import { defineRoutes } from '@ved/core/contract';
import { z } from 'zod';
const routes = defineRoutes({
  greet: { method: 'GET', path: '/api/hello/greet', access: 'viewer', summary: 'Greets', response: z.object({ text: z.string() }) },
});
export default {
  id: 'hello',
  start: async ({ router }) => {
    router.implement(routes, { greet: ({ session }) => ({ text: session.username }) });
    return { stop: async () => undefined };
  },
};
`;

/** What each plugin does in the page, and what is reported about it. */
const broken: Record<string, { text: string; says: string | RegExp }> = {
  throws: { text: "\nthrow new Error('not today');", says: 'The plugin "throws" could not be loaded: index.js, line 2: not today.' },
  syntax: { text: '\nexport default {{', says: /The plugin "syntax" could not be loaded: index\.js, line 2: Unexpected token/ },
  nothing: {
    text: 'export const plugin = 1;',
    says: 'The plugin "nothing" could not be loaded: the default export of index.js must be a plugin',
  },
  nowhere: { text: "import './nowhere.js';", says: /The plugin "nowhere" could not be loaded: / },
  stranger: { text: "import 'left-pad-of-nobody';", says: /The plugin "stranger" could not be loaded: .*left-pad-of-nobody/ },
  activates: {
    text: "export default { id: 'activates:a', autoStart: true, activate: () => {\n  throw new Error('no wind');\n} };",
    says: 'The plugin "activates" could not be loaded: activates:a: index.js, line 2: no wind.',
  },
  hangs: {
    text: "export default { id: 'hangs:a', autoStart: true, activate: () => new Promise(() => undefined) };",
    says: 'The plugin "hangs" could not be loaded: hangs:a: it took longer than 5 s to activate.',
  },
  needy: {
    text: "import { Token } from '@lumino/coreutils'; export default { id: 'needy:a', autoStart: true, requires: [new Token('moon:Phase')], activate: () => undefined };",
    says: 'The plugin "needy:a" could not be loaded: it requires moon:Phase, which no plugin in the page provides.',
  },
  usurps: {
    text: "import { Catalog } from '@ved/catalog/contract'; export default { id: 'usurps:a', autoStart: true, provides: Catalog, activate: () => ({}) };",
    says: 'The plugin "usurps:a" could not be loaded: another plugin of the page has @ved/catalog:Catalog.',
  },
};

describe('third-party plugins in the page', () => {
  let server: TestServer;
  let dataDir: string;
  let ed1: Agent;
  let watched: WatchedPage;

  async function put(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      const file = join(dataDir, 'plugins', name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }

  before(async function () {
    this.timeout(240_000);
    dataDir = await mkdtemp(join(tmpdir(), 'ved-third-party-'));
    await put({
      'hello/package.json': manifest('hello', { server: 'server.js' }),
      'hello/server.js': HELLO_SERVER,
      'hello/browser/index.js': HELLO,
      'hello/browser/greeting.js': "export const greeting = 'Good day';",
    });
    server = await startPageServer({ dataDir });
    ed1 = await server.signIn('ed1', '1editor');
    await makeOnProd(ed1, '"""Orders"""\n', 1);
  });
  after(async () => {
    await server?.stop();
    await rm(dataDir, { recursive: true });
  });
  afterEach(() => pages.takeBack());

  it('share the tokens, widgets and React of the page', async () => {
    watched = await pages.take();
    const { page } = watched;
    await openWorkspace(page, ed1);
    await catalogRow(page, 'Orders').getByText('hello').waitFor();
    expect(await catalogRow(page, 'Orders').getAttribute('aria-label')).to.contain('greeted');
    await page.keyboard.press('Control+Shift+C');
    await page.getByPlaceholder('Search commands').fill('Show Hello');
    await page.locator('.lm-CommandPalette-item').filter({ hasText: 'Show Hello' }).first().click();
    await page.locator('#hello').getByText('Good day ed1 1').waitFor();
    await screenshot(page, 'third-party-plugin');
    watched.check();
  });

  it('have their style sheets below the rules of the workspace, which they cannot undo', async () => {
    watched = await pages.take();
    const { page } = watched;
    await openWorkspace(page, ed1);
    await catalogRow(page, 'Orders').waitFor();
    const looks = () =>
      page.evaluate(() => {
        const [name, item, row] = ['.ved-Name', '.lm-MenuBar-item', '.ved-CatalogRow'].map((each) =>
          getComputedStyle(document.querySelector(each)!),
        );
        const { overflow } = getComputedStyle(document.body);
        return { overflow, size: name!.fontSize, color: name!.color, corner: item!.borderRadius, display: row!.display };
      });
    const before = await looks();
    // The styles that the plugin tries to override are in effect, and its own panel gets its own styles, with the image next to the sheet.
    expect(before).to.include({ overflow: 'hidden', size: '15px' });
    await put({
      'styled/package.json': manifest('styled', { style: 'browser/look/page.css' }),
      'styled/browser/index.js':
        "import { Widget } from '@lumino/widgets'; export default { id: 'styled:a', autoStart: true, activate: (app) => { const panel = new Widget(); panel.id = 'styled'; panel.addClass('styled-Panel'); panel.title.label = 'Styled'; app.shell.add(panel, 'main'); } };",
      'styled/browser/look/page.css': [
        'html body#main, body { overflow: scroll !important; }',
        '} } #jp-top-panel#jp-top-panel .ved-Name.ved-Name { color: red !important; font-size: 99px; }',
        '.ved-CatalogRow { display: none !important; }',
        '@media all { .lm-MenuBar-item { border-radius: 77px !important; } }',
        '.styled-Panel { letter-spacing: 7px; list-style-image: url(dot.png); }',
      ].join('\n'),
    });
    await ed1.post('/api/plugins/rescan');
    await openWorkspace(page, ed1);
    const styled = page.locator('.styled-Panel');
    await styled.waitFor({ state: 'attached' });
    const { letterSpacing, listStyleImage } = await styled.evaluate((node) => {
      const { letterSpacing, listStyleImage } = getComputedStyle(node);
      return { letterSpacing, listStyleImage };
    });
    expect(letterSpacing).to.equal('7px');
    expect(listStyleImage).to.contain('/plugins/styled/look/dot.png');
    expect(await looks()).to.deep.equal(before);
    await rm(join(dataDir, 'plugins/styled'), { recursive: true });
    await ed1.post('/api/plugins/rescan');
  });

  it('that are broken are reported with their location, and the rest works', async () => {
    for (const [id, { text }] of Object.entries(broken))
      await put({ [`${id}/package.json`]: manifest(id), [`${id}/browser/index.js`]: text });
    await ed1.post('/api/plugins/rescan');
    watched = await pages.take({ expected: [/./] });
    const { page } = watched;
    await openWorkspace(page, ed1);
    await catalogRow(page, 'Orders').getByText('hello').waitFor();
    const told = page.locator('.Toastify');

    for (const { says } of Object.values(broken)) await told.getByText(says).first().waitFor();
    await screenshot(page, 'plugins-broken');
    await ed1.post('/api/plugins/hangs/disable');
  });

  it('are listed with what they provide and what is wrong, and can be disabled and enabled there', async () => {
    watched = await pages.take({ expected: [/./] });
    const { page } = watched;
    await openWorkspace(page, ed1);
    // Click all in one step: Playwright would wait for a button that disappears when another is clicked.
    const toasts = page.locator('.Toastify__close-button, .Toastify button');
    await toasts.first().waitFor();
    await toasts.evaluateAll((buttons: HTMLElement[]) => {
      for (const button of buttons) button.click();
    });
    await page.locator('.lm-MenuBar-item').filter({ hasText: 'Settings' }).click();
    await page.locator('.lm-Menu-item').filter({ hasText: 'Plugins' }).click();
    const item = (id: string) => page.locator(`[data-ved-plugin="${id}"]`);
    await item('throws').getByText('In this page: index.js, line 2: not today').waitFor();
    expect(await item('catalog').getByRole('button').count()).to.equal(0);
    await item('hello').getByText('1 route').click();
    await item('hello').getByText('GET /api/hello/greet').waitFor();
    await screenshot(page, 'plugins-panel');
    expect(await seriousViolations(page)).to.deep.equal([]);
    await item('hello').getByRole('button', { name: 'Disable hello' }).click();
    await item('hello').getByText('Disabled').waitFor();
    expect((await ed1.get('/api/hello/greet')).status).to.equal(404);
    await item('hello').getByRole('button', { name: 'Enable hello' }).click();
    await item('hello').getByText('Started').waitFor();
    await rm(join(dataDir, 'plugins/throws'), { recursive: true });
    await page.getByRole('button', { name: 'Look for plugins' }).click();
    await item('throws').waitFor({ state: 'detached' });
  });
});
