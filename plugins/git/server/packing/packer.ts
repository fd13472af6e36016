/**
 * Packs loose objects in the background, one run at a time, while others write.
 * The order makes this safe: the pack and its index are complete, synced and read
 * back before they get their names, and a loose file is removed only after its
 * object was read back. So every object can be found before, during and after.
 */
import { mkdir, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { translateDiskError } from '../store/disk-error.ts';
import { hasCode, type Staging, syncFolder } from '../store/durable-files.ts';
import { listLooseObjects, looseObjectPath } from '../store/loose-objects.ts';
import { ObjectStore } from '../store/object-store.ts';
import { PackBuilder } from './pack-builder.ts';
import { PackFile } from './pack-file.ts';

/** About a thousand commits. At 1,000 scripts these take some 25 MB loose and less than 1 MB packed. */
const PACK_AFTER_OBJECTS = 3_000;
/** With many scripts, the size of the trees matters: with 10,000 scripts, each commit takes 250 kB. */
const PACK_AFTER_BYTES = 96 * 1024 * 1024;
/** A pack is read into memory as a whole. */
const PACK_LIMIT_BYTES = 32 * 1024 * 1024;
/** Looking up an object searches every pack, so this many small ones are merged into one. */
const SMALL_PACKS_LIMIT = 16;
const SMALL_PACK_BYTES = PACK_LIMIT_BYTES / 2;

export interface PackerOptions {
  /** The number of loose objects that starts a run. */
  readonly packAfterObjects?: number;
  /** The number of small packs from which they are merged. */
  readonly smallPacksLimit?: number;
  /** Called with the error of a failed background run; packing is retried later. */
  readonly onError: (error: unknown) => void;
}

export class Packer {
  private readonly packFolder: string;
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;
  private looseCount = 0;
  private looseBytes = 0;

  constructor(
    private readonly gitDir: string,
    private readonly staging: Staging,
    private readonly options: PackerOptions,
  ) {
    this.packFolder = join(gitDir, 'objects', 'pack');
  }

  /** Counts the loose objects left by previous processes. */
  async count(): Promise<void> {
    this.looseCount += (await listLooseObjects(this.gitDir)).length;
  }

  noteWritten(bytes: number): void {
    this.looseCount += 1;
    this.looseBytes += bytes;
  }

  /** Starts a run in the background if there is enough to pack. */
  packWhenDue(): void {
    const isDue = this.looseCount >= (this.options.packAfterObjects ?? PACK_AFTER_OBJECTS) || this.looseBytes >= PACK_AFTER_BYTES;
    if (!isDue || this.running !== null || this.stopping.signal.aborted) return;
    this.pack().catch((error: unknown) => {
      if (!this.stopping.signal.aborted) this.options.onError(error);
    });
  }

  /** Packs all loose objects, and merges small packs if there are many. Joins a run in progress. */
  pack(): Promise<void> {
    if (this.running !== null) return this.running;
    this.looseCount = 0;
    this.looseBytes = 0;
    this.running = this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Resolves once no run is in progress, even if it failed. */
  async idle(): Promise<void> {
    await this.running?.catch(() => undefined);
  }

  /** Aborts a run in progress; objects that it has not packed yet stay loose. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.idle();
  }

  private async run(): Promise<void> {
    const replaced = await this.packsToReplace();
    const oids = new Set(await listLooseObjects(this.gitDir));
    for (const name of replaced) for (const oid of await listPackedObjects(join(this.packFolder, `${name}.idx`))) oids.add(oid);
    // A separate store, so that reading everything once does not evict anything from the cache of the store in use.
    const objects = new ObjectStore(this.gitDir, this.staging);
    const builder = await PackBuilder.create(objects, oids, this.stopping.signal);
    // A new pack may be identical to one that it replaces, and then has the same name.
    const written = new Set<string>();
    while (!builder.isDone) written.add(await this.writePack(builder));
    for (const name of replaced) if (!written.has(name)) await this.removePack(name);
  }

  /** The small packs if there are many, except those marked with a `.keep` file. */
  private async packsToReplace(): Promise<string[]> {
    const files = new Set(await readdir(this.packFolder));
    const names = [...files]
      .filter((file) => file.endsWith('.idx') && !files.has(file.replace(/idx$/, 'keep')))
      .map((file) => file.slice(0, -'.idx'.length));
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(this.packFolder, `${name}.pack`))).size));
    const small = names.filter((_, index) => sizes[index]! < SMALL_PACK_BYTES);
    return small.length >= (this.options.smallPacksLimit ?? SMALL_PACKS_LIMIT) ? small : [];
  }

  private async writePack(builder: PackBuilder): Promise<string> {
    const stagingFolder = await this.staging.folder();
    try {
      const folder = join(stagingFolder, 'objects', 'pack');
      await mkdir(folder, { recursive: true });
      const pack = await PackFile.create(folder);
      try {
        await builder.fill(pack, PACK_LIMIT_BYTES);
        const name = await pack.finish();
        await this.readBack(stagingFolder, pack.oids);
        await this.publish(folder, name);
        await this.removeLoose(pack.oids);
        return name;
      } finally {
        await pack.close();
      }
    } catch (error) {
      return translateDiskError(error);
    } finally {
      await rm(stagingFolder, { recursive: true, force: true });
    }
  }

  /** Reads every object of the new pack with the reader that will serve it. Throws when one does not match its id. */
  private async readBack(stagingFolder: string, oids: readonly string[]): Promise<void> {
    const objects = new ObjectStore(stagingFolder, this.staging);
    for (const oid of oids) {
      this.stopping.signal.throwIfAborted();
      if (!(await objects.verify(oid))) throw new Error(`a new pack of the scripts repository cannot be read back: object ${oid}`);
    }
  }

  private async publish(folder: string, name: string): Promise<void> {
    // The index comes last: it makes the pack visible.
    for (const kind of ['pack', 'idx']) await rename(join(folder, `${name}.${kind}`), join(this.packFolder, `${name}.${kind}`));
    await syncFolder(this.packFolder);
  }

  private async removeLoose(oids: readonly string[]): Promise<void> {
    for (const oid of oids) await removeIfThere(looseObjectPath(this.gitDir, oid));
  }

  /** Removes the index first, so that nobody starts reading a pack that is being removed. */
  private async removePack(name: string): Promise<void> {
    for (const kind of ['idx', 'pack', 'rev', 'bitmap']) await removeIfThere(join(this.packFolder, `${name}.${kind}`));
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

const MAGIC_AND_VERSION = 'ff744f6300000002';
const COUNT_AT = 8 + 255 * 4;
const OIDS_AT = COUNT_AT + 4;
const OID_BYTES = 20;

async function listPackedObjects(indexPath: string): Promise<string[]> {
  const index = await readFile(indexPath);
  if (index.toString('hex', 0, 8) !== MAGIC_AND_VERSION) throw new Error(`${indexPath} is not an index of a pack as git writes it today`);
  return Array.from({ length: index.readUInt32BE(COUNT_AT) }, (_, at) =>
    index.toString('hex', OIDS_AT + at * OID_BYTES, OIDS_AT + (at + 1) * OID_BYTES),
  );
}
