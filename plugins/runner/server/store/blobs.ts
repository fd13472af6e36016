/** What runs were handed and what files they left: texts, test data, files, each kept once under its SHA-256. */
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Keeps bytes and answers with their hash. Run it in the transaction that refers to them, or retention may take them in between. */
export async function putBlob(db: Knex, bytes: Uint8Array, hash: string = sha256(bytes)): Promise<string> {
  const known = await db('runner_blobs').where({ sha256: hash }).first('sha256');
  if (known === undefined) {
    await db('runner_blobs')
      .insert({ sha256: hash, size_bytes: bytes.byteLength, data: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) })
      .onConflict('sha256')
      .ignore();
  }
  return hash;
}

/** The bytes under hashes that runs refer to. */
export async function readBlobs(db: Knex, hashes: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const wanted = [...new Set(hashes)];
  if (wanted.length === 0) return new Map();
  const rows: { sha256: string; data: Buffer }[] = await db('runner_blobs').whereIn('sha256', wanted).select('sha256', 'data');
  const found = new Map(rows.map((row) => [row.sha256, row.data]));
  const missing = wanted.find((hash) => !found.has(hash));
  if (missing !== undefined) throw new Error(`the runner keeps no bytes under ${missing}, though a run refers to them`);
  return found;
}
