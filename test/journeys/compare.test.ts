/** Comparing runs in a real browser: two runs, repeated runs, side by side, and a trial before a merge. */

import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { until } from '../../plugins/runner/test/engines/support/until.ts';
import { seriousViolations } from '../support/accessibility.ts';
import type { Agent } from '../support/agent.ts';
import { screenshot, viewports } from '../support/browser.ts';
import { textShown, typeAtEnd } from '../support/editor.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { catalogRow, escapeFrom, journey, makeOnProd, makeScript } from '../support/journey.ts';

const output = (page: Page) => page.locator('.ved-Output:visible');
const comparison = (page: Page) => page.locator('.ved-CompareRuns:visible');
const rowOf = (page: Page, what: string) =>
  comparison(page)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: what, exact: true }) });

/** Runs a script through the API and waits; the run's id. */
async function ran(agent: Agent, scriptId: number, wish: object): Promise<number> {
  const { status, body } = await agent.post(`/api/execute/${scriptId}`, wish);
  if (status !== 200) throw new Error(`the run was refused: ${JSON.stringify(body)}`);
  return body.id;
}

async function showRuns(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Runs' }).click();
  await page.locator('.ved-Runs-row').first().waitFor();
}

async function compareTwo(page: Page, a: number, b: number): Promise<void> {
  await showRuns(page);
  await page.getByLabel(`Select run ${b} to compare`).check();
  await page.getByLabel(`Select run ${a} to compare`).check();
  await page.getByRole('button', { name: `Compare runs ${a} and ${b}` }).click();
  await comparison(page).locator('table').waitFor();
}

/** A headless browser shows no notifications, so record what the page asks for. As text, because the page does not have the compiler's helpers. */
const WRITTEN_DOWN = `
  window.asked = [];
  window.told = [];
  window.Notification = class {
    static get permission() { return asked.length > 0 ? 'granted' : 'default'; }
    static async requestPermission() { asked.push('permission'); }
    constructor(title, { body }) { told.push([title, body]); }
  };
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
`;

