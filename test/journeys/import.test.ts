/** Importing scripts from files and folders, and exporting them, in a real browser. */

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { unzipSync, zipSync } from 'fflate';
import type { FileChooser, Page } from 'playwright-core';
import { seriousViolations } from '../support/accessibility.ts';
import { screenshot, viewports } from '../support/browser.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { catalogRow, escapeFrom, journey } from '../support/journey.ts';

/** Answers the browser's file dialog, which `button` opens. */
async function choose(page: Page, button: string, files: Parameters<FileChooser['setFiles']>[0]): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: button }).click()]);
  await chooser.setFiles(files);
}

const python = (name: string, text: string | Buffer) => ({ name, mimeType: 'text/x-python', buffer: Buffer.from(text) });
const dialog = (page: Page) => page.locator('.jp-Dialog');
const row = (page: Page, file: string) => dialog(page).locator('tbody tr').filter({ hasText: file });

/** Chooses an entry of the File menu. */
async function fromFileMenu(page: Page, label: string): Promise<void> {
  await page.locator('.lm-MenuBar-item', { hasText: 'File' }).click();
  await page.locator('.lm-Menu-item', { hasText: label }).click();
}

describe('importing scripts', () => {
  const at = journey();
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ved-import-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('is offered by the empty catalog, previews the result, and imports two files', async () => {
    const { page, check } = await at.open('ed1');
    await page.getByRole('region', { name: 'Catalog' }).getByRole('button', { name: 'Import…' }).click();
    await dialog(page).getByText('Each .py file becomes a script').waitFor();
    await choose(page, 'Choose files…', [python('3.01_load.py', '"""Load orders"""\r\n'), python('report.py', '"""Report"""\n')]);
    await row(page, '3.01_load.py').waitFor();
    expect(await row(page, '3.01_load.py').textContent())
      .to.contain('3.01')
      .and.to.contain('Load orders')
      .and.to.contain('New script');
    expect(await row(page, 'report.py').textContent())
      .to.contain('4.00')
      .and.to.contain('has no number');
    await page.getByRole('button', { name: 'Import 2 scripts' }).click();
    await catalogRow(page, 'Load orders').waitFor();
    expect(await page.locator('.ved-CatalogRow-number').allTextContents()).to.deep.equal(['3.01', '4.00']);
    await page.getByText('Imported 2 scripts: 3.01 to 4.00.').first().waitFor();
    const { body } = await at.agents.mo1.get('/api/scripts/1');
    expect(body).to.deep.include({ content: '"""Load orders"""\r\n', descriptive_name: 'Load orders' });
    check();
  });

  it('explains what is refused, and imports the rest once confirmed', async () => {
    const { page, check } = await at.open('ed1', { viewport: viewports.laptop });
    await catalogRow(page, 'Load orders').waitFor();
    await fromFileMenu(page, 'Import…');
    await choose(page, 'Choose files…', [
      python('3.01_again.py', '"""Again"""\n'),
      python('5_latin.py', Buffer.from('# caf\xe9\n', 'latin1')),
      { name: 'scripts.zip', mimeType: 'application/zip', buffer: Buffer.from(zipSync({ '../up.py': Buffer.from('x') })) },
    ]);
    await row(page, '5_latin.py').waitFor();
    expect(await row(page, '5_latin.py').textContent())
      .to.contain('Refused')
      .and.to.contain('not valid UTF-8')
      .and.to.contain('byte 6');
    expect(await row(page, '../up.py').textContent())
      .to.contain('Refused')
      .and.to.contain('contains “..”');
    expect(await row(page, '3.01_again.py').textContent())
      .to.contain('3.02')
      .and.to.contain('is taken by “Load orders”');
    await dialog(page).getByText('1 script will be created. 2 files are refused and will be skipped.').waitFor();
    await screenshot(page, 'import-preview');
    await page.getByRole('button', { name: 'Import 1 script' }).click();
    await catalogRow(page, 'Again').waitFor();
    check();
  });

  exhaustive.it('accepts a folder, and has nothing to import when it contains no script', async () => {
    await mkdir(join(folder, 'queue/data'), { recursive: true });
    await writeFile(join(folder, 'queue/9_nine.py'), '"""Nine"""\n');
    await writeFile(join(folder, 'queue/data/notes.txt'), 'notes');
    await mkdir(join(folder, 'nothing'));
    await writeFile(join(folder, 'nothing/notes.md'), 'notes');
    const { page, check } = await at.open('ed1');
    await catalogRow(page, 'Load orders').waitFor();
    await fromFileMenu(page, 'Import…');
    await choose(page, 'Choose a folder…', join(folder, 'nothing'));
    await dialog(page).getByText('None of these files is a .py file.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await fromFileMenu(page, 'Import…');
    await choose(page, 'Choose a folder…', join(folder, 'queue'));
    expect(await row(page, 'queue/data/notes.txt').textContent()).to.contain('Skipped');
    await page.getByRole('button', { name: 'Import 1 script' }).click();
    await catalogRow(page, 'Nine').waitFor();
    check();
  });

  exhaustive.it('changes nothing when cancelled, also by keyboard', async () => {
    const { page, check } = await at.open('ed1');
    await catalogRow(page, 'Load orders').waitFor();
    await fromFileMenu(page, 'Import…');
    await choose(page, 'Choose files…', [python('20_never.py', '"""Never"""\n')]);
    await row(page, '20_never.py').waitFor();
    await escapeFrom(dialog(page));
    await dialog(page).waitFor({ state: 'detached' });
    const { body } = await at.agents.mo1.get('/api/scripts?q=Never');
    expect(body).to.deep.equal([]);
    check();
  });

  for (const colorScheme of ['light', 'dark'] as const)
    exhaustive.it(`has no serious accessibility violations in the ${colorScheme} theme`, async () => {
      const { page } = await at.open('ed1', { colorScheme });
      await catalogRow(page, 'Load orders').waitFor();
      await fromFileMenu(page, 'Import…');
      await dialog(page).waitFor();
      expect(await seriousViolations(page)).to.deep.equal([]);
      await choose(page, 'Choose files…', [python('3.01_x.py', 'x'), python('4_bad.py', Buffer.from([0xff])), python('notes.txt', '')]);
      await row(page, '4_bad.py').waitFor();
      await screenshot(page, `import-${colorScheme}`);
      expect(await seriousViolations(page)).to.deep.equal([]);
    });

  it('has a counterpart: a zip of all scripts, also for viewers, who cannot import', async () => {
    const { page, check } = await at.open('mo1');
    await catalogRow(page, 'Load orders').waitFor();
    await page.locator('.lm-MenuBar-item', { hasText: 'File' }).click();
    expect(await page.locator('.lm-Menu-item:not(.lm-mod-hidden)', { hasText: 'Import…' }).count()).to.equal(0);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('.lm-Menu-item', { hasText: 'Export as Zip' }).click(),
    ]);
    expect(download.suggestedFilename()).to.equal('ved-scripts.zip');
    const files = unzipSync(new Uint8Array(await readFile(await download.path())));
    expect(Object.keys(files)).to.include('3.01_load_orders.py').and.to.include('manifest.json');
    check();
  });
});
