/**
 * `npm test`: gets what is missing (packages, a browser), builds what is stale,
 * and runs every test. What follows `--` goes to mocha. With
 * `VED_TEST_REQUIRE_ALL` set, a skipped test is a failure.
 */
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root } from './install.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./build.mjs');
const { ensureBrowser } = await import('./browser.mjs');
await ensureBuilt();
const browser = await ensureBrowser(root);
if (!browser)
  console.error('ved: no Chromium could be found or installed; the tests that need one are skipped. Set VED_CHROMIUM to its path.');

// Everything, two files at a time, unless files are named. (In .mocharc a list would be added to the files that are named.)
const asked = process.argv.slice(2);
const everything = ['--parallel', '--jobs', '2', ...allTestFiles()];
const what = asked.some((argument) => argument.endsWith('.ts')) ? [] : everything;

const child = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', '--reporter', 'test/support/reporter.cjs', ...what, ...asked], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...(browser ? { VED_CHROMIUM: browser } : {}) },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));

/** Journeys in a browser by turns with the others, long files first: so that two browsers seldom share the processors, and both halves end together. */
function allTestFiles() {
  const files = ['core', 'plugins', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'))
      .map((name) => join(folder, name)),
  );
  const longFirst = files.sort((a, b) => statSync(join(root, b)).size - statSync(join(root, a)).size);
  const journeys = longFirst.filter((file) => file.startsWith(join('test', 'journeys')));
  const others = longFirst.filter((file) => !journeys.includes(file));
  return longFirst.flatMap((_, turn) => [journeys[turn], others[turn]]).filter((file) => file !== undefined);
}
