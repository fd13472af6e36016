/** Shared by rows that need a browser: a cold profile, a session without the sign-in form, and whether there is a browser. */
import type { Browser, Page } from 'playwright-core';
import { findChromium, viewports } from '../support/browser.ts';
import type { SignedIn } from '../support/server-process.ts';

/** For `skip` of a row. */
export async function withoutBrowser(): Promise<string | null> {
  try {
    findChromium();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Runs `work` in a page with empty caches, signed in if a client is given. */
export async function inColdPage<T>(
  browser: Browser,
  session: { url: string; client: SignedIn } | null,
  work: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: viewports.wide });
  try {
    if (session) {
      const cookies = session.client.cookie.split('; ').map((pair) => {
        const at = pair.indexOf('=');
        return { name: pair.slice(0, at), value: pair.slice(at + 1), url: session.url };
      });
      await context.addCookies(cookies);
    }
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}
