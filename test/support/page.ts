/** The built page for tests: rebuilt when any of its sources changed. */
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The folder of the page, or the one in `VED_TEST_PAGE` unchanged; when something is stale, the build runs once in its own process. */
export async function ensurePageBuilt(): Promise<string> {
  if (process.env.VED_TEST_PAGE) return process.env.VED_TEST_PAGE;
  // A plain script without types, shared with `npm start`.
  const build: { ensureBuilt(): Promise<void> } = await import(join(root, 'scripts/build.mjs'));
  await build.ensureBuilt();
  return join(root, 'build/page');
}
