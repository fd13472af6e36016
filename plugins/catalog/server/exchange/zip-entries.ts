/**
 * Reads zips that anybody may have made. Nothing is written to a disk; nothing
 * is inflated beyond what the caller allows, whatever sizes the zip declares;
 * what is given out has the length and the checksum that the zip says.
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
/** Of a Unix mode, as `stat` knows it. */
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;

export interface ZipEntry {
  /** As the zip has it; not to be trusted. */
  readonly path: string;
  /** Neither a link, a device nor the like. */
  readonly isRegular: boolean;
  /** The bytes, at most `limitBytes` of them; or why there are none. */
  read(limitBytes: number): Promise<Buffer | Refusal>;
}

/** The files of a zip, folders left out. Throws when the bytes are no zip, or are cut short. */
export async function* zipEntries(bytes: Buffer): AsyncGenerator<ZipEntry> {
  // Names are decoded here: yauzl would mend some and give up the whole zip at others.
  const zip = await fromBufferPromise(bytes, { lazyEntries: true, decodeStrings: false });
  for await (const entry of zip.eachEntry()) {
    const path = nameOf(entry);
    if (path.endsWith('/')) continue;
    const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
    yield { path, isRegular: type === 0 || type === REGULAR, read: (limitBytes) => readEntry(zip, entry, limitBytes) };
  }
}

/** Says that a name is UTF-8; Macs, among others, write it so and do not say it. */
const UTF8_FLAG = 0x800;

/** By the zip's own Unicode field when it has one, else as UTF-8 when the bytes are that, else as what PKZIP meant (code page 437). */
function nameOf({ generalPurposeBitFlag: flags, fileNameRaw, extraFields }: Entry): string {
  const told = isUtf8(fileNameRaw) ? flags | UTF8_FLAG : flags & ~UTF8_FLAG;
  return getFileNameLowLevel(told, fileNameRaw, extraFields, true);
}

async function readEntry(zip: ZipFile, entry: Entry, limitBytes: number): Promise<Buffer | Refusal> {
  const damaged: Refusal = { code: 'damaged', detail: 'It is damaged inside the zip. Make the zip again.' };
  if (entry.isEncrypted()) return { code: 'encrypted', detail: 'It is encrypted inside the zip. Make a zip without a password.' };
  const method = entry.compressionMethod;
  if (method !== STORED && method !== DEFLATED) {
    return { code: 'damaged', detail: `It is packed by a method (${method}) that is not read here. Make a zip with “deflate”.` };
  }
  if (entry.uncompressedSize > limitBytes) return tooLarge(limitBytes);
  try {
    const packed = await buffer(await zip.openReadStreamPromise(entry, { decodeFileData: false }));
    const bytes = method === STORED ? packed : await inflateRaw(packed, { maxOutputLength: Math.max(1, entry.uncompressedSize) });
    return bytes.length === entry.uncompressedSize && zlib.crc32(bytes) === entry.crc32 ? bytes : damaged;
  } catch {
    // Whatever it is that does not fit, for a person it is one thing; the zip is theirs, not the server's.
    return damaged;
  }
}

/** Of a file beyond its limit. */
export function tooLarge(limitBytes: number): Refusal {
  return { code: 'too-large', detail: `It is larger than ${limitBytes / 1024 / 1024} MiB.` };
}
