/** The row about the language service: from a key to the squiggle that it causes. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { signedIn, startServerProcess, temporaryDataDir } from '../support/server-process.ts';
import { median, quantile } from '../support/statistics.ts';
import { startBarePyright } from './bare-pyright.ts';
import { inColdPage, withoutBrowser } from './browser-row.ts';
import { inTurns, type Measurement, type Row } from './row.ts';

const ROUNDS = 30;
const WARM_UP = 5;
/** Ends with the name of a variable, so that one more letter creates an undefined name. */
const SAMPLE = readFileSync(join(import.meta.dirname, 'orders-sample.py'), 'utf8').trimEnd();

/** The letter that is typed. */
const KEY = 'z';

/** Runs in the page: records how long after the key the squiggle appeared. */
function noteSquiggles(key: string): void {
  let pressedAtMs: number | null = null;
  addEventListener(
    'keydown',
    (event) => {
      if (event.key !== key) return;
      pressedAtMs = event.timeStamp;
      delete document.documentElement.dataset.squiggleAfterMs;
    },
    { capture: true },
  );
  new MutationObserver(() => {
    if (pressedAtMs === null || document.querySelector('.squiggly-error') === null) return;
    document.documentElement.dataset.squiggleAfterMs = String(performance.now() - pressedAtMs);
    pressedAtMs = null;
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['class'] });
}

async function keyToSquiggle(page: Page): Promise<number> {
  await page.keyboard.press(KEY);
  await page.locator('html[data-squiggle-after-ms]').waitFor({ state: 'attached' });
  const elapsedMs = Number(await page.evaluate(() => document.documentElement.dataset.squiggleAfterMs));
  await takeBack(page);
  return elapsedMs;
}

async function takeBack(page: Page): Promise<void> {
  await page.keyboard.press('Escape'); // closes the completions
  await page.keyboard.press('Backspace');
  await page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
}

/** Puts the cursor at the end and waits until the language service has answered once. */
async function beginTyping(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('.view-line').first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.press(KEY);
  await page.locator('.squiggly-error').first().waitFor({ timeout: 120_000 });
  await takeBack(page);
  await page.evaluate(noteSquiggles, KEY);
}

async function measureSquiggle(): Promise<Measurement> {
  const data = temporaryDataDir();
  const folder = mkdtempSync(join(tmpdir(), 'ved-bench-pyright-'));
  const server = await startServerProcess(data.dataDir);
  const bare = await startBarePyright(folder, SAMPLE);
  const browser = await launchBrowser();
  try {
    const client = await signedIn(server.url);
    const { body } = await client('POST', '/api/scripts', { content: SAMPLE });
    return await inColdPage(browser, { url: server.url, client }, async (page) => {
      await beginTyping(page, `${server.url}/editor/${body.id}`);
      const [shown, answered]: [number[], number[]] = [[], []];
      await inTurns(
        ROUNDS + WARM_UP,
        async () => shown.push(await keyToSquiggle(page)),
        async () => answered.push(await bare.keyToError(KEY)),
      );
      const [ours, theirs] = [shown.slice(WARM_UP), answered.slice(WARM_UP)];
      return {
        ved: median(ours),
        baseline: median(theirs),
        unit: 'ms',
        value: median(ours) / median(theirs),
        more: { ved_p95_ms: quantile(ours, 0.95), baseline_p95_ms: quantile(theirs, 0.95) },
      };
    });
  } finally {
    await browser.close();
    bare.stop();
    await server.stop();
    data.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

export const editorRows: Row[] = [
  {
    id: 'squiggle',
    what: 'key to squiggle, 327 lines',
    baseline: 'bare Pyright in Node, pull',
    reach: { atMost: 0.6 },
    skip: withoutBrowser,
    measure: measureSquiggle,
  },
];
