/**
 * Installs node_modules according to the lockfile, unless it is up to date.
 * Uses only Node's own modules, since it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const OLDEST_NODE = [20, 19];
const STAMP = join(root, 'node_modules', '.ved-installed');

/** Prints the message and ends the process. */
export function giveUp(message) {
  console.error(`ved: ${message}`);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]))
    giveUp(`Node ${process.versions.node} is too old; ${OLDEST_NODE.join('.')} or newer is needed.`);
}

/** Identifies the installed packages: the lockfile, the ABI that native ones are built for, and the platform. */
function fingerprint() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.versions.modules)
    .update(process.platform + process.arch)
    .digest('hex');
}

/** Whether somebody ran `npm install` by hand after the lockfile last changed. */
function installedByHand() {
  const marker = join(root, 'node_modules', '.package-lock.json');
  return (
    existsSync(marker) &&
    existsSync(join(root, 'node_modules', 'sqlite3')) &&
    statSync(marker).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
  );
}

/** Installs the packages of the lockfile if any is missing or outdated. Ends the process when npm fails. */
export function ensureInstalled() {
  checkNode();
  const wanted = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  if (!existsSync(STAMP) && installedByHand()) return writeFileSync(STAMP, wanted);
  console.log('ved: installing packages. The first time this takes a few minutes: SQLite is compiled if there is no prebuilt binary.');
  // npm sets `npm_execpath` for the scripts that it runs; run that file with the same Node.
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, [process.env.npm_execpath]] : ['npm', []];
  const result = spawnSync(npm[0], [...npm[1], 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: npm[0] === 'npm' && process.platform === 'win32',
    env: { ...process.env, NODE_ENV: 'development' },
  });
  if (result.status !== 0)
    giveUp(
      'the packages could not be installed; the lines above say why. SQLite needs python3, make and a C++ compiler if its prebuilt binary cannot be downloaded.',
    );
  writeFileSync(STAMP, wanted);
}
