/** Running scripts in a real browser: a draft, prod, the whole queue; output and failures. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { seriousViolations } from '../support/accessibility.ts';
import { screenshot, viewports } from '../support/browser.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { catalogRow, escapeFrom, journey, makeOnProd, makeScript } from '../support/journey.ts';

const output = (page: Page) => page.locator('.ved-Output');
const ended = (page: Page, status: string) => output(page).locator(`[data-ved-run-status="${status}"]`).first();
const log = (page: Page) => output(page).getByRole('log');

/** Opens a script and puts the cursor into its text. */
async function openScript(page: Page, name: string): Promise<void> {
  await catalogRow(page, name).click();
  const editor = page.locator('[data-ved-editor]:visible');
  await editor.locator('.view-line').first().waitFor();
  await editor.locator('.view-lines').click();
}

describe('running a script', () => {
  const at = journey();

  before(async () => {
    await makeScript(
      at.agents.ed1,
      '"""Count"""\nimport sys\n\nfor number in range(3):\n    print("line", number)\nprint("to stderr", file=sys.stderr)\n',
    );
    await makeScript(at.agents.ed1, '"""Raise"""\n\n\ndef go():\n    raise ValueError("no such order")\n\n\ngo()\n');
  });

  it('shows the output next to the editor and how the run ended, which the catalog shows too', async () => {
    const { page, check } = await at.open('ed1');
    await openScript(page, 'Count');
    await page.keyboard.press('Control+Enter');
    await ended(page, 'succeeded').waitFor();
    expect(await log(page).textContent())
      .to.contain('line 0')
      .and.to.contain('line 2')
      .and.to.contain('to stderr');
    expect(await output(page).locator('.ved-RunHeader').textContent()).to.match(/run \d+v0\.1 draft/);
    await catalogRow(page, 'Count').filter({ hasText: 'Success' }).waitFor();
    await screenshot(page, 'run-success');
    check();
  });

  it('runs unsaved text as it is, and stores it with the run', async () => {
    const { page, check } = await at.open('ed1');
    await openScript(page, 'Count');
    await page.keyboard.press('Control+End');
    await page.keyboard.type('print("typed just now")\n');
    await page.keyboard.press('Control+Enter');
    await log(page).getByText('typed just now').waitFor();
    await ended(page, 'succeeded').waitFor();
    expect(await output(page).locator('.ved-RunHeader').textContent()).to.contain('unsaved');
    const tab = page.locator('.lm-TabBar-tab').filter({ hasText: /^Output: / });
    await tab.getByText('Output: 1.00 Count').waitFor();
    await page.locator('[data-ved-editor]:visible .view-lines').click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('"""Count anew"""\n');
    await page.keyboard.press('Control+s');
    await tab.getByText('Output: 1.00 Count anew').waitFor();
    expect(await output(page).getAttribute('aria-label')).to.equal('Output of 1.00 Count anew');
    check();
    await at.agents.ed1.post(`/api/scripts/1/revert`, { version_id: 1 });
  });

  exhaustive.it('runs with unsaved test data as it is, and says so in the record', async () => {
    const id = await makeScript(at.agents.ed1, '"""Echo"""\nimport sys\n\nprint("given", open(sys.argv[1]).read())\n');
    const { page, check } = await at.open('ed1');
    await openScript(page, 'Echo');
    await page.locator('.lm-TabBar-tab[data-id="ved-test-data"]').click();
    await page.getByRole('textbox', { name: /^Test data of/ }).fill('typed, not saved');
    await page.locator('[data-ved-editor]:visible .view-lines').click();
    await page.keyboard.press('Control+Enter');
    await log(page).getByText('given typed, not saved').waitFor();
    await ended(page, 'succeeded').waitFor();
    expect(await output(page).locator('.ved-RunHeader').textContent()).to.match(/v0\.1 draftunsaved test data/);
    const { body: run } = await at.agents.ed1.get(`/api/execute/${id}/last`);
    expect(run).to.include({ unsaved: false, unsaved_test_data: true, version_label: '0.1' });
    expect(run.input_sha256).to.equal(createHash('sha256').update('typed, not saved').digest('hex'));
    expect((await at.agents.ed1.get(`/api/scripts/${id}`)).body.test_data).to.equal('');
    check();
  });

  exhaustive.it('records what ran: the text and the test data can be opened, the hashes copied', async () => {
    const script = await makeScript(at.agents.ed1, '"""Recorded"""\nprint("as it stands")\n');
    const wish = { source: 'draft', content: '"""Recorded"""\nprint("as it ran")\n', test_data: 'given to it\n' };
    const { body: run } = await at.agents.ed1.post(`/api/execute/${script}`, wish);
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, check } = await at.open('mo1', { colorScheme, viewport: viewports.laptop });
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.getByRole('tab', { name: 'Runs' }).click();
      await page.locator(`.ved-Runs-row[data-ved-run-id="${run.id}"]`).click();
      await output(page).getByRole('tab', { name: 'Output' }).focus();
      await page.keyboard.press('ArrowRight');
      const record = output(page).getByRole('tabpanel', { name: 'What ran' });
      await record.getByText('v0.1 draft, with unsaved changes').waitFor();
      await record.getByText(createHash('sha256').update('given to it\n').digest('hex')).waitFor();
      await record.getByRole('button', { name: 'Copy Commit' }).click();
      await page.locator('.Toastify__toast').filter({ hasText: 'Commit copied.' }).waitFor();
      expect(await page.evaluate(() => navigator.clipboard.readText())).to.equal(run.git_commit_hash);
      expect(await seriousViolations(page)).to.deep.equal([]);
      await page.setViewportSize({ width: 1280, height: 1600 });
      await screenshot(page, `run-record-${colorScheme}`);
      await record.getByRole('button', { name: 'Open the test data' }).click();
      await page.locator(`[data-ved-text="run ${run.id}: test data"]`).getByText('given to it').waitFor();
      await record.getByRole('button', { name: 'Open the code' }).click();
      await page.locator(`[data-ved-text="run ${run.id}: code"]`).getByText('as it ran').waitFor();
      check();
    }
  });

  it('finds, filters and follows the output', async () => {
    const { page, check } = await at.open('ed1');
    await openScript(page, 'Count');
    await page.keyboard.press('Control+Enter');
    await ended(page, 'succeeded').waitFor();
    await output(page).getByLabel('Find in the output').fill('LINE');
    await output(page).getByText('1 of 3').waitFor();
    await page.keyboard.press('Enter');
    await output(page).getByText('2 of 3').waitFor();
    await output(page).getByLabel('Output to show').selectOption('stderr');
    await output(page).getByText('line 0').waitFor({ state: 'detached' });
    expect(await log(page).textContent()).to.contain('to stderr');
    check();
  });

  it('says why it failed, and links to the line', async () => {
    const { page, check } = await at.open('ed1');
    await openScript(page, 'Raise');
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Control+Enter');
    await output(page).getByText('ValueError: no such order').first().waitFor();
    await ended(page, 'failed').waitFor();
    await screenshot(page, 'run-failure');
    await output(page).getByRole('button', { name: 'Line 5' }).click();
    await page.locator('.monaco-editor.focused .line-numbers.active-line-number', { hasText: /^5$/ }).waitFor();
    check();
  });

  exhaustive.it('says which limit was exceeded and what to do, and shows the limits before the first run', async () => {
    await makeScript(
      at.agents.ed1,
      '"""Needs pandas"""\nimport json, pandas\ntry:\n    import yaml\nexcept ImportError:\n    yaml = None\n',
    );
    const { page, check } = await at.open('ed1');
    await page.locator('.ved-EngineStatus button').click();
    const facts = page.getByRole('dialog').filter({ hasText: 'Where Scripts Run' });
    await facts.getByText('A run may take 30 s, use 256 MiB of memory and write 64 MiB of output.').first().waitFor();
    await facts
      .getByText(/^No keyboard: input\(\)/)
      .first()
      .waitFor();
    await facts.getByRole('button', { name: 'Close' }).click();
    await openScript(page, 'Needs pandas');
    await page.locator('.ved-EngineStatus button').filter({ hasText: 'pandas is missing' }).click();
    await facts.getByText(/^Line 2: pandas is not part of Python/).waitFor();
    await screenshot(page, 'run-imports-engine');
    await facts.getByRole('button', { name: 'Close' }).click();
    await page.locator('[data-ved-editor]:visible .view-lines').click();
    await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Show Output' }).click();
    const missing = output(page).getByRole('region', { name: 'Missing imports' });
    await output(page).getByText('Nothing has run yet.').waitFor();
    expect(await missing.innerText())
      .to.contain('# dependencies = ["pandas"]\n# ///')
      .and.not.to.contain('yaml');
    expect(await seriousViolations(page)).to.deep.equal([]);
    await screenshot(page, 'run-imports');
    await missing.getByRole('button', { name: 'Line 2' }).click();
    await page.locator('.monaco-editor.focused .line-numbers.active-line-number', { hasText: /^2$/ }).waitFor();
    // Nothing can be installed here.
    expect(await missing.getByRole('button', { name: 'Add these lines' }).count()).to.equal(0);
    await page.locator('[data-ved-editor]:visible .view-lines').click();
    await page.keyboard.press('Control+Enter');
    await ended(page, 'failed').waitFor();
    const banner = output(page).locator('.ved-FailureBanner');
    await banner.getByText("No module named 'pandas'").waitFor();
    // Each line to add is on its own line.
    expect(await banner.locator('.ved-FailureBanner-hint').innerText()).to.contain('# dependencies = ["pandas"]\n# ///');
    await screenshot(page, 'run-limit');
    check();
  });

  exhaustive.it('links each traceback entry to its line, by mouse and by keyboard', async () => {
    const { page, check } = await at.open('ed1');
    await openScript(page, 'Raise');
    await page.keyboard.press('Control+Enter');
    await ended(page, 'failed').waitFor();
    const activeLine = (line: number) =>
      page.locator('.monaco-editor.focused .line-numbers.active-line-number', { hasText: new RegExp(`^${line}$`) }).waitFor();
    const inner = log(page).getByRole('link', { name: /line 5/ });
    expect(await inner.evaluate((link) => getComputedStyle(link).textDecorationLine)).to.equal('underline');
    await inner.click();
    await activeLine(5);
    await log(page).focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).to.match(/script\.py", line 8$/);
    await screenshot(page, 'run-traceback-focus');
    await page.keyboard.press('Enter');
    await activeLine(8);
    check();
  });

  exhaustive.it('copies what is shown, downloads everything, and jumps to the end', async () => {
    const many = Array.from({ length: 300 }, (_, line) => `line ${line}`);
    await makeScript(
      at.agents.ed1,
      '"""Many"""\nimport sys\n\nprint("oh dear", file=sys.stderr)\nfor number in range(300):\n    print("line", number)\n',
    );
    const { page, check } = await at.open('ed1', { permissions: ['clipboard-read', 'clipboard-write'] });
    await openScript(page, 'Many');
    await page.keyboard.press('Control+Enter');
    await ended(page, 'succeeded').waitFor();

    const toEnd = output(page).getByRole('button', { name: 'Jump to end' });
    await log(page).getByText('line 299').waitFor();
    await log(page).hover();
    await page.mouse.wheel(0, -3000);
    await log(page).getByText('line 299').waitFor({ state: 'detached' });
    await toEnd.click();
    await log(page).getByText('line 299').waitFor();
    await toEnd.waitFor({ state: 'hidden' });
    expect(await log(page).evaluate((node) => node === document.activeElement)).to.equal(true);

    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await output(page).getByTitle('Copy all output').click();
    await page.getByText('Copied 301 lines.').waitFor();
    expect((await copied()).split('\n').sort()).to.deep.equal(['oh dear', ...many].sort());
    await output(page).getByLabel('Output to show').selectOption('stderr');
    await output(page).getByTitle('Copy what is shown: stderr').click();
    await page.getByText('Copied 1 line.').waitFor();
    expect(await copied()).to.equal('oh dear');
    const download = page.waitForEvent('download');
    await output(page).getByTitle('Download all output, stdout and stderr').click();
    const saved = await readFile(await (await download).path(), 'utf8');
    expect(saved.split('\n').sort()).to.deep.equal(['oh dear', ...many].sort());

    // The next run is shown with the same options, and says so.
    await output(page).getByRole('button', { name: 'Again' }).click();
    await output(page).getByText('Identical').waitFor();
    expect(await output(page).getByLabel('Output to show').inputValue()).to.equal('stderr');
    expect(await log(page).textContent()).to.equal('oh dear');
    check();
  });

  exhaustive.it('can be stopped with a click', async () => {
    await makeScript(at.agents.ed1, '"""Endless"""\nimport time\n\nprint("begun", flush=True)\nwhile True:\n    time.sleep(0.05)\n');
    const { page, check } = await at.open('ed1');
    await openScript(page, 'Endless');
    await page.keyboard.press('Control+Enter');
    await log(page).getByText('begun').waitFor();
    await screenshot(page, 'run-running');
    await output(page).getByRole('button', { name: 'Stop' }).click();
    await ended(page, 'cancelled').waitFor();
    check();
  });

  exhaustive.it('shows the same run after a reload', async () => {
    const { page, check } = await at.open('ed1');
    await openScript(page, 'Count');
    await page.keyboard.press('Control+Enter');
    await ended(page, 'succeeded').waitFor();
    const kept = page.waitForResponse((response) => response.url().endsWith('/api/workspace/state') && response.ok());
    await output(page).getByRole('button', { name: 'Again' }).click();
    await kept;
    await ended(page, 'succeeded').waitFor();
    await page.reload();
    await log(page).getByText('line 2').waitFor();
    check();
  });

  exhaustive.it('of prod is refused before the first merge, with what to do', async () => {
    const { page } = await at.open('ed1', { expected: [/^http 400 /] });
    await openScript(page, 'Count');
    await page.keyboard.press('Control+Shift+Enter');
    await page.locator('.Toastify__toast').filter({ hasText: /merge/i }).first().waitFor();
  });

  it('is listed in the runs, and can be opened from there', async () => {
    const { page, check } = await at.open('ed1');
    await catalogRow(page, 'Count').waitFor();
    await page.getByRole('tab', { name: 'Runs' }).click();
    const row = page.locator('.ved-Runs-row').filter({ hasText: 'Raise' }).first();
    await row.waitFor();
    await screenshot(page, 'runs');
    await row.click();
    await log(page).getByText('ValueError').first().waitFor();
    check();
  });

  it('can be watched by a viewer, who can neither start nor stop it', async () => {
    const { page, check } = await at.open('mo1');
    await catalogRow(page, 'Count').waitFor();
    await page.getByRole('tab', { name: 'Runs' }).click();
    await page.locator('.ved-Runs-row').filter({ hasText: 'Count' }).first().click();
    await log(page).getByText('line 2').waitFor();
    expect(
      await page
        .getByRole('button', { name: /Again|Stop|Run/ })
        .filter({ visible: true })
        .count(),
    ).to.equal(0);
    check();
  });

  exhaustive.it('says which engine is in use, and why', async () => {
    const { page, check } = await at.open('mo1');
    await page.getByRole('button', { name: /pyodide · cpython/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('not a security boundary').waitFor();
    await screenshot(page, 'engines');
    await escapeFrom(dialog);
    await dialog.waitFor({ state: 'detached' });
    check();
  });

  for (const colorScheme of ['light', 'dark'] as const)
    (colorScheme === 'dark' ? exhaustive.it : it)(`has no serious accessibility violations in the ${colorScheme} theme`, async () => {
      const { page } = await at.open('ed1', { colorScheme, viewport: viewports.laptop });
      await openScript(page, 'Raise');
      await page.keyboard.press('Control+Enter');
      await ended(page, 'failed').waitFor();
      await screenshot(page, `run-${colorScheme}`);
      expect(await seriousViolations(page)).to.deep.equal([]);
    });
});

