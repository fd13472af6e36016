/** The row about output: a hundred thousand lines from a script to the panel that shows them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { signedIn, startServerProcess, temporaryDataDir } from '../support/server-process.ts';
import { median } from '../support/statistics.ts';
import { barePython, withoutPython } from './bare-python.ts';
import { inColdPage, withoutBrowser } from './browser-row.ts';
import { inTurns, type Measurement, type Row, shared } from './row.ts';

const ROUNDS = 5;
/** At 60 Hz. */
const FRAME_MS = 1000 / 60;
const LINES = 100_000;
const SCRIPT = `for number in range(${LINES}):\n    print(number)\n`;
const LAST_LINE = String(LINES - 1);
const hasDocker = () => spawnSync('docker', ['image', 'inspect', 'python:3.14-slim']).status === 0;

/** Runs in the page: from Ctrl+Enter on, checks each frame for the last line, and records the longest time between two frames. */
function noteLines(lastLine: string): void {
  addEventListener(
    'keydown',
    async (event) => {
      if (event.key !== 'Enter' || !event.ctrlKey) return;
      const { dataset } = document.documentElement;
      delete dataset.lastLineAfterMs;
      // The panel shows the previous run until this one has started.
      let started = false;
      let frameAtMs = performance.now();
      let worstMs = 0;
      for (;;) {
        await new Promise(requestAnimationFrame);
        const nowMs = performance.now();
        worstMs = Math.max(worstMs, nowMs - frameAtMs);
        frameAtMs = nowMs;
        const last = document.querySelector('.ved-Log-window')?.lastElementChild?.textContent;
        started ||= last !== lastLine;
        if (started && last === lastLine) break;
      }
      dataset.worstFrameMs = String(worstMs);
      dataset.lastLineAfterMs = String(frameAtMs - event.timeStamp);
    },
    { capture: true },
  );
}

async function keyToLastLine(page: Page): Promise<{ elapsedMs: number; worstFrameMs: number }> {
  await page.keyboard.press('Control+Enter');
  await page.locator('html[data-last-line-after-ms]').waitFor({ state: 'attached', timeout: 60_000 });
  await page.locator('.ved-Output [data-ved-run-status="succeeded"]').first().waitFor();
  const { lastLineAfterMs, worstFrameMs } = await page.evaluate(() => ({ ...document.documentElement.dataset }));
  return { elapsedMs: Number(lastLineAfterMs), worstFrameMs: Number(worstFrameMs) };
}

async function barePipe(file: string): Promise<void> {
  if (!(await barePython(file)).endsWith(`${LAST_LINE}\n`)) throw new Error('the bare pipe lost output');
}

/** The rate, and the longest time between two frames. */
async function takeLines(): Promise<{ rate: Measurement; frame: Measurement }> {
  const data = temporaryDataDir();
  const folder = mkdtempSync(join(tmpdir(), 'ved-bench-lines-'));
  const file = join(folder, 'lines.py');
  writeFileSync(file, SCRIPT);
  // The bare script has a whole core, and so has the run.
  const server = await startServerProcess(data.dataDir, { VED_RUNNER: hasDocker() ? 'docker' : 'pyodide', VED_RUN_CPUS: '1' });
  const browser = await launchBrowser();
  try {
    const client = await signedIn(server.url);
    const { body } = await client('POST', '/api/scripts', { content: SCRIPT });
    return await inColdPage(browser, { url: server.url, client }, async (page) => {
      await page.goto(`${server.url}/editor/${body.id}`);
      await page.locator('.view-line').first().click();
      await page.evaluate(noteLines, LAST_LINE);
      await keyToLastLine(page);
      const shown: { elapsedMs: number; worstFrameMs: number }[] = [];
      const { theirs } = await inTurns(
        ROUNDS,
        async () => shown.push(await keyToLastLine(page)),
        () => barePipe(file),
      );
      const perSecond = (elapsedMs: number) => (LINES / elapsedMs) * 1000;
      const ours = perSecond(median(shown.map(({ elapsedMs }) => elapsedMs)));
      const bare = perSecond(median(theirs));
      const worst = median(shown.map(({ worstFrameMs }) => worstFrameMs));
      return {
        rate: { ved: ours, baseline: bare, unit: 'per second', value: ours / bare },
        frame: { ved: worst, baseline: FRAME_MS, unit: 'ms', value: worst },
      };
    });
  } finally {
    await browser.close();
    await server.stop();
    data.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

const measureLines = shared(takeLines);

export const outputRows: Row[] = [
  {
    id: 'lines',
    what: '100,000 lines of output, from the key to the last line in the browser',
    baseline: 'the same script into a bare pipe',
    reach: { atLeast: 1 },
    skip: async () => (await withoutBrowser()) ?? (await withoutPython()),
    measure: async () => (await measureLines()).rate,
  },
  {
    id: 'lines-frame',
    what: 'the longest frame in that time, in milliseconds',
    baseline: 'a frame at 60 Hz',
    reach: { atMost: 50 },
    skip: async () => (await withoutBrowser()) ?? (await withoutPython()),
    measure: async () => (await measureLines()).frame,
  },
];
