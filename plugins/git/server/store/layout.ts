/**
 * Creates the repository's folder atomically, with the layout that real git uses.
 * Nobody can push to it: every ref is hidden from receive-pack.
 */
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { translateDiskError } from './disk-error.ts';
import { hasCode, syncFolder } from './durable-files.ts';

/** `gc.auto=0`: ved does its own packing. `core.fsync`: real git syncs its writes here as ved does. */
const CONFIG = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\tfsync = committed,loose-object,reference
[gc]
\tauto = 0
[receive]
\thideRefs = refs/
\tautogc = false
[http]
\treceivepack = false
[uploadpack]
\tallowFilter = true
`;

const FOLDERS = ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info', 'hooks'];
const FILES: Readonly<Record<string, string>> = {
  HEAD: 'ref: refs/heads/prod\n',
  config: CONFIG,
  description: 'The scripts of a ved workspace, one file {id}.py each.\n',
};

/** Creates the bare repository if it is missing. Returns whether it was created. */
export async function ensureRepository(gitDir: string): Promise<boolean> {
  const exists = await access(join(gitDir, 'HEAD')).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    },
  );
  if (exists) return false;
  const unfinished = `${gitDir}.new`;
  try {
    await rm(unfinished, { recursive: true, force: true });
    // Other users of the machine must not read the scripts.
    await mkdir(unfinished, { mode: 0o700 });
    for (const folder of FOLDERS) await mkdir(join(unfinished, folder), { recursive: true });
    for (const [name, text] of Object.entries(FILES)) await writeSynced(join(unfinished, name), text);
    for (const folder of [...FOLDERS, 'objects', 'refs', '.']) await syncFolder(join(unfinished, folder));
    await rename(unfinished, gitDir);
    await syncFolder(dirname(gitDir));
  } catch (error) {
    translateDiskError(error);
  }
  return true;
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
