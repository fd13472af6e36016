/**
 * The repository's folder: made whole or not at all, as real git would make it.
 * Nobody pushes to it: every ref is hidden from receive-pack.
 */
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { translateDiskError } from './disk-error.ts';
import { hasCode, syncFolder } from './durable-files.ts';

/** `gc.auto=0`: ved packs by itself. `core.fsync`: real git, when it writes here, is as careful as ved. */
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

/** Makes the bare repository when it is not there. True when it was made. */
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
    // Nobody else on the machine has to read people's scripts.
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
