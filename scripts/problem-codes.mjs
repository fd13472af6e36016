/**
 * Generates the page of all problem codes from the tables and routes of the contracts.
 * The type checker ensures that no other code is thrown; this checks that every code
 * is used, and belongs to a route or says `where` it occurs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

const PLUGINS = readdirSync(join(root, 'plugins')).sort();
const CONTRACTS = ['core', ...PLUGINS.map((plugin) => `plugins/${plugin}`)];

const HEAD = `# Problem codes

<!-- Written by \`npm run docs\` from the tables in each contract (\`core/contract/core-problems.ts\`, \`plugins/*/contract/problems.ts\`) and the \`problems\` of the routes. -->

An error is \`application/problem+json\` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)) with \`type\`, \`title\`, \`status\`, \`detail\` and \`code\`. \`detail\` says what failed, on which thing, and what to do; programs should look at \`code\`, which is stable.
`;

/** The tables and routes of every contract: its exports named `…Problems` and `…Routes`. */
async function readContracts() {
  const table = {};
  const routes = [];
  for (const folder of CONTRACTS) {
    const contract = await import(join(root, folder, 'contract/index.ts'));
    for (const [name, value] of Object.entries(contract)) {
      if (name.endsWith('Problems')) addTable(table, value, name);
      if (name.endsWith('Routes')) routes.push(...Object.values(value));
    }
  }
  return { table, routes };
}

function addTable(table, entries, name) {
  for (const [code, entry] of Object.entries(entries)) {
    if (code in table) throw new Error(`${name} declares ${code}, which another table has.`);
    table[code] = entry;
  }
}

/** The faults of the tables, one sentence each. */
function complaints(table, routes) {
  const listed = new Set(routes.flatMap(({ problems = [] }) => problems));
  const sources = serverSources();
  const unknown = [...listed].filter((code) => !(code in table)).map((code) => `A route lists ${code}, which no table declares.`);
  const ofCodes = Object.entries(table).flatMap(([code, { where }]) => [
    ...(sources.includes(`'${code}'`) ? [] : [`Nothing throws ${code}. Remove it from its table.`]),
    ...(listed.has(code) || where ? [] : [`No route lists ${code}. Add it to the \`problems\` of a route, or say \`where\` it occurs.`]),
  ]);
  return [...unknown, ...ofCodes];
}

/** The source text of all server halves, where codes are thrown. */
function serverSources() {
  const folders = [...CONTRACTS.map((folder) => `${folder}/server`), 'server'];
  return folders
    .flatMap(filesUnder)
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}

function filesUnder(folder) {
  try {
    return readdirSync(join(root, folder), { recursive: true })
      .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
      .map((file) => join(root, folder, file));
  } catch (error) {
    // A plugin without a server half.
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function row(code, { status, meaning, where }, routes) {
  const answering = routes.filter(({ problems = [] }) => problems.includes(code)).sort(byPath);
  const places = [...answering.map(({ method, path }) => `\`${method} ${path}\``), ...(where ? [where] : [])];
  return `| \`${code}\` | ${status} | ${meaning} | ${places.join('<br>')} |`;
}

function byPath(a, b) {
  return a.path.localeCompare(b.path, 'en') || a.method.localeCompare(b.method, 'en');
}

function section(area, codes, { table, routes }) {
  const rows = codes.map((code) => row(code, table[code], routes));
  return [`## ${area}`, '', '| Code | Status | What it means, and what to do | Where |', '|---|---|---|---|', ...rows, ''].join('\n');
}

/** The expected content of `docs/problem-codes.md`. Throws when the tables do not match the code. */
export async function problemCodesPage() {
  const contracts = await readContracts();
  const wrong = complaints(contracts.table, contracts.routes);
  if (wrong.length > 0) throw new Error(`The problem codes do not fit:\n${wrong.join('\n')}`);
  const codes = Object.keys(contracts.table).sort();
  const areas = [...new Set(codes.map((code) => code.split('/')[0]))];
  const sections = areas.map((area) =>
    section(
      area,
      codes.filter((code) => code.startsWith(`${area}/`)),
      contracts,
    ),
  );
  return [HEAD, ...sections].join('\n');
}
