/** The manifest of a third-party plugin: the `package.json` of its folder. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import semver from 'semver';
import { z } from 'zod';

const Manifest = z.object({
  name: z.string().min(1).max(214),
  version: z.string().refine((text) => semver.valid(text) !== null, 'must be a version such as 1.0.0'),
  type: z.literal('module', 'must be "module"'),
  keywords: z.array(z.string()).refine((words) => words.includes('ved-plugin'), 'must have "ved-plugin" among them'),
  ved: z
    .object({
      id: z.string().regex(/^[a-z][a-z0-9]{1,30}$/, 'must be 2 to 31 letters a to z and digits, a letter first'),
      title: z.string().min(1).max(100).optional(),
      host: z.string().refine((text) => semver.validRange(text) !== null, 'must be a range of versions such as ^0.2.0'),
      server: z.string().min(1).optional(),
      browser: z.string().min(1).optional(),
      style: z.string().min(1).optional(),
    })
    .refine(({ server, browser }) => server !== undefined || browser !== undefined, 'must name a server or a browser half'),
});

export interface PluginManifest {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** The name to display. */
  readonly title: string;
  /** The module of each half: an absolute path within the folder; null when there is none. */
  readonly server: string | null;
  readonly browser: string | null;
  /** Its style sheet, in the folder of the browser half or below; absolute. */
  readonly style: string | null;
}

/** Why a plugin cannot be loaded. The message is for a person: the file, the line if known, and the reason. */
export class PluginFault extends Error {
  override readonly name = 'PluginFault';
}

/** Reads and checks the manifest of a folder. `host` is ved's own version. Throws PluginFault. */
export async function readManifest(folder: string, host: string): Promise<PluginManifest> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new PluginFault(error.code === 'ENOENT' ? 'It has no package.json.' : `package.json cannot be read: ${error.message}`);
  });
  const parsed = Manifest.safeParse(parseJson(text));
  if (!parsed.success) throw new PluginFault(`package.json: ${parsed.error.issues.map(describeIssue).join('; ')}.`);
  const { name, version, ved } = parsed.data;
  if (!semver.satisfies(host, ved.host, { includePrerelease: true })) {
    throw new PluginFault(`package.json: it is made for ved ${ved.host}, and this is ${host}. Get a version of the plugin for this one.`);
  }
  const [server, browser, style] = await Promise.all([
    fileIn(folder, 'ved.server', ved.server),
    fileIn(folder, 'ved.browser', ved.browser),
    fileIn(folder, 'ved.style', ved.style),
  ]);
  if (style !== null && !(browser !== null && isWithin(join(browser, '..'), style)))
    throw new PluginFault(`package.json: ved.style ("${ved.style}") must be in the folder of ved.browser: nothing else is served.`);
  return { id: ved.id, name, version, title: ved.title ?? name, server, browser, style };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const at = /position (\d+)/.exec(message);
    // The error has no position when the text ends too early.
    const line = text.slice(0, at ? Number(at[1]) : text.trimEnd().length).split('\n').length;
    throw new PluginFault(`package.json, line ${line}: ${message}`);
  }
}

function describeIssue({ path, message, code }: z.core.$ZodIssue): string {
  const member = path.join('.');
  return `${member} ${code === 'custom' || message.startsWith('must') ? message : `is wrong (${message})`}`.trim();
}

async function fileIn(folder: string, member: string, path: string | undefined): Promise<string | null> {
  if (path === undefined) return null;
  if (isAbsolute(path) || !isWithin(folder, join(folder, path)))
    throw new PluginFault(`package.json: ${member} ("${path}") leaves the folder of the plugin.`);
  const file = join(folder, path);
  const real = await realpath(file).catch(() => null);
  if (real === null || !(await stat(real)).isFile())
    throw new PluginFault(`package.json: ${member} names "${path}", and there is no such file.`);
  if (!isWithin(await realpath(folder), real))
    throw new PluginFault(`package.json: ${member} ("${path}") is a symbolic link that leaves the folder of the plugin.`);
  return file;
}

/** Whether a file lies below a folder; both absolute. */
export function isWithin(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
