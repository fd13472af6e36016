/**
 * `npm run docs`: generates documents from the code. With `--check` it writes nothing,
 * and fails when one of them is stale; with `--release` it also records the packages'
 * exports as released.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { apiReports, lastRelease, releaseRecord, versionComplaint } from './api-reports.mjs';
import { giveUp, root } from './install.mjs';
import { problemCodesPage } from './problem-codes.mjs';

const { values: options } = parseArgs({
  options: { check: { type: 'boolean', default: false }, release: { type: 'boolean', default: false } },
});

// The reports are generated from its output.
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], { cwd: root, stdio: 'inherit' });
if (status !== 0) giveUp('fix the type errors before generating documents.');

const reports = apiReports();
const complaints = reports.map((report) => versionComplaint(report, lastRelease())).filter((complaint) => complaint !== null);
if (complaints.length > 0) giveUp(complaints.join('\n'));

/** The text of each document, by path; null for one to be removed. */
const documents = new Map([
  ['docs/problem-codes.md', await problemCodesPage()],
  ...[...readdirSync(join(root, 'docs/api'))].filter((name) => name.endsWith('.api.txt')).map((name) => [`docs/api/${name}`, null]),
  ...reports.map(({ path, text }) => [path, text]),
]);
if (options.release) {
  const { path, text } = releaseRecord(reports);
  documents.set(path, text);
}

const stale = [...documents].filter(([path, text]) => textOf(path) !== text);
if (options.check && stale.length > 0) giveUp(`run \`npm run docs\`: ${stale.map(([path]) => path).join(', ')} is stale.`);
for (const [path, text] of stale) write(path, text);

function write(path, text) {
  console.log(text === null ? `removed ${path}` : `wrote ${path}`);
  if (text === null) return rmSync(join(root, path));
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function textOf(path) {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null;
}
