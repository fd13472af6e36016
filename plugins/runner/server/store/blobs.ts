/** Texts, test data and files of runs, each stored once under its SHA-256. */
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** SQLite allows 32,766 variables in a statement. */
const HASHES_PER_QUERY = 1000;

/**
 * Stores bytes and returns the hash of each. Call it in the transaction that refers to them, or retention may remove them in
 * between.
 */
export async function putBlobs(trx: Knex, all: readonly Uint8Array[]): Promise<ReadonlyMap<Uint8Array, string>> {
  // The runs of a pass may share the same test data.
  const hashes = new Map([...new Set(all)].map((bytes) => [bytes, sha256(bytes)]));
  await insertMissing(trx, new Map([...hashes].map(([bytes, hash]) => [hash, bytes])));
  return hashes;
}

/** Stores bytes whose hash is known, in the transaction that refers to them. */
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

/** The bytes for hashes that runs refer to. */
export async function readBlobs(db: Knex, hashes: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const wanted = [...new Set(hashes)];
  if (wanted.length === 0) return new Map();
  const rows: { sha256: string; data: Buffer }[] = await db('runner_blobs').whereIn('sha256', wanted).select('sha256', 'data');
  const found = new Map(rows.map((row) => [row.sha256, row.data]));
  const missing = wanted.find((hash) => !found.has(hash));
  if (missing !== undefined) throw new Error(`no bytes are stored under ${missing}, although a run refers to them`);
  return found;
}
