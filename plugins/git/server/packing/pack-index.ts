/** Which objects a pack holds, by its index (version 2 of git's format). */
import { readFile } from 'node:fs/promises';

const MAGIC_AND_VERSION = 'ff744f6300000002';
const COUNT_AT = 8 + 255 * 4;
const OIDS_AT = COUNT_AT + 4;
const OID_BYTES = 20;

export async function listPackedObjects(indexPath: string): Promise<string[]> {
  const index = await readFile(indexPath);
  if (index.toString('hex', 0, 8) !== MAGIC_AND_VERSION) throw new Error(`${indexPath} is not an index of a pack as git writes it today`);
  return Array.from({ length: index.readUInt32BE(COUNT_AT) }, (_, at) =>
    index.toString('hex', OIDS_AT + at * OID_BYTES, OIDS_AT + (at + 1) * OID_BYTES),
  );
}
