/**
 * An archive of a data folder written by a release: `data/`, and `answers.json` with
 * the responses of that release's API. `make-data-folder.ts` creates such an archive,
 * and `test/upgrade.test.ts` starts the current server on it.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from 'fflate';
import type { Agent } from './agent.ts';

/** The responses to each person, by path. */
export type Answers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Files of the server process, or recreated when missing; the key would be a secret in the repository. */
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
    // Include empty folders, since git requires some.
    if (entry.isDirectory()) files[`${DATA}${name}/`] = new Uint8Array();
    else files[`${DATA}${name}`] = [await readFile(path), CHANGED];
  }
  return zipSync(files);
}

/** Writes the folder to `dataDir`; returns the responses of the release. */
export async function unpackDataFolder(archive: string, dataDir: string): Promise<Answers> {
  const { [ANSWERS]: answers, ...files } = unzipSync(await readFile(archive));
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(dataDir, name.slice(DATA.length));
    await mkdir(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) await writeFile(path, bytes);
  }
  return JSON.parse(strFromU8(answers!)) as Answers;
}

/** Requests the paths; returns the responses by path. Throws when one is refused. */
export async function ask(agent: Agent, paths: readonly string[]): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  for (const path of paths) {
    const { status, body } = await agent.get(path);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
    answers[path] = body;
  }
  return answers;
}
