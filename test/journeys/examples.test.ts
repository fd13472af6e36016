/** The example plugins, copied into the data folder as a user would do. */

import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Agent } from '../support/agent.ts';
import { openWorkspace, screenshot } from '../support/browser.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { catalogRow, makeOnProd, startPageServer } from '../support/journey.ts';
import { pages } from '../support/page-pool.ts';
import type { TestServer } from '../support/server.ts';

const root = join(import.meta.dirname, '../..');

describe('an example plugin', () => {
  let server: TestServer;
  let dataDir: string;
  let ed1: Agent;

  before(async function () {
    this.timeout(240_000);
    dataDir = await mkdtemp(join(tmpdir(), 'ved-examples-'));
    await cp(join(root, 'examples'), join(dataDir, 'plugins'), { recursive: true });
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    server = await startPageServer({ dataDir, version });
    ed1 = await server.signIn('ed1', '1editor');
  });
  after(async () => {
    await server?.stop();
    await rm(dataDir, { recursive: true });
  });

  afterEach(() => pages.takeBack());

  exhaustive.it('marks a script that ran slower than usual', async () => {
    // Its test data says how long it sleeps.
    const text = '"""Nap"""\nimport sys, time\ntime.sleep(float(open(sys.argv[1]).read()))\n';
    const script = await makeOnProd(ed1, text, 1);
    const watched = await pages.take();
    await openWorkspace(watched.page, ed1);
    await catalogRow(watched.page, 'Nap').waitFor();
    const nap = async (seconds: number): Promise<number> => {
      const { body } = await ed1.post(`/api/execute/${script}`, { source: 'prod', test_data: String(seconds) });
      expect(body.status).to.equal('succeeded');
      return body.duration_ms;
    };
    const usual = [];
    for (let run = 0; run < 4; run += 1) usual.push(await nap(0.05));
    // More than twice what is usual on this machine.
    await nap((2 * Math.max(...usual)) / 1000 + 0.1);
    await catalogRow(watched.page, 'Nap').getByText('slow').waitFor();
    expect(await catalogRow(watched.page, 'Nap').getAttribute('aria-label')).to.match(/slow, its last run took \d\.\d s, usually 0\.\d s/);
    await screenshot(watched.page, 'example-slow-scripts');
    watched.check();
  });

  it('draws a CSV file of a run as a chart, and says when it cannot', async () => {
    const text = [
      '"""Figures"""',
      'rows = ["day,orders,\\"net, total\\"", "2,20,5.5", "1,10,4", "3,25,7"]',
      'open("/tmp/out/figures.csv", "w").write("\\n".join(rows))',
      'open("/tmp/out/words.csv", "w").write("a,b\\nx,y\\n")',
    ].join('\n');
    const script = await makeOnProd(ed1, `${text}\n`, 2);
    const { body: run } = await ed1.post(`/api/execute/${script}`, { source: 'prod' });
    expect(run.files.map(({ name }: { name: string }) => name)).to.deep.equal(['figures.csv', 'words.csv']);
    const watched = await pages.take();
    const { page } = watched;
    await openWorkspace(page, ed1, `/editor/${script}`);
    await catalogRow(page, 'Figures').click();
    await page.keyboard.press('Control+Shift+C');
    await page.getByPlaceholder('Search commands').fill('Show Output');
    await page.locator('.lm-CommandPalette-item').filter({ hasText: 'Show Output' }).first().click();
    await page.getByRole('tab', { name: /^Files/ }).click();
    await page.getByRole('button', { name: 'Chart' }).click();
    await page.getByRole('img', { name: 'orders, net, total over day, 3 rows' }).locator('canvas').waitFor();
    await screenshot(page, 'example-csv-chart');
    await page.getByRole('button', { name: 'Table' }).click();
    await page.locator('.ved-Files-preview table').waitFor();
    await page.locator('.ved-Files-row').filter({ hasText: 'words.csv' }).click();
    await page.getByRole('button', { name: 'Chart' }).click();
    await page.getByText('A chart needs two columns of numbers').waitFor();
    watched.check();
  });
});