describe('running the whole queue', () => {
  const at = journey();

  exhaustive.it('shows its groups as lanes, failures first, and each output one click away', async () => {
    await makeOnProd(at.agents.ed1, '"""Fetch"""\nprint("fetched")\n', 1);
    await makeOnProd(at.agents.ed1, '"""Clean"""\nprint("cleaned")\n', 2.01);
    await makeOnProd(at.agents.ed1, '"""Break"""\nraise SystemExit("out of paper")\n', 2.02);
    await makeScript(at.agents.ed1, '"""Not on prod"""\nprint("never")\n', 3);
    const { page, check } = await at.open('ed1');
    await catalogRow(page, 'Fetch').waitFor();
    await page.locator('#ved-catalog .ved-PanelHead').getByRole('button', { name: /Run/ }).click();
    const pass = page.locator('.ved-Pass');
    await pass.locator('[data-ved-pass-status="failed"]').waitFor();
    expect(await pass.locator('.ved-Gantt-lane').count()).to.equal(2);
    expect(await pass.locator('.ved-Gantt-row').count()).to.equal(3);
    expect(await pass.getByRole('list', { name: 'Failed runs' }).textContent()).to.contain('2.02 Break');
    await screenshot(page, 'pass');
    expect(await seriousViolations(page)).to.deep.equal([]);
    await pass.locator('.ved-Gantt-row').filter({ hasText: 'Clean' }).click();
    await log(page).getByText('cleaned').waitFor();
    await catalogRow(page, 'Break').filter({ hasText: 'Failure' }).waitFor();
    check();
  });
});
