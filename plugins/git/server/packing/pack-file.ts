/**
 * Writes one pack and its index, both in version 2 of git's formats (gitformat-pack).
 * Objects are written as they are added; only ids, offsets and checksums stay in memory.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflate as deflateCallback } from 'node:zlib';
import type { ObjectType } from '../store/object-codec.ts';

const deflate = promisify(deflateCallback);

const TYPE_BITS: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };
const OFFSET_DELTA = 6;
const INDEX_MAGIC = Buffer.from([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]);
const UNFINISHED = 'unfinished';
/** The object count is at byte 8 and is only known at the end. */
const COUNT_AT = 8;

interface Entry {
  readonly oid: string;
  readonly offset: number;
  readonly crc: number;
}

export class PackFile {
  private readonly entries = new Map<string, Entry>();
  private size = 12;

  private constructor(
    private readonly folder: string,
    private readonly file: FileHandle,
  ) {}

  /** Starts a pack in a folder of its own. Always `close` it. */
  static async create(folder: string): Promise<PackFile> {
    const file = await open(join(folder, UNFINISHED), 'wx+');
    const header = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
    await file.write(header);
    return new PackFile(folder, file);
  }

  get sizeBytes(): number {
    return this.size;
  }

  get oids(): string[] {
    return [...this.entries.keys()];
  }

  has(oid: string): boolean {
    return this.entries.has(oid);
  }

  /** Adds an object in full. */
  async add(oid: string, type: ObjectType, content: Buffer): Promise<void> {
    await this.append(oid, [encodeTypeAndSize(TYPE_BITS[type], content.length), await deflate(content)]);
  }

  /** Adds an object as a delta on one that is already in this pack. */
  async addDelta(oid: string, baseOid: string, delta: Buffer): Promise<void> {
    const base = this.entries.get(baseOid);
    if (base === undefined) throw new Error(`the pack does not contain ${baseOid}, the base of ${oid}`);
    await this.append(oid, [encodeTypeAndSize(OFFSET_DELTA, delta.length), encodeDistance(this.size - base.offset), await deflate(delta)]);
  }

  private async append(oid: string, parts: readonly Buffer[]): Promise<void> {
    const bytes = Buffer.concat(parts);
    await this.file.write(bytes, 0, bytes.length, this.size);
    this.entries.set(oid, { oid, offset: this.size, crc: crc32(bytes) });
    this.size += bytes.length;
  }

  /** Completes and syncs the pack, writes its index beside it, and gives both the name that git would. Returns that name. */
  async finish(): Promise<string> {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.entries.size);
    await this.file.write(count, 0, 4, COUNT_AT);
    const checksum = await this.checksum();
    await this.file.write(checksum, 0, checksum.length, this.size);
    await this.file.chmod(0o444);
    await this.file.sync();
    const name = `pack-${checksum.toString('hex')}`;
    const index = await open(join(this.folder, `${name}.idx`), 'wx', 0o444);
    try {
      await index.writeFile(encodeIndex([...this.entries.values()], checksum));
      await index.sync();
    } finally {
      await index.close();
    }
    await rename(join(this.folder, UNFINISHED), join(this.folder, `${name}.pack`));
    return name;
  }

  private async checksum(): Promise<Buffer> {
    const hash = createHash('sha1');
    for await (const chunk of this.file.createReadStream({ start: 0, end: this.size - 1, autoClose: false })) hash.update(chunk as Buffer);
    return hash.digest();
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

function encodeTypeAndSize(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 0x0f)];
  for (let rest = size >>> 4; rest > 0; rest >>>= 7) {
    bytes[bytes.length - 1]! |= 0x80;
    bytes.push(rest & 0x7f);
  }
  return Buffer.from(bytes);
}

/** How far back the delta base starts: big-endian groups of seven bits, each except the last stored minus one. */
function encodeDistance(distance: number): Buffer {
  const bytes = [distance & 0x7f];
  for (let rest = distance >>> 7; rest > 0; rest >>>= 7) {
    rest -= 1;
    bytes.unshift((rest & 0x7f) | 0x80);
  }
  return Buffer.from(bytes);
}

/** Uses four-byte offsets only: packs stay far below 2 GiB, from where offsets need eight bytes. */
function encodeIndex(entries: readonly Entry[], packChecksum: Buffer): Buffer {
  const sorted = [...entries].sort((a, b) => (a.oid < b.oid ? -1 : 1));
  const fanOut = Buffer.alloc(256 * 4);
  for (let byte = 0, below = 0; byte < 256; byte += 1) {
    while (below < sorted.length && Number.parseInt(sorted[below]!.oid.slice(0, 2), 16) <= byte) below += 1;
    fanOut.writeUInt32BE(below, byte * 4);
  }
  const checksums = Buffer.alloc(sorted.length * 4);
  const offsets = Buffer.alloc(sorted.length * 4);
  for (const [index, { crc, offset }] of sorted.entries()) {
    checksums.writeUInt32BE(crc, index * 4);
    offsets.writeUInt32BE(offset, index * 4);
  }
  const body = Buffer.concat([
    INDEX_MAGIC,
    fanOut,
    Buffer.from(sorted.map(({ oid }) => oid).join(''), 'hex'),
    checksums,
    offsets,
    packChecksum,
  ]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}
