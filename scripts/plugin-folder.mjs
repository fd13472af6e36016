/** Sets up the folder of a plugin in development: a link to this installation, for its types and tests. */
import { existsSync, lstatSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from './install.mjs';

/** Resolves a path typed by the user. npm runs scripts in ved's folder, wherever it was called. */
export function typedPath(path) {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}

/** Links `node_modules/ved` to this installation, so that the plugin's tsconfig.json and tests contain no path of this machine. */
export function linkToVed(folder) {
  const link = join(folder, 'node_modules/ved');
  if (existsSync(link) && realpathSync(link) === realpathSync(root)) return;
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  // `existsSync` is false for a broken link, which must be removed all the same. Anything but a link is left alone.
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(link);
  symlinkSync(root, link, 'junction');
}
