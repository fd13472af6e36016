/**
 * One browser for all test files of a process, and the pages that one test has
 * after another. Each page is handed out as a new browser would be, with no
 * cookie, storage, route or permission of the test before; only what the
 * browser has compiled stays, which is two thirds of a page's start.
 */
import type { Browser } from 'playwright-core';
import { launchBrowser, newPage, type PageOptions, viewports, type WatchedPage } from './browser.ts';

export interface PagePool {
  /** A page as fresh as a new one, with these options. */
  take(options?: PageOptions): Promise<WatchedPage>;
  /** For `afterEach`: everything that was taken can be taken again. */
  takeBack(): Promise<void>;
}

/** What belongs to the profile of a page; the rest can be changed in it. */
type Profile = Omit<PageOptions, 'expected' | 'viewport' | 'colorScheme'>;

let shared: Promise<Browser> | undefined;

/** The browser of this process. It is closed after the last test; a worker of mocha's, which cannot know that, takes it along when it ends. */
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
          // A page that a test has broken is of no use to the next.
          () => watched.context.close().then(() => false),
        );
        const key = JSON.stringify(profile);
        if (isFresh) idle.set(key, [...(idle.get(key) ?? []), watched]);
      }
    },
  };
}

/** Leaves the workspace without a word to the server, and takes away all that a test can have left in page and profile. */
async function forget({ page, context }: WatchedPage, profile: Profile): Promise<void> {
  for (const other of context.pages()) if (other !== page) await other.close();
  for (const event of ['dialog', 'request', 'download', 'popup', 'worker'] as const) page.removeAllListeners(event);
  await page.unrouteAll();
  await context.setOffline(false);
  // What it would send on leaving could arrive when the next test has begun.
  await page.evaluate(() => {
    window.fetch = () => new Promise(() => undefined);
  });
  await page.mouse.move(0, 0);
  await page.goto(new URL('/api/health', page.url()).href);
  await page.evaluate(async () => {
    localStorage.clear();
    sessionStorage.clear();
    // Waited for: what the next test keeps there would wait for it, and be lost with a page that is reloaded meanwhile.
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
