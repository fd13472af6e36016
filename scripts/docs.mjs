/**
 * `npm run docs`: writes the documents that follow from the code. With
 * `--check` it writes nothing, and fails when one of them is stale.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { giveUp, root } from './install.mjs';
import { problemCodesPage } from './problem-codes.mjs';

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

/** Path and text of each document. */
const documents = new Map([['docs/problem-codes.md', await problemCodesPage()]]);

const stale = [...documents].filter(([path, text]) => textOf(path) !== text);
if (options.check && stale.length > 0) giveUp(`run \`npm run docs\`: ${stale.map(([path]) => path).join(', ')} is stale.`);
for (const [path, text] of stale) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(`wrote ${path}`);
}

function textOf(path) {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null;
}
