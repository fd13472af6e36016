/** The built page for tests: made anew when any of its sources changed. */
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The folder of the page, or the one that `VED_TEST_PAGE` names, as it is; the build runs in a process of its own, once, when something is stale. */
export async function ensurePageBuilt(): Promise<string> {
  if (process.env.VED_TEST_PAGE) return process.env.VED_TEST_PAGE;
  // A plain script without types, shared with `npm start`.
  const build: { ensureBuilt(): Promise<void> } = await import(join(root, 'scripts/build.mjs'));
  await build.ensureBuilt();
  return join(root, 'build/page');
}
