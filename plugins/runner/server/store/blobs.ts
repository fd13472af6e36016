/** What runs were handed and what files they left: texts, test data, files, each kept once under its SHA-256. */
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Asked about at once; SQLite takes 32,766 variables in a statement. */
const HASHES_PER_QUERY = 1000;

/**
 * Keeps bytes and answers with the hash of each. Run it in the transaction that refers to them, or retention may take them
 * in between.
 */
export async function putBlobs(trx: Knex, all: readonly Uint8Array[]): Promise<ReadonlyMap<Uint8Array, string>> {
  // A pass hands the same test data to many runs.
  const hashes = new Map([...new Set(all)].map((bytes) => [bytes, sha256(bytes)]));
  await insertMissing(trx, new Map([...hashes].map(([bytes, hash]) => [hash, bytes])));
  return hashes;
}

/** Keeps bytes whose hash is known, in the transaction that refers to them. */
export function putBlob(trx: Knex, bytes: Uint8Array, hash: string): Promise<void> {
  return insertMissing(trx, new Map([[hash, bytes]]));
}

async function insertMissing(trx: Knex, bytesOf: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const wanted = [...bytesOf.keys()];
  for (let at = 0; at < wanted.length; at += HASHES_PER_QUERY) {
    const some = wanted.slice(at, at + HASHES_PER_QUERY);
    const known = new Set<string>(await trx('runner_blobs').whereIn('sha256', some).pluck('sha256'));
    for (const hash of some.filter((each) => !known.has(each))) await insertBlob(trx, hash, bytesOf.get(hash)!);
  }
}

async function insertBlob(trx: Knex, hash: string, bytes: Uint8Array): Promise<void> {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  await trx('runner_blobs').insert({ sha256: hash, size_bytes: bytes.byteLength, data }).onConflict('sha256').ignore();
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
