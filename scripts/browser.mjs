/** Finds a Chromium for the tests, and installs one if the machine has none. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of a Chromium on this machine: `VED_CHROMIUM`, one in PATH or a usual location, or Playwright's. Null when there is none. */
export async function findBrowser() {
  if (process.env.VED_CHROMIUM) return process.env.VED_CHROMIUM;
  const inPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = [...inPath, ...PLACES].find(executable);
  if (found) return found;
  const { chromium } = await import('playwright-core');
  return executable(chromium.executablePath()) ? chromium.executablePath() : null;
}

const attempts = [
  {
    what: 'from the system’s packages',
    possible: () => process.platform === 'linux' && process.getuid?.() === 0 && ['/usr/bin/apt-get'].some(executable),
    run: () => [
      'sh',
      [
        '-c',
        'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null',
      ],
    ],
  },
  {
    what: 'from Playwright',
    possible: () => true,
    run: () => [process.execPath, ['node_modules/playwright-core/cli.js', 'install', 'chromium']],
  },
];

/** As `findBrowser`, but tries to install one if necessary. Null when that fails. */
export async function ensureBrowser(root) {
  const installed = await findBrowser();
  if (installed) return installed;
  for (const attempt of attempts.filter((each) => each.possible())) {
    console.log(`ved: no Chromium on this machine; getting one ${attempt.what} …`);
    const [program, args] = attempt.run();
    spawnSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], timeout: 300_000 });
    const found = await findBrowser();
    if (found) return found;
  }
  return null;
}
