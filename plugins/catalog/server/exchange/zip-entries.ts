/**
 * Reads untrusted zips. Nothing is written to disk; nothing is inflated beyond
 * the caller's limit, whatever sizes the zip declares; every entry returned has
 * the length and checksum that the zip declares.
 */
import { isUtf8 } from 'node:buffer';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { type Entry, fromBufferPromise, getFileNameLowLevel, type ZipFile } from 'yauzl';
import type { Refusal } from './import-text.ts';

const inflateRaw = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);

const STORED = 0;
const DEFLATED = 8;
/** File type bits of a Unix mode, as in `stat`. */
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;

export interface ZipEntry {
  /** As in the zip; untrusted. */
  readonly path: string;
  /** Not a link, a device or the like. */
  readonly isRegular: boolean;
  /** The bytes, at most `limitBytes`; or why they cannot be read. */
  read(limitBytes: number): Promise<Buffer | Refusal>;
}

/** The files of a zip, without folders. Throws when the bytes are not a zip, or are cut short. */
export async function* zipEntries(bytes: Buffer): AsyncGenerator<ZipEntry> {
  // Names are decoded here: yauzl would change some names and reject the whole zip because of others.
  const zip = await fromBufferPromise(bytes, { lazyEntries: true, decodeStrings: false });
  for await (const entry of zip.eachEntry()) {
    const path = nameOf(entry);
    if (path.endsWith('/')) continue;
    const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
    yield { path, isRegular: type === 0 || type === REGULAR, read: (limitBytes) => readEntry(zip, entry, limitBytes) };
  }
}

/** Says that a name is UTF-8; macOS, among others, writes UTF-8 without setting it. */
const UTF8_FLAG = 0x800;

/** From the zip's Unicode field if it has one, else UTF-8 if the bytes are valid, else code page 437, as PKZIP wrote. */
function nameOf({ generalPurposeBitFlag: flags, fileNameRaw, extraFields }: Entry): string {
  const flagsToUse = isUtf8(fileNameRaw) ? flags | UTF8_FLAG : flags & ~UTF8_FLAG;
  return getFileNameLowLevel(flagsToUse, fileNameRaw, extraFields, true);
}

async function readEntry(zip: ZipFile, entry: Entry, limitBytes: number): Promise<Buffer | Refusal> {
  const damaged: Refusal = { code: 'damaged', detail: 'This file is damaged inside the zip. Create the zip again.' };
  if (entry.isEncrypted()) return { code: 'encrypted', detail: 'This file is encrypted. Create the zip without a password.' };
  const method = entry.compressionMethod;
  if (method !== STORED && method !== DEFLATED) {
    return { code: 'damaged', detail: `The compression method (${method}) is not supported. Create the zip with “deflate”.` };
  }
  if (entry.uncompressedSize > limitBytes) return tooLarge(limitBytes);
  try {
    const packed = await buffer(await zip.openReadStreamPromise(entry, { decodeFileData: false }));
    const bytes = method === STORED ? packed : await inflateRaw(packed, { maxOutputLength: Math.max(1, entry.uncompressedSize) });
    return bytes.length === entry.uncompressedSize && zlib.crc32(bytes) === entry.crc32 ? bytes : damaged;
  } catch {
    // Whatever fails here, the user's zip is damaged; it is not an error of the server.
    return damaged;
  }
}

/** The refusal of a file over its limit. */
export function tooLarge(limitBytes: number): Refusal {
  return { code: 'too-large', detail: `Larger than ${limitBytes / 1024 / 1024} MiB.` };
}
