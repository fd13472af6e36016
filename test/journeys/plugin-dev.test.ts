/** `npm run plugin:dev`: each save of a plugin takes effect in the server and in the open page. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { Agent } from '../support/agent.ts';
import { launchBrowser, newPage, openWorkspace, type WatchedPage, workspaceReady } from '../support/browser.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { ensurePageBuilt } from '../support/page.ts';

const root = join(import.meta.dirname, '../..');

/** The output lines of a process as they arrive; each is returned at most once. */
class Lines {
  private readonly kept: string[] = [];
  private wake: () => void = () => undefined;

  constructor(child: ChildProcess) {
    createInterface(child.stdout!).on('line', (line) => {
      this.kept.push(line);
      this.wake();
    });
  }

  /** Resolves with the first line that matches, and drops it and those before it. */
  async next(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      for (let line = this.kept.shift(); line !== undefined; line = this.kept.shift()) {
        const match = pattern.exec(line);
        if (match) return match;
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}

exhaustive.describe('npm run plugin:dev', () => {
  let dir: string;
  let folder: string;
  let child: ChildProcess;
  let lines: Lines;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;
  let ed1: Agent;

  before(async function () {
    this.timeout(300_000);
    await ensurePageBuilt();
    dir = await mkdtemp(join(tmpdir(), 'ved-plugin-dev-'));
    spawnSync(process.execPath, ['scripts/plugin-new.mjs', 'hello', '--into', dir], { cwd: root });
    folder = join(dir, 'plugins/hello');
    // Like a plugin that was copied from another machine.
    await rm(join(folder, 'node_modules'), { recursive: true });
    child = spawn(process.execPath, ['scripts/plugin-dev.mjs', folder], {
      cwd: root,
      env: {
        ...process.env,
        PORT: '0',
        VED_DATA_DIR: join(dir, 'data'),
        VED_RUNNER: 'pyodide',
        VED_POOL_SIZE: '0',
        VED_LOG_LEVEL: 'fatal',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    lines = new Lines(child);
    await lines.next(/^✓ hello 0\.1\.0: started$/);
    const [, url] = await lines.next(/^ved is at (\S+)/);
    ed1 = new Agent(url!);
    await ed1.post('/api/auth/login', { username: 'ed1', password: '1editor' });
    browser = await launchBrowser();
    watched = await newPage(browser, { expected: [/SyntaxError|could not be loaded/] });
    page = watched.page;
    await openWorkspace(page, ed1);
  });
  after(async () => {
    await browser?.close();
    const ended = child && once(child, 'exit');
    child?.kill('SIGTERM');
    await ended;
    await rm(dir, { recursive: true });
  });

  /** Replaces text in a file and saves it; resolves once the page has reloaded itself. */
  const save = async (name: string, before: string, after: string) => {
    const file = join(folder, name);
    const text = await readFile(file, 'utf8');
    expect(text).to.contain(before);
    const reloaded = page.waitForEvent('load');
    await writeFile(file, text.replace(before, after));
    await reloaded;
    await workspaceReady(page);
  };
  const showPanel = async () => {
    await page.keyboard.press('Control+Shift+C');
    await page.getByPlaceholder('Search commands').fill('Show Hello');
    await page.locator('.lm-CommandPalette-item').filter({ hasText: 'Show Hello' }).first().click();
  };

  it('creates the link to the types', () => {
    expect(existsSync(join(folder, 'node_modules/ved/tsconfig.plugin.json'))).to.equal(true);
  });

  it('shows a change of the browser half', async () => {
    await showPanel();
    await page.getByRole('button', { name: 'Say hello' }).click();
    await page.getByText('ed1: Hello').waitFor();
    await save('browser/index.js', "'Say hello'", "'Greet'");
    await showPanel();
    await page.getByRole('button', { name: 'Greet' }).waitFor();
    await page.getByText('ed1: Hello').waitFor();
  });

  it('serves a changed route after a change of the server half, and keeps the tables', async () => {
    await save(
      'server.js',
      "orderBy('id').select('id', 'text', 'said_by')",
      "orderBy('id').select('id', 'said_by').select({ text: 'said_by' })",
    );
    expect((await ed1.get('/api/hello/greetings')).body).to.deep.equal([{ id: 1, text: 'ed1', said_by: 'ed1' }]);
    await showPanel();
    await page.getByText('ed1: ed1').waitFor();
  });

  it('prints a syntax error with file and line, shows it in the page, and works again after the next save', async () => {
    await save('server.js', 'async start(', 'async start((');
    const [, line] = await lines.next(/^✗ hello: server\.js, line (\d+): /);
    expect(Number(line)).to.equal((await readFile(join(folder, 'server.js'), 'utf8')).split('async start((')[0]!.split('\n').length);
    await page.locator('.Toastify').getByText(`The part "hello" could not start: server.js, line ${line}`).waitFor();
    await save('server.js', 'async start((', 'async start(');
    await lines.next(/^✓ hello 0\.1\.0: started$/);
    expect((await ed1.get('/api/hello/greetings')).status).to.equal(200);
    watched.check();
  });

  it('says what is missing when the folder is not a plugin', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/plugin-dev.mjs', dir], { cwd: root, encoding: 'utf8' });
    expect([status, stderr]).to.deep.equal([
      1,
      `ved: ${dir} is not a plugin: it has no package.json. npm run plugin:new -- NAME creates a plugin.\n`,
    ]);
  });
});
