/** A unique name for a data folder: engines label what they create with it, so that only their own is removed. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Generated once and stored in the data folder: a path or a host name may be the same on two machines. */
export async function ownerOf(dataDir: string): Promise<string> {
  const file = join(dataDir, 'runner', 'owner');
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${randomBytes(8).toString('hex')}\n`;
  await writeFile(file, fresh, { flag: 'wx', flush: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return (await readFile(file, 'utf8')).trim();
}
