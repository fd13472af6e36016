/** What the folder of a plugin needs of this installation while somebody works on it: its types, and a link to them. */
import { existsSync, lstatSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from './install.mjs';

/** A path that somebody typed; npm runs scripts in ved's folder, wherever it was called. */
export function typedPath(path) {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}

/** Makes `node_modules/ved` lead here, so that neither the plugin's tsconfig.json nor its tests name a folder of this machine. */
export function linkToVed(folder) {
  const link = join(folder, 'node_modules/ved');
  if (existsSync(link) && realpathSync(link) === realpathSync(root)) return;
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  // One that leads nowhere does not exist, and is in the way all the same. What is no link is somebody else's.
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(link);
  symlinkSync(root, link, 'junction');
}
