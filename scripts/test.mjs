/**
 * `npm test`: installs what is missing (packages, a browser), builds what is stale,
 * and runs the tests; with `-- --all` also the exhaustive ones
 * (`test/support/exhaustive.ts`). Other arguments after `--` go to mocha: a file or
 * `--grep` selects tests, including exhaustive ones. With `VED_TEST_REQUIRE_ALL` set,
 * a skipped test is a failure.
 */
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, root } from './install.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./build.mjs');
const { ensureBrowser } = await import('./browser.mjs');
await ensureBuilt();
const browser = await ensureBrowser(root);
if (!browser)
  console.error('ved: no Chromium could be found or installed; the tests that need one are skipped. Set VED_CHROMIUM to its path.');

const asked = process.argv.slice(2).filter((argument) => argument !== '--all');
const isNamed = asked.some((argument) => argument.endsWith('.ts') || /^(--grep|--fgrep|-g|-f)\b/.test(argument));
const isShort = !isNamed && !process.argv.includes('--all');
// Runs one file per processor in parallel, unless files are named. (A list in .mocharc would be added to the named files.)
const jobs = String(Math.max(2, availableParallelism()));
const what = asked.some((argument) => argument.endsWith('.ts')) ? [] : ['--parallel', '--jobs', jobs, ...allTestFiles()];

const child = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', '--reporter', 'test/support/reporter.cjs', ...what, ...asked], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, VED_TEST_SHORT: isShort ? '1' : '', ...(browser ? { VED_CHROMIUM: browser } : {}) },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));

/** Browser journeys alternate with the other tests, long files first, so that two browsers seldom run in parallel and all jobs end at about the same time. */
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
