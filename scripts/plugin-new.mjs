/** `npm run plugin:new -- name`: creates a working plugin with both halves, types and a test. Needs no network. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { giveUp, root } from './install.mjs';
import { linkToVed, typedPath } from './plugin-folder.mjs';

const USAGE = `Usage: npm run plugin:new -- NAME [--into DATA-FOLDER]

Creates a plugin in plugins/NAME of the data folder. The default data folder is
the one that npm start uses (VED_DATA_DIR, or ./data).`;

const TEMPLATE = join(root, 'scripts/plugin-template');
/** Prefixes of ved's own tables. */
const RESERVED_IDS = ['core', 'knex', 'sqlite'];
const LONGEST_ID = 31;

const { name, dataDir } = readArguments();
const id = name.replaceAll('-', '');
const folder = join(dataDir, 'plugins', name);
refuse();
write();
await prepareTypes();
tell();

function readArguments() {
  let parsed;
  try {
    parsed = parseArgs({ allowPositionals: true, options: { into: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
  } catch (error) {
    giveUp(`${error.message}\n\n${USAGE}`);
  }
  const { positionals, values } = parsed;
  if (values.help) {
    console.log(USAGE);
    process.exit();
  }
  if (positionals.length !== 1) giveUp(`give exactly one name.\n\n${USAGE}`);
  // The same default as `npm start`, which runs in ved's folder.
  const dataDir = values.into === undefined ? resolve(root, process.env.VED_DATA_DIR ?? 'data') : typedPath(values.into);
  return { name: positionals[0], dataDir };
}

/** Ends the process with a message when the name cannot be used. */
function refuse() {
  const other = `Choose another name.`;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    giveUp(`${JSON.stringify(name)} cannot be the name of a plugin: use letters a to z, digits and single hyphens, a letter first.`);
  if (id.length < 2 || id.length > LONGEST_ID)
    giveUp(`the id ${id} of the plugin must have 2 to ${LONGEST_ID} characters, and has ${id.length}. ${other}`);
  if (RESERVED_IDS.includes(id)) giveUp(`the id ${id} is reserved for ved itself. ${other}`);
  if (readdirSync(join(root, 'plugins')).includes(id)) giveUp(`the id ${id} is taken by a plugin of ved. ${other}`);
  if (existsSync(folder)) giveUp(`the folder ${folder} already exists. ${other} Or remove the folder.`);
  const taken = installedWith(id);
  if (taken) giveUp(`the id ${id} is taken by the plugin in ${taken}. ${other}`);
}

/** The folder of an installed plugin with this id; names that differ only in hyphens have the same id. */
function installedWith(id) {
  const plugins = join(dataDir, 'plugins');
  const folders = existsSync(plugins) ? readdirSync(plugins).map((each) => join(plugins, each)) : [];
  return folders.find((each) => {
    const manifest = join(each, 'package.json');
    // Any other fault of the manifest is reported by the Plugins panel.
    return existsSync(manifest) && new RegExp(`"id"\\s*:\\s*"${id}"`).test(readFileSync(manifest, 'utf8'));
  });
}

function write() {
  const words = name.replaceAll('-', ' ');
  const values = {
    name,
    id,
    title: words[0].toUpperCase() + words.slice(1),
    version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
  };
  for (const entry of readdirSync(TEMPLATE, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = join(entry.parentPath, entry.name);
    const target = join(folder, relative(TEMPLATE, source));
    const text = readFileSync(source, 'utf8').replace(/__(name|id|title|version)__/g, (_, key) => values[key]);
    // Only its owner may read the data folder.
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    writeFileSync(target, text, { flag: 'wx' });
  }
  linkToVed(folder);
}

/** Builds the types, but installs nothing for them: a clone that was never started gets them with `plugin:dev`. */
async function prepareTypes() {
  if (!existsSync(join(root, 'node_modules/typescript'))) return;
  const { ensureBuilt } = await import('./build.mjs');
  await ensureBuilt(['types']);
}

function tell() {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = files.map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
  console.log(`Wrote the plugin ${id} to ${folder}:

  ${names.join('\n  ')}

Next:
  npm run plugin:dev -- ${folder}
      serves ved with the plugin, and reloads it on every save
  npm test
      in that folder, tests the server half
  docs/guides/write-a-plugin.md
      describes what else a plugin can do

If ved is already running on ${dataDir}, press "Look for plugins" in Settings, Plugins to load it.`);
}
