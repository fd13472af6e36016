/**
 * The API reports: what `core` and the plugins' contracts export, kept in `docs/api`.
 * An entry whose exports differ from the last release must also have a newer version
 * (ADR 138).
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declarationReport } from './declaration-report.mjs';
import { root } from './install.mjs';

const RELEASED = 'docs/api/released.json';
const PLUGINS = readdirSync(join(root, 'plugins')).sort();

/** The folders of the entries that have a report. */
const ENTRIES = [
  ...['contract', 'text', 'server', 'browser'].map((half) => ({ folder: 'core', half })),
  ...PLUGINS.map((plugin) => ({ folder: `plugins/${plugin}`, half: 'contract' })),
];

/** The report of each entry; `tsc -b` must have run. */
export function apiReports() {
  return ENTRIES.map(({ folder, half }) => {
    const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const short = folder.split('/').at(-1);
    const declarations = declarationReport(join(root, 'build/types', short, half, 'index.d.ts'));
    return {
      entry: `${name}/${half}`,
      version,
      manifest: `${folder}/package.json`,
      path: `docs/api/${short}.${half}.api.txt`,
      text: `${name}/${half} ${version}\n\nWritten by \`npm run docs\`: what importers see. It may change only with the version (ADR 138).\n\n${declarations}\n`,
      sha256: createHash('sha256').update(declarations).digest('hex'),
    };
  });
}

/** The record of the last release, by entry; `sha256` is null if the release had no report yet. */
export function lastRelease() {
  return existsSync(join(root, RELEASED)) ? JSON.parse(readFileSync(join(root, RELEASED), 'utf8')) : {};
}

/** The record of these reports as released, with its path. */
export function releaseRecord(reports) {
  const record = Object.fromEntries(reports.map(({ entry, version, sha256 }) => [entry, { version, sha256 }]));
  return { path: RELEASED, text: `${JSON.stringify(record, null, 2)}\n` };
}

/** A sentence that says why a report is not allowed; null when it is. */
export function versionComplaint({ entry, version, manifest, sha256 }, released) {
  const last = released[entry];
  if (!last || last.sha256 === sha256 || isNewer(version, last.version)) return null;
  return `${entry} does not export what it did in the last release, ${last.version}, and ${manifest} has the version ${version}. Raise the version there and in package-lock.json, then run \`npm run docs\`.`;
}

function isNewer(version, other) {
  const [parts, others] = [version, other].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
  const at = parts.findIndex((part, index) => part !== others[index]);
  return at >= 0 && parts[at] > others[at];
}
