/**
 * A real Chromium for tests. Every page collects its problems (errors, policy
 * violations, failed requests), and `check()` fails on unexpected ones.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Agent } from './agent.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const usualPlaces = [
  '/usr/bin',
  '/usr/local/bin',
  '/snap/bin',
  '/opt/google/chrome',
  '/Applications/Chromium.app/Contents/MacOS',
  '/Applications/Google Chrome.app/Contents/MacOS',
];
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const artefacts = join(import.meta.dirname, '../artefacts');

/** How long to wait for a page: a slow machine with another browser may need half of it. */
const PATIENCE_MS = 60_000;

/** A wide screen and a small laptop. */
export const viewports = { wide: { width: 1400, height: 850 }, laptop: { width: 1280, height: 720 } } as const;

/** The program's path. Throws with what to install when there is none. */
export function findChromium(): string {
  const given = process.env.VED_CHROMIUM;
  if (given) return given;
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...usualPlaces];
  const paths = folders.flatMap((folder) => [...names, 'Chromium', 'Google Chrome'].map((name) => join(folder, name)));
  const found = paths.find((path) => existsSync(path));
  if (!found) throw new Error('no Chromium was found: install the package "chromium", or set VED_CHROMIUM to its path');
  return found;
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: flags });
}

export interface PageOptions extends BrowserContextOptions {
  /** Problems that this test causes on purpose; each is matched against the line that would be reported. */
  readonly expected?: readonly RegExp[];
}

export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Throws when the page had unexpected problems so far. */
  check(): void;
  /** Forgets the problems so far; from now on only these are expected. */
  expectOnly(expected: readonly RegExp[]): void;
  /** Checks, then closes the page and forgets its cookies and storage. */
  close(): Promise<void>;
}

/** When nobody is signed in, these routes return 401; the browser reports it, but it is not a problem. */
const alwaysExpected = [/^http 401 \/api\/(auth\/me|workspace\/boot)$/];

/** A page with a fresh profile, on a wide screen by default. */
export async function newPage(browser: Browser, { expected: expectedAtFirst = [], ...options }: PageOptions = {}): Promise<WatchedPage> {
  let expected = expectedAtFirst;
  const context = await browser.newContext({ viewport: viewports.wide, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const problems: string[] = [];
  const report = (line: string) => {
    if (![...alwaysExpected, ...expected].some((pattern) => pattern.test(line))) problems.push(line);
  };
  page.on('pageerror', (error) => report(`page error: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    // Failed requests are reported with their URL below.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) report(`console error: ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) report(`http ${response.status()} ${new URL(response.url()).pathname}`);
  });
  await page.exposeFunction('vedTestReport', report);
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
      Reflect.get(window, 'vedTestReport')(`policy violation: ${violatedDirective} ${blockedURI} at ${sourceFile}:${lineNumber}`);
    });
  });
  const check = () => {
    if (problems.length > 0) throw new Error(`the page had problems:\n${problems.splice(0).join('\n')}`);
  };
  return {
    page,
    context,
    check,
    expectOnly: (patterns) => {
      expected = patterns;
      problems.length = 0;
    },
    close: async () => {
      await context.close();
      check();
    },
  };
}

/** Fills in the sign-in form at `url` and waits for the workspace. */
export async function signInAt(page: Page, url: string, username: string, password: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Name').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await workspaceReady(page);
}

/** Opens the workspace with an agent's session, without the sign-in form; for tests about something else. */
export async function openWorkspace(page: Page, agent: Agent, path = '/'): Promise<void> {
  const cookies = agent.cookie.split('; ').map((pair) => {
    const at = pair.indexOf('=');
    return { name: pair.slice(0, at), value: pair.slice(at + 1), url: agent.url };
  });
  await page.context().addCookies(cookies);
  await page.goto(new URL(path, agent.url).href);
  await workspaceReady(page);
}

/** Waits until the layout is restored and the workspace can be used. */
export async function workspaceReady(page: Page): Promise<void> {
  await page.locator('body[data-workspace="ready"]').waitFor({ state: 'attached' });
}

/** Saves a screenshot in `test/artefacts/`. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(artefacts, { recursive: true });
  await page.screenshot({ path: join(artefacts, `${name}.png`), animations: 'disabled' });
}