describe('comparing runs', () => {
  // One server for all tests, because other runs do not matter; with a limit long enough for a long run.
  const at = journey({ VED_RUNNER: 'pyodide', VED_RUN_TIMEOUT_MS: '300000' });

  describe('two runs', () => {
    let script: number;
    let first: number;
    let second: number;
    let same: number;

    before(async () => {
      const { ed1 } = at.agents;
      script = await makeScript(ed1, '"""Totals"""\nimport sys\n\nprint("total", open(sys.argv[1]).read())\n');
      first = await ran(ed1, script, { source: 'draft', test_data: '1' });
      same = await ran(ed1, script, { source: 'draft', test_data: '1' });
      await ed1.put(`/api/scripts/${script}`, { content: '"""Totals"""\nimport sys\n\nprint("sum", open(sys.argv[1]).read())\n' });
      second = await ran(ed1, script, { source: 'draft', test_data: '2' });
    });

    it('selected in the list are compared in one table, with links to the texts', async () => {
      const { page, check } = await at.open('ed1');
      await compareTwo(page, first, second);
      await comparison(page).getByText('Different stdout; also different code and test data').waitFor();
      expect(await rowOf(page, 'Code').textContent())
        .to.contain('v0.1 draft')
        .and.to.contain('v0.2 draft')
        .and.to.contain('differs');
      expect(await rowOf(page, 'Interpreter').textContent()).to.contain('same');
      await screenshot(page, 'compare-runs');
      await page.getByRole('button', { name: 'Show stdout side by side' }).click();
      const diff = page.locator('.monaco-diff-editor:visible');
      await diff.getByText('total').waitFor();
      await diff.getByText('sum').waitFor();
      await screenshot(page, 'compare-runs-output');
      check();
    });

    exhaustive.it('with the same result are called identical', async () => {
      const { page, check } = await at.open('mo1');
      await compareTwo(page, first, same);
      await comparison(page)
        .getByText(/^\W*Identical/)
        .waitFor();
      expect(await rowOf(page, 'stdout').textContent()).to.contain('1 line');
      expect(
        await comparison(page)
          .getByRole('button', { name: /side by side/ })
          .count(),
      ).to.equal(0);
      check();
    });

    exhaustive.it('stay compared after a reload', async () => {
      const { page, check } = await at.open('ed1');
      await compareTwo(page, first, second);
      const isKept = async () =>
        JSON.stringify((await at.agents.ed1.get('/api/workspace/state')).body).split(`ved-compare-runs-${first}-${second}`).length > 2;
      await until(isKept, 'the server keeps the tab');
      await page.reload();
      await comparison(page).getByText('Different stdout').waitFor();
      check();
    });

    for (const colorScheme of ['light', 'dark'] as const)
      exhaustive.it(`have no serious accessibility violations in the ${colorScheme} theme`, async () => {
        const { page } = await at.open('ed1', { colorScheme, viewport: viewports.laptop });
        await compareTwo(page, first, second);
        await screenshot(page, `compare-runs-${colorScheme}`);
        expect(await seriousViolations(page)).to.deep.equal([]);
      });

    exhaustive.it('can be read side by side, the older in its own panel', async () => {
      const { page, check } = await at.open('ed1', { path: `/editor/${script}` });
      await textShown(page, script);
      await showRuns(page);
      await page.locator(`.ved-Runs-row[data-ved-run-id="${second}"]`).click();
      await output(page).getByText('sum 2').waitFor();
      await page.locator(`.ved-Runs-row[data-ved-run-id="${first}"]`).click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Open to the Side' }).click();
      await output(page).getByText('total 1').waitFor();
      expect(await output(page).getByText('sum 2').isVisible()).to.equal(true);
      await page.getByRole('tab', { name: `Run ${first}: 1.00 Totals` }).waitFor();
      await screenshot(page, 'run-beside');
      expect(await seriousViolations(page)).to.deep.equal([]);
      check();
    });
  });

  describe('a repeated run', () => {
    exhaustive.it('can be compared by keyboard alone, and is called identical', async () => {
      const { ed1 } = at.agents;
      const id = await makeScript(ed1, '"""Steady"""\nprint("always this")\n');
      const run = await ran(ed1, id, { source: 'draft' });
      const { page, check } = await at.open('ed1');
      await showRuns(page);
      await page.locator('.ved-Runs-row').first().click();
      await output(page).getByText('always this').waitFor();
      await output(page).getByRole('log').focus();
      await page.keyboard.press('Control+Enter');
      await output(page).getByText(`Compared with run ${run}: Identical`).waitFor();
      expect(
        await output(page)
          .getByRole('log')
          .evaluate((log) => log === document.activeElement),
      ).to.equal(true);
      await screenshot(page, 'run-again');
      await output(page).getByRole('button', { name: 'Show comparison' }).click();
      await comparison(page)
        .getByText(/Identical/)
        .waitFor();
      check();
    });

    exhaustive.it('says what differs', async () => {
      const { ed1 } = at.agents;
      const id = await makeScript(ed1, '"""Dice"""\nimport time\n\nprint(time.time_ns())\n');
      const run = await ran(ed1, id, { source: 'draft' });
      const { page, check } = await at.open('ed1');
      await showRuns(page);
      await page.locator(`.ved-Runs-row[data-ved-run-id="${run}"]`).click();
      await output(page).getByRole('button', { name: 'Again' }).press('Enter');
      await output(page).getByText(`Compared with run ${run}: Different stdout`).waitFor();
      expect(await seriousViolations(page)).to.deep.equal([]);
      check();
    });
  });

  describe('a line of a traceback', () => {
    let id: number;
    let run: number;

    before(async () => {
      id = await makeScript(at.agents.ed1, '"""Lead"""\n\nraise ValueError("first version")\n');
      run = await ran(at.agents.ed1, id, { source: 'draft' });
      await at.agents.ed1.put(`/api/scripts/${id}`, { content: '"""Lead"""\nprint("second version")\n' });
    });

    exhaustive.it('opens the version that ran, read-only, when there is a newer one', async () => {
      const { page, check } = await at.open('mo1');
      await showRuns(page);
      await page.locator(`.ved-Runs-row[data-ved-run-id="${run}"]`).click();
      await output(page).getByRole('button', { name: 'Line 3' }).click();
      const editor = page.locator('[data-ved-editor]:visible');
      await editor.getByText('first version').waitFor();
      await editor.locator('.line-numbers.active-line-number', { hasText: /^3$/ }).waitFor();
      await editor.locator('[data-ved-version="v0.1"]').waitFor();
      await screenshot(page, 'run-older-version');
      check();
    });

    exhaustive.it('of unsaved text goes to where that line is now', async () => {
      const { page, check } = await at.open('ed1', { path: `/editor/${id}` });
      await textShown(page, id);
      await typeAtEnd(page, id, 'raise KeyError("typed")');
      await page.keyboard.press('Control+Enter');
      await output(page).getByRole('button', { name: 'Line 3' }).waitFor();
      await page.locator('[data-ved-editor]:visible .view-line').first().click();
      await page.keyboard.press('Control+Home');
      await page.keyboard.type('# one line more\n');
      await output(page).getByRole('button', { name: 'Line 3' }).click();
      await page.locator('[data-ved-editor]:visible .line-numbers.active-line-number', { hasText: /^4$/ }).waitFor();
      check();
    });
  });

  describe('a merge', () => {
    async function openReview(page: Page, id: number): Promise<void> {
      await textShown(page, id);
      await page.getByRole('button', { name: 'Merge' }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /on test data/ })
        .click();
    }

    exhaustive.it('can be tried on the test data next to prod first', async () => {
      const { ed1 } = at.agents;
      const id = await makeOnProd(ed1, '"""Prices"""\nfor n in range(3):\n    print("price", n)\n');
      await ed1.put(`/api/scripts/${id}`, { content: '"""Prices"""\nfor n in range(3):\n    print("price", n * n)\n' });
      const { page, check } = await at.open('ed1', { path: `/editor/${id}` });
      await openReview(page, id);
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Different stdout').waitFor();
      expect(await dialog.getByRole('region', { name: 'Output of prod v0.1' }).textContent()).to.contain('price 2');
      expect(
        await dialog.getByRole('region', { name: 'Output of v0.2 (to be merged)' }).locator('.ved-mod-changed').allTextContents(),
      ).to.deep.equal(['price 4']);
      await screenshot(page, 'merge-tried');
      expect(await seriousViolations(page)).to.deep.equal([]);
      await dialog.getByRole('button', { name: 'Merge to prod' }).click();
      await catalogRow(page, 'Prices').locator('.ved-mod-same').waitFor();
      check();
    });

    exhaustive.it('that does not change the result is called identical, with the full comparison one click away', async () => {
      const { ed1 } = at.agents;
      const id = await makeOnProd(ed1, '"""Plain"""\nprint(1 + 1)\n');
      await ed1.put(`/api/scripts/${id}`, { content: '"""Plain"""\nprint(2)\n' });
      const { page, check } = await at.open('ed1', { path: `/editor/${id}`, colorScheme: 'dark' });
      await openReview(page, id);
      await page
        .getByRole('dialog')
        .getByText(/Identical/)
        .waitFor();
      await screenshot(page, 'merge-tried-dark');
      expect(await seriousViolations(page)).to.deep.equal([]);
      await page.getByRole('button', { name: 'Compare in full' }).click();
      await comparison(page).getByText('Same result from different code').waitFor();
      expect(await page.getByRole('dialog').count()).to.equal(0);
      check();
    });

    exhaustive.it('cancelled while both run stops them', async () => {
      const { ed1 } = at.agents;
      const id = await makeOnProd(ed1, '"""Slow"""\nimport time\n\ntime.sleep(200)\n');
      await ed1.put(`/api/scripts/${id}`, { content: '"""Slow"""\nimport time\n\ntime.sleep(201)\n' });
      const { page } = await at.open('ed1', { path: `/editor/${id}` });
      await openReview(page, id);
      await page.getByRole('dialog').getByText('Running v0.1 and v0.2').waitFor();
      await escapeFrom(page.getByRole('dialog'));
      const areCancelled = async () => {
        const { body: runs } = await ed1.get(`/api/runs?script=${id}`);
        return runs.length === 2 && runs.every(({ status }: { status: string }) => status === 'cancelled');
      };
      await until(areCancelled, 'both runs are cancelled');
    });
  });

  describe('colours and progress bars', () => {
    exhaustive.it('are drawn as a terminal would', async () => {
      const { ed1 } = at.agents;
      const lines = [
        '"""Paint"""',
        'import sys',
        'for part in range(0, 101, 10):',
        '    print(f"\\r[{"#" * (part // 5):20}] {part:3} %", end="", flush=True)',
        'print()',
        'print("\\x1b[32mgreen\\x1b[0m and \\x1b[1;31mbold red,")',
        'print("still red on the next line\\x1b[0m, \\x1b[7minverse\\x1b[0m, \\x1b[38;5;208morange\\x1b[0m, \\x1b[48;2;30;90;200m\\x1b[97mtrue colour\\x1b[0m")',
        'print("\\x1b[2J\\x1b]0;title\\x07only text", file=sys.stderr)',
      ];
      const id = await makeScript(ed1, `${lines.join('\n')}\n`);
      await ran(ed1, id, { source: 'draft' });
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, check } = await at.open('ed1', { colorScheme });
        await showRuns(page);
        await page.locator('.ved-Runs-row').first().click();
        const log = output(page).getByRole('log');
        await log.getByText('only text').waitFor();
        expect(await log.locator('.ved-Log-line').first().textContent()).to.equal(`[${'#'.repeat(20)}] 100 %`);
        expect(await log.getByText('still red on the next line').evaluate((span) => [...span.classList])).to.include('ved-mod-bold');
        expect(await log.getByText('green').evaluate((span) => span.style.color)).to.equal('var(--ved-ansi-text-2)');
        expect(await log.getByText('true colour').evaluate((span) => getComputedStyle(span).color)).to.equal('rgb(255, 255, 255)');
        await screenshot(page, `run-colours-${colorScheme}`);
        expect(await seriousViolations(page)).to.deep.equal([]);
        check();
      }
    });
  });

  describe('the end of a long run', () => {
    exhaustive.it('shows a desktop notification if the person asked for it and the page is hidden', async () => {
      const { ed1 } = at.agents;
      const id = await makeScript(ed1, '"""Patience"""\nimport time\n\ntime.sleep(10.5)\n');
      const { page, check } = await at.open('ed1');
      await page.evaluate(WRITTEN_DOWN);
      const asked = () => page.evaluate(() => (Reflect.get(window, 'asked') as string[]).length);
      expect(await asked()).to.equal(0);
      await page.keyboard.press('Control+Shift+C');
      await page.getByPlaceholder('Search commands').fill('Notify me');
      await page.locator('.lm-CommandPalette-item').filter({ hasText: 'Notify Me When Long Runs End' }).click();
      await page.waitForFunction(() => (Reflect.get(window, 'asked') as string[]).length === 1);
      await ran(ed1, id, { source: 'draft' });
      await page.waitForFunction(() => (Reflect.get(window, 'told') as string[]).length === 1);
      const [told] = await page.evaluate(() => Reflect.get(window, 'told') as [string, string][]);
      expect(told![0]).to.equal('✓ Patience');
      expect(told![1]).to.match(/^Success after 1\d\.\d s \(run \d+\)$/);
      expect(await asked()).to.equal(1);
      check();
    });
  });
});
