/** `npm run plugin:dev -- folder`: serves ved with the plugin in a folder, and reloads the plugin on every save. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ensureInstalled, giveUp, root } from './install.mjs';
import { linkToVed, typedPath } from './plugin-folder.mjs';

const USAGE = `Usage: npm run plugin:dev -- FOLDER ...

Serves ved with the plugin in the folder, which can be anywhere. The plugin is
reloaded on every save, and open pages reload automatically. The settings of
npm start apply; VED_DATA_DIR defaults to build/plugin-dev.`;

const typed = process.argv.slice(2);
if (typed.length === 0 || typed.some((each) => each.startsWith('-'))) giveUp(`name at least one folder.\n\n${USAGE}`);
const folders = typed.map(typedPath);
for (const folder of folders)
  if (!existsSync(join(folder, 'package.json')))
    giveUp(`${folder} is not a plugin: it has no package.json. npm run plugin:new -- NAME creates a plugin.`);

ensureInstalled();
const { ensureBuilt } = await import('./build.mjs');
await ensureBuilt(['server', 'python', 'page', 'types']);
for (const folder of folders) linkToVed(folder);

// Plugins in development must not be tried out on users' scripts.
process.env.VED_DATA_DIR ||= join(root, 'build/plugin-dev');
// Log warnings and errors only: problems with the plugin are printed separately.
process.env.VED_LOG_LEVEL ||= 'warn';
process.env.VED_DEV_PLUGINS = folders.join(delimiter);
// The server only accepts `--help`.
process.argv.length = 2;
console.log(`ved: watching ${folders.join(', ')}`);
await import('../build/server/main.js');
