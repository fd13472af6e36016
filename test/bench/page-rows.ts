/** Rows about the page: how soon a script's text can be read, and how many bytes that takes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { type SignedIn, signedIn, startServerProcess, temporaryDataDir } from '../support/server-process.ts';
import { median, quantile } from '../support/statistics.ts';
import { inColdPage, withoutBrowser } from './browser-row.ts';
import { serveMonacoAlone } from './monaco-alone/serve.ts';
import { inTurns, type Measurement, type Row } from './row.ts';

const ROUNDS = 9;
const TEXT = 'import sys\n\nprint(sys.argv[1])\n';
const MIB = 1024 * 1024;

/** Runs in the page before its own code: records when the text was painted, in milliseconds since the page was requested. */
function notePaint(): void {
  const seen = new MutationObserver(() => {
    if (!document.querySelector('.view-line')?.textContent?.includes('import')) return;
    seen.disconnect();
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        document.documentElement.dataset.paintedAtMs = String(performance.now());
      }),
    );
  });
  seen.observe(document, { childList: true, subtree: true, characterData: true });
}

async function paintedAfterMs(page: Page, url: string): Promise<number> {
  await page.addInitScript(notePaint);
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator('html[data-painted-at-ms]').waitFor({ state: 'attached' });
  return Number(await page.evaluate(() => document.documentElement.dataset.paintedAtMs));
}

/** Bytes over the wire of everything that was requested before the language service. */
async function bytesBeforeLanguageService(page: Page): Promise<number> {
  await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('pyright')));
  return page.evaluate(() => {
    const resources = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const startedMs = Math.min(...resources.filter(({ name }) => name.includes('pyright')).map(({ startTime }) => startTime));
    const before = [...(performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]), ...resources];
    return before.filter(({ startTime }) => startTime < startedMs).reduce((bytes, { transferSize }) => bytes + transferSize, 0);
  });
}

interface Scene {
  readonly browser: Browser;
  readonly ved: { url: string; client: SignedIn; scriptId: number };
  readonly alone: string;
}

async function onScene<T>(work: (scene: Scene) => Promise<T>): Promise<T> {
  const data = temporaryDataDir();
  const outDir = mkdtempSync(join(tmpdir(), 'ved-bench-monaco-'));
  const alone = await serveMonacoAlone(outDir);
  const server = await startServerProcess(data.dataDir);
  const browser = await launchBrowser();
  try {
    const client = await signedIn(server.url);
    const made = await client('POST', '/api/scripts', { content: TEXT });
    return await work({ browser, ved: { url: server.url, client, scriptId: made.body.id }, alone: alone.url });
  } finally {
    await browser.close();
    await server.stop();
    await alone.stop();
    data.remove();
    rmSync(outDir, { recursive: true, force: true });
  }
}

function measurePage(): Promise<Measurement> {
  return onScene(async ({ browser, ved, alone }) => {
    const { ours, theirs } = { ours: [] as number[], theirs: [] as number[] };
    const address = `${ved.url}/editor/${ved.scriptId}`;
    await inTurns(
      ROUNDS + 1,
      async () => ours.push(await inColdPage(browser, ved, (page) => paintedAfterMs(page, address))),
      async () => theirs.push(await inColdPage(browser, null, (page) => paintedAfterMs(page, alone))),
    );
    // The first of each starts the browser's own processes.
    const [shown, bare] = [ours.slice(1), theirs.slice(1)];
    return {
      ved: median(shown),
      baseline: median(bare),
      unit: 'ms',
      value: median(shown) / median(bare),
      more: { ved_p95_ms: quantile(shown, 0.95), baseline_p95_ms: quantile(bare, 0.95) },
    };
  });
}

function measureBytes(): Promise<Measurement> {
  return onScene(async ({ browser, ved, alone }) => {
    const bytes = await inColdPage(browser, ved, async (page) => {
      await paintedAfterMs(page, `${ved.url}/editor/${ved.scriptId}`);
      return bytesBeforeLanguageService(page);
    });
    const bare = await inColdPage(browser, null, async (page) => {
      await paintedAfterMs(page, alone);
      return page.evaluate(() =>
        performance.getEntriesByType('resource').reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).transferSize, 0),
      );
    });
    return { ved: bytes / MIB, baseline: bare / MIB, unit: 'MiB', value: bytes / MIB };
  });
}

export const pageRows: Row[] = [
  {
    id: 'page',
    what: 'page visible with editor, cold',
    baseline: 'Monaco alone on a page',
    reach: { atMost: 1.3 },
    skip: withoutBrowser,
    measure: measurePage,
  },
  {
    id: 'page-bytes',
    what: 'bytes over the wire before the language service, in MiB',
    baseline: 'Monaco alone on a page',
    reach: { atMost: 1.3 },
    skip: withoutBrowser,
    measure: measureBytes,
  },
];
