/**
 * `npm run bench`: measures ved's performance targets, each row next to its baseline in
 * the same run. `npm run bench -- save list` measures only those rows.
 */
import { spawn } from 'node:child_process';
import { ensureBrowser } from './browser.mjs';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, root } from './install.mjs';

ensureInstalled();
await ensureBuilt();
const browser = await ensureBrowser(root);
const child = spawn(process.execPath, ['--import', 'tsx', 'test/bench/main.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...(browser ? { VED_CHROMIUM: browser } : {}) },
});
child.on('exit', (code) => process.exit(code ?? 1));
