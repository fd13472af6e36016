/** Where loose objects are stored, and which there are. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from './durable-files.ts';
import { isObjectId } from './names.ts';

const FAN_OUT = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export async function listLooseObjects(gitDir: string): Promise<string[]> {
  const folders = await Promise.all(FAN_OUT.map((prefix) => listFolder(join(gitDir, 'objects', prefix), prefix)));
  return folders.flat();
}

async function listFolder(path: string, prefix: string): Promise<string[]> {
  try {
    return (await readdir(path)).map((name) => prefix + name).filter(isObjectId);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

export function looseObjectPath(gitDir: string, oid: string): string {
  return join(gitDir, 'objects', oid.slice(0, 2), oid.slice(2));
}
