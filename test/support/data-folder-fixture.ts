/**
 * A data folder that a release left, packed: `data/`, and `answers.json` with
 * what that release's API said about it. `make-data-folder.ts` writes such an
 * archive, `test/upgrade.test.ts` starts the present server on it.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from 'fflate';
import type { Agent } from './agent.ts';

/** What each person was answered, by path. */
export type Answers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Of the process that ran there, or made again when it is missing; the key would be a secret in the repository. */
const LEFT_OUT = /^(server\.(lock|pid)|session\.key|runner\/pyodide\/.*)$/;
const DATA = 'data/';
const ANSWERS = 'answers.json';
const CHANGED = { level: 9 } as const;

export async function packDataFolder(dataDir: string, answers: Answers): Promise<Uint8Array> {
  const files: Zippable = { [ANSWERS]: [strToU8(JSON.stringify(answers)), CHANGED] };
  for (const entry of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(dataDir.length + 1).replaceAll('\\', '/');
    if (LEFT_OUT.test(name)) continue;
    // Empty folders count: git wants its own to be there.
    if (entry.isDirectory()) files[`${DATA}${name}/`] = new Uint8Array();
    else files[`${DATA}${name}`] = [await readFile(path), CHANGED];
  }
  return zipSync(files);
}

/** Writes the folder to `dataDir`; what the release answered. */
export async function unpackDataFolder(archive: string, dataDir: string): Promise<Answers> {
  const { [ANSWERS]: answers, ...files } = unzipSync(await readFile(archive));
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(dataDir, name.slice(DATA.length));
    await mkdir(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) await writeFile(path, bytes);
  }
  return JSON.parse(strFromU8(answers!)) as Answers;
}

/** Asks each person's paths. Throws when one is refused. */
export async function ask(agent: Agent, paths: readonly string[]): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  for (const path of paths) {
    const { status, body } = await agent.get(path);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
    answers[path] = body;
  }
  return answers;
}
