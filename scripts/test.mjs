/**
 * `npm test`: gets what is missing (packages, a browser), builds what is stale,
 * and runs every test. What follows `--` goes to mocha. With
 * `VED_TEST_REQUIRE_ALL` set, a skipped test is a failure.
 */
import { spawn } from 'node:child_process';
import { ensureInstalled, root } from './install.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./build.mjs');
const { ensureBrowser } = await import('./browser.mjs');
await ensureBuilt();
const browser = await ensureBrowser(root);
if (!browser)
  console.error('ved: no Chromium could be found or installed; the tests that need one are skipped. Set VED_CHROMIUM to its path.');

// Everything, unless files are named. (In .mocharc a list would be added to the files that are named.)
const asked = process.argv.slice(2);
const everything = ['core/test/**/*.test.ts', 'plugins/*/test/**/*.test.ts', 'test/**/*.test.ts'];
const specs = asked.some((argument) => argument.endsWith('.ts')) ? [] : everything;

const child = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', '--reporter', 'test/support/reporter.cjs', ...specs, ...asked], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...(browser ? { VED_CHROMIUM: browser } : {}) },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
