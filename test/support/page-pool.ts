/**
 * One browser for all test files of a process, and pages that tests reuse one
 * after another. Each page is as clean as a new browser, without cookies, storage,
 * routes or permissions of the previous test; only the browser's compiled code
 * stays, which saves two thirds of a page's start.
 */
import type { Browser } from 'playwright-core';
import { launchBrowser, newPage, type PageOptions, viewports, type WatchedPage } from './browser.ts';

export interface PagePool {
  /** A page as fresh as a new one, with these options. */
  take(options?: PageOptions): Promise<WatchedPage>;
  /** For `afterEach`: returns everything that was taken to the pool. */
  takeBack(): Promise<void>;
}

/** The options of a page's profile; the others can be changed later. */
type Profile = Omit<PageOptions, 'expected' | 'viewport' | 'colorScheme'>;

let shared: Promise<Browser> | undefined;

/** The browser of this process. Closed after the last test; a mocha worker, which cannot know that, closes it when it exits. */
export function sharedBrowser(): Promise<Browser> {
  shared ??= launchBrowser();
  return shared;
}
if (!process.env.MOCHA_WORKER_ID) after(async () => (await shared)?.close());

/** The pages of this process. */
export const pages: PagePool = pagePool();

function pagePool(): PagePool {
  const idle = new Map<string, WatchedPage[]>();
  let taken: { readonly profile: Profile; readonly watched: WatchedPage }[] = [];
  return {
    take: async ({ expected = [], viewport = viewports.wide, colorScheme = 'light', ...profile } = {}) => {
      const watched = idle.get(JSON.stringify(profile))?.pop() ?? (await newPage(await sharedBrowser(), profile));
      watched.expectOnly(expected);
      taken.push({ profile, watched });
      if (viewport) await watched.page.setViewportSize(viewport);
      await watched.page.emulateMedia({ colorScheme });
      return watched;
    },
    takeBack: async () => {
      const back = taken;
      taken = [];
      for (const { profile, watched } of back) {
        const isFresh = await forget(watched, profile).then(
          () => true,
          // The next test cannot use a page that a test has broken.
          () => watched.context.close().then(() => false),
        );
        const key = JSON.stringify(profile);
        if (isFresh) idle.set(key, [...(idle.get(key) ?? []), watched]);
      }
    },
  };
}

/** Leaves the workspace without a request to the server, and removes everything that a test may have left in page and profile. */
async function forget({ page, context }: WatchedPage, profile: Profile): Promise<void> {
  for (const other of context.pages()) if (other !== page) await other.close();
  for (const event of ['dialog', 'request', 'download', 'popup', 'worker'] as const) page.removeAllListeners(event);
  await page.unrouteAll();
  await context.setOffline(false);
  // A request sent on leaving could arrive when the next test has started.
  await page.evaluate(() => {
    window.fetch = () => new Promise(() => undefined);
  });
  await page.mouse.move(0, 0);
  await page.goto(new URL('/api/health', page.url()).href);
  await page.evaluate(async () => {
    localStorage.clear();
    sessionStorage.clear();
    // Wait for the deletion: otherwise writes of the next test would wait for it, and be lost if its page is reloaded.
    const databases = await indexedDB.databases();
    await Promise.all(
      databases.map(
        ({ name }) =>
          new Promise<void>((resolve, reject) => {
            const request = indexedDB.deleteDatabase(name!);
            request.onsuccess = () => resolve();
            request.onerror = () => reject(request.error);
          }),
      ),
    );
  });
  await context.clearCookies();
  await context.clearPermissions();
  await context.grantPermissions(profile.permissions ?? []);
}
