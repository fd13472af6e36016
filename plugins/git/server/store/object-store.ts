/**
 * Reads and writes the objects of the repository. Reading uses isomorphic-git
 * (loose and packed objects, with deltas) behind a cache of bounded size. Writing
 * is done here, since isomorphic-git neither syncs nor writes atomically: an
 * object is complete and on disk before it gets its name.
 */
import * as fs from 'node:fs';
import { chmod, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, deflate as deflateCallback, inflateSync } from 'node:zlib';
import git, { Errors } from 'isomorphic-git';
import { LRUCache } from 'lru-cache';
import { translateDiskError } from './disk-error.ts';
import { hasCode, type Staging, syncFolder } from './durable-files.ts';
import { looseObjectPath } from './loose-objects.ts';
import { type GitObject, makeObject, type ObjectType } from './object-codec.ts';

const deflate = promisify(deflateCallback);

/** Half of a tree is SHA-1 bytes, which do not compress; higher levels only cost time. Packing compresses again. */
const LOOSE_COMPRESSION_LEVEL = 1;
/** A tree of 10,000 scripts takes 350 kB; this has room for the newest tree of every branch and the commits that history reads. */
const CACHE_BYTES = 48 * 1024 * 1024;
/** The memory that a cache entry takes beyond its content. */
const ENTRY_OVERHEAD_BYTES = 300;
/** isomorphic-git keeps every pack that it has read in memory as a whole; beyond this size they are released. */
const OPEN_PACK_BYTES = 96 * 1024 * 1024;

/** Compressed bytes that are enough to read the type of a loose object. */
const LOOSE_HEADER_BYTES = 128;

export interface StoredObject {
  readonly type: ObjectType;
  readonly content: Buffer;
}

export class ObjectStore {
  private readonly cache = new LRUCache<string, StoredObject>({
    maxSize: CACHE_BYTES,
    sizeCalculation: (object) => object.content.length + ENTRY_OVERHEAD_BYTES,
  });
  private packCache: object = {};
  /** The packs in `packCache`; `openPackBytes` is their total size. */
  private readonly openPacks = new Set<string>();
  private openPackBytes = 0;

  constructor(
    readonly gitDir: string,
    private readonly staging: Staging,
    /** Called with the size of each loose object written. */
    private readonly onWritten: (bytes: number) => void = () => undefined,
  ) {}

  /** Null when there is no such object. */
  async read(oid: string): Promise<StoredObject | null> {
    const cached = this.cache.get(oid);
    if (cached !== undefined) return cached;
    const found = await this.readFromDisk(oid);
    if (found !== null) this.cache.set(oid, found);
    return found;
  }

  /** As `read`, but bypasses the cache: for packing, which reads everything once. */
  async readFromDisk(oid: string): Promise<StoredObject | null> {
    try {
      return await this.readOnce(oid);
    } catch {
      // Real git or packing may have replaced a pack while it was being read: retry with the packs that exist now.
      this.forgetPacks();
      return this.readOnce(oid);
    }
  }

  /** The type of an object; only the start of a loose one is read. */
  async readType(oid: string): Promise<ObjectType | null> {
    return (await this.readLooseType(oid)) ?? (await this.readFromDisk(oid))?.type ?? null;
  }

  private async readLooseType(oid: string): Promise<ObjectType | null> {
    const file = await open(looseObjectPath(this.gitDir, oid), 'r').catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return null;
      throw error;
    });
    if (file === null) return null;
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(LOOSE_HEADER_BYTES));
      const header = inflateSync(buffer.subarray(0, bytesRead), { finishFlush: constants.Z_SYNC_FLUSH });
      return header.toString('latin1', 0, header.indexOf(' ')) as ObjectType;
    } finally {
      await file.close();
    }
  }

  /** Whether the content of an object matches its id. */
  async verify(oid: string): Promise<boolean> {
    const object = await this.readOnce(oid);
    return object !== null && makeObject(object.type, object.content).oid === oid;
  }

  private async readOnce(oid: string): Promise<StoredObject | null> {
    try {
      const { object, type, source } = await git.readObject({ fs, gitdir: this.gitDir, oid, format: 'content', cache: this.packCache });
      if (source?.startsWith('objects/pack/')) await this.boundOpenPacks(source);
      return { type: type as ObjectType, content: Buffer.from(object as Uint8Array) };
    } catch (error) {
      if (error instanceof Errors.NotFoundError) return null;
      throw error;
    }
  }

  private async boundOpenPacks(source: string): Promise<void> {
    if (this.openPacks.has(source)) return;
    this.openPacks.add(source);
    this.openPackBytes += (await stat(join(this.gitDir, source))).size;
    if (this.openPackBytes > OPEN_PACK_BYTES) this.forgetPacks();
  }

  /** Makes the next read reopen the packs. */
  forgetPacks(): void {
    this.packCache = {};
    this.openPacks.clear();
    this.openPackBytes = 0;
  }

  /** Writes objects in parallel; once it resolves, they are durable under their names. */
  async write(objects: readonly GitObject[]): Promise<void> {
    // Wait for all of them even if one fails, so that a failed save leaves nothing running.
    const results = await Promise.allSettled(objects.map((object) => this.writeLoose(object)));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    await Promise.all([...new Set(objects.map((object) => this.folderOf(object.oid)))].map(syncFolder));
    for (const { oid, type, content } of objects) this.cache.set(oid, { type, content });
  }

  private folderOf(oid: string): string {
    return join(this.gitDir, 'objects', oid.slice(0, 2));
  }

  private async writeLoose(object: GitObject): Promise<void> {
    const bytes = await deflate(object.framed, { level: LOOSE_COMPRESSION_LEVEL });
    const staged = await this.staging.write(bytes, 0o444);
    const target = looseObjectPath(this.gitDir, object.oid);
    try {
      await this.moveInto(staged, target, object.oid);
    } catch (error) {
      await unlink(staged);
      translateDiskError(error);
    }
    this.onWritten(bytes.length);
  }

  /** An object that already exists is replaced by an identical one. */
  private async moveInto(staged: string, target: string, oid: string): Promise<void> {
    try {
      await rename(staged, target);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) {
        await mkdir(this.folderOf(oid), { recursive: true });
        await syncFolder(join(this.gitDir, 'objects'));
        await rename(staged, target);
      } else if (hasCode(error, 'EPERM', 'EACCES') && process.platform === 'win32') {
        // On Windows, a rename cannot replace a read-only file.
        await chmod(target, 0o644);
        await rename(staged, target);
      } else throw error;
    }
  }
}
