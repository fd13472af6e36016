/** What runs were handed: texts and test data, each kept once under its SHA-256. */
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Keeps bytes and answers with their hash. Run it in the transaction that refers to them, or retention may take them in between. */
export async function putBlob(db: Knex, bytes: Uint8Array): Promise<string> {
  const hash = sha256(bytes);
  const known = await db('runner_blobs').where({ sha256: hash }).first('sha256');
  if (known === undefined) {
    await db('runner_blobs')
      .insert({ sha256: hash, size_bytes: bytes.byteLength, data: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) })
      .onConflict('sha256')
      .ignore();
  }
  return hash;
}

/** The bytes under a hash that a run refers to. */
export async function readBlob(db: Knex, hash: string): Promise<Buffer> {
  const row = await db('runner_blobs').where({ sha256: hash }).first('data');
  if (row === undefined) throw new Error(`the runner keeps no bytes under ${hash}, though a run refers to them`);
  return row.data as Buffer;
}
