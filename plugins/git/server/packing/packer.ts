/**
 * Packs loose objects in the background, one run at a time, while others write.
 * The order makes that safe: the pack and its index are whole, synced and read
 * back before they get their names, and a loose file goes only when its object
 * was read back. Whoever looks for an object finds it before, during and after.
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
/** With many scripts the trees count by their size: 10,000 scripts, 250 kB a commit. */
const PACK_AFTER_BYTES = 96 * 1024 * 1024;
/** Reading a pack takes it into memory whole. */
const PACK_LIMIT_BYTES = 32 * 1024 * 1024;
/** Looking for an object asks every pack; so many small ones are packed together. */
const SMALL_PACKS_LIMIT = 16;
const SMALL_PACK_BYTES = PACK_LIMIT_BYTES / 2;

export interface PackerOptions {
  /** Loose objects after which a run begins. */
  readonly packAfterObjects?: number;
  /** Small packs after which they become one. */
  readonly smallPacksLimit?: number;
  /** Told how a run in the background failed; packing is tried again later. */
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

  /** Counts what an earlier life left. */
  async count(): Promise<void> {
    this.looseCount += (await listLooseObjects(this.gitDir)).length;
  }

  noteWritten(bytes: number): void {
    this.looseCount += 1;
    this.looseBytes += bytes;
  }

  /** Begins a run in the background when there is enough to pack. */
  packWhenDue(): void {
    const isDue = this.looseCount >= (this.options.packAfterObjects ?? PACK_AFTER_OBJECTS) || this.looseBytes >= PACK_AFTER_BYTES;
    if (!isDue || this.running !== null || this.stopping.signal.aborted) return;
    this.pack().catch((error: unknown) => {
      if (!this.stopping.signal.aborted) this.options.onError(error);
    });
  }

  /** Packs what is loose now, and small packs where there are many. Joins a run that is under way. */
  pack(): Promise<void> {
    if (this.running !== null) return this.running;
    this.looseCount = 0;
    this.looseBytes = 0;
    this.running = this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Resolves when no run is under way, however it ended. */
  async idle(): Promise<void> {
    await this.running?.catch(() => undefined);
  }

  /** Gives up a run that is under way; what it had not finished stays loose. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.idle();
  }

  private async run(): Promise<void> {
    const replaced = await this.packsToReplace();
    const oids = new Set(await listLooseObjects(this.gitDir));
    for (const name of replaced) for (const oid of await listPackedObjects(join(this.packFolder, `${name}.idx`))) oids.add(oid);
    // A store of its own, so that reading everything once pushes nothing out of the cache of the one that serves.
    const objects = new ObjectStore(this.gitDir, this.staging);
    const builder = await PackBuilder.create(objects, oids, this.stopping.signal);
    // A new pack may come out equal to one that it replaces, and then has its name.
    const written = new Set<string>();
    while (!builder.isDone) written.add(await this.writePack(builder));
    for (const name of replaced) if (!written.has(name)) await this.removePack(name);
  }

  /** Small packs, when there are many. Those that someone marked to be kept are left alone. */
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
    const room = await this.staging.folder();
    try {
      const folder = join(room, 'objects', 'pack');
      await mkdir(folder, { recursive: true });
      const pack = await PackFile.create(folder);
      try {
        await builder.fill(pack, PACK_LIMIT_BYTES);
        const name = await pack.finish();
        await this.readBack(room, pack.oids);
        await this.publish(folder, name);
        await this.removeLoose(pack.oids);
        return name;
      } finally {
        await pack.close();
      }
    } catch (error) {
      return translateDiskError(error);
    } finally {
      await rm(room, { recursive: true, force: true });
    }
  }

  /** Reads every object of the new pack, by the reader that will serve it. Throws when one is not what it is called. */
  private async readBack(room: string, oids: readonly string[]): Promise<void> {
    const objects = new ObjectStore(room, this.staging);
    for (const oid of oids) {
      this.stopping.signal.throwIfAborted();
      if (!(await objects.verify(oid))) throw new Error(`a new pack of the scripts repository cannot be read back: object ${oid}`);
    }
  }

  private async publish(folder: string, name: string): Promise<void> {
    // The index last: it is what makes a pack seen.
    for (const kind of ['pack', 'idx']) await rename(join(folder, `${name}.${kind}`), join(this.packFolder, `${name}.${kind}`));
    await syncFolder(this.packFolder);
  }

  private async removeLoose(oids: readonly string[]): Promise<void> {
    for (const oid of oids) await removeIfThere(looseObjectPath(this.gitDir, oid));
  }

  /** The index first, so that nobody begins to look into a pack that is going. */
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
