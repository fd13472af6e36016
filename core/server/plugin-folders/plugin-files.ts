/** Serves the browser halves of third-party plugins below `/plugins/<id>/`: the folder of the module that the manifest names, and nothing else. */
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { NotFound } from '@ved/core/contract';
import type { Context } from 'koa';
import { sendPageFile } from '../http/page-files.ts';
import { isWithin } from './manifest.ts';
import type { FoundPlugin } from './plugin-folders.ts';

const PREFIX = '/plugins/';

export function isPluginFile(path: string): boolean {
  return path.startsWith(PREFIX);
}

/** Throws NotFound for a missing file, and for one outside the folder that a symbolic link leads to. */
export async function sendPluginFile(ctx: Context, started: readonly FoundPlugin[]): Promise<void> {
  ctx.state.route = '/plugins/:id';
  const [id, ...rest] = ctx.path.slice(PREFIX.length).split('/');
  const dir = started.find((found) => found.id === id)?.browserDir ?? null;
  // The file may change at any time.
  ctx.set('Cache-Control', 'no-cache');
  if (dir !== null && (await isInside(dir, rest.join('/'))) && (await sendPageFile(dir, `/${rest.join('/')}`, ctx))) return;
  throw new NotFound('page/no-plugin-file', `There is nothing at ${ctx.path}. If the plugin was disabled, enable it and reload the page.`);
}

/** Whether the file exists within the folder, after following symbolic links. */
async function isInside(dir: string, path: string): Promise<boolean> {
  const file = await realpath(join(dir, safeDecode(path))).catch(() => null);
  return file !== null && isWithin(await realpath(dir), file);
}

function safeDecode(path: string): string {
  try {
    return decodeURIComponent(path).replaceAll('\0', '');
  } catch {
    return '';
  }
}
