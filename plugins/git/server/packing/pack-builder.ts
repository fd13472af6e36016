/**
 * Decides what goes into a pack in which form. A script's versions, and the
 * trees of commits in a row, differ little: each is a delta on the one that
 * came after it, so the newest ones are read without any. Chains are short,
 * since reading takes a step for each link.
 */

import { LRUCache } from 'lru-cache';
import { type CommitFields, parseCommit } from '../store/commit-object.ts';
import { scriptOfCommit } from '../store/commit-text.ts';
import { scriptFile } from '../store/names.ts';
import { findFile } from '../store/object-codec.ts';
import type { ObjectStore, StoredObject } from '../store/object-store.ts';
import { type Cut, cutLines, cutTreeEntries, makeDelta } from './delta.ts';
import type { PackFile } from './pack-file.ts';

const CHAIN_LIMIT = 32;
/** A delta that saves less is not worth its link. */
const DELTA_SHARE_LIMIT = 0.5;
/** Contents kept as possible bases; one tree of 10,000 scripts takes 350 kB. */
const BASE_CACHE_BYTES = 24 * 1024 * 1024;

export class PackBuilder {
  private readonly contents = new LRUCache<string, StoredObject>({
    maxSize: BASE_CACHE_BYTES,
    sizeCalculation: ({ content }) => content.length + 1,
  });
  private readonly chainLengths = new Map<string, number>();
  /** The tree that a commit's tree is to be a delta of: its child's. */
  private readonly treeBases = new Map<string, string>();
  /** The version of a script that was packed last, which is the next newer one. */
  private readonly scriptBases = new Map<number, string>();

  private constructor(
    private readonly objects: ObjectStore,
    private readonly signal: AbortSignal,
    /** What is not packed yet. */
    private readonly pending: Set<string>,
    /** The commits among it, the next one last. */
    private readonly queue: [string, CommitFields][],
  ) {}

  /** Reads which of the objects are commits, and in which order they stand. */
  static async create(objects: ObjectStore, oids: Iterable<string>, signal: AbortSignal): Promise<PackBuilder> {
    const pending = new Set(oids);
    const commits = new Map<string, CommitFields>();
    for (const oid of pending) {
      signal.throwIfAborted();
      if ((await objects.readType(oid)) !== 'commit') continue;
      const commit = await objects.readFromDisk(oid);
      if (commit !== null) commits.set(oid, parseCommit(commit.content));
    }
    const queue = childrenFirst(commits).map((oid): [string, CommitFields] => [oid, commits.get(oid)!]);
    return new PackBuilder(objects, signal, pending, queue.reverse());
  }

  get isDone(): boolean {
    return this.pending.size === 0;
  }

  /** Adds what is not packed yet, until all is or the pack has grown beyond `limitBytes`. */
  async fill(pack: PackFile, limitBytes: number): Promise<void> {
    while (this.queue.length > 0) {
      if (pack.sizeBytes > limitBytes) return;
      const [oid, commit] = this.queue.pop()!;
      await this.addCommit(pack, oid, commit);
    }
    for (const oid of this.pending) {
      if (pack.sizeBytes > limitBytes) return;
      await this.add(pack, oid, undefined, cutLines);
    }
  }

  /** Adds a commit, its tree and the text that it saved. */
  private async addCommit(pack: PackFile, oid: string, commit: CommitFields): Promise<void> {
    await this.add(pack, oid, undefined, cutLines);
    if (!this.pending.has(commit.tree)) return;
    const tree = await this.add(pack, commit.tree, this.treeBases.get(oid), cutTreeEntries);
    this.treeBases.delete(oid);
    const parent = commit.parents[0];
    if (parent !== undefined) this.treeBases.set(parent, commit.tree);
    const scriptId = scriptOfCommit(commit.text);
    const blob = scriptId === null ? null : findFile(tree, scriptFile(scriptId));
    if (scriptId === null || blob === null || !this.pending.has(blob)) return;
    await this.add(pack, blob, this.scriptBases.get(scriptId), cutLines);
    this.scriptBases.set(scriptId, blob);
  }

  /** Adds one object, as a delta where that pays. Returns its content. */
  private async add(pack: PackFile, oid: string, base: string | undefined, cut: Cut): Promise<Buffer> {
    this.signal.throwIfAborted();
    const { type, content } = await this.read(oid);
    const delta = base === undefined ? null : await this.deltaOn(pack, base, content, cut);
    if (delta === null) await pack.add(oid, type, content);
    else {
      await pack.addDelta(oid, base!, delta);
      this.chainLengths.set(oid, (this.chainLengths.get(base!) ?? 0) + 1);
    }
    this.pending.delete(oid);
    return content;
  }

  /** Null when the base is in no reach, or too little would be saved. */
  private async deltaOn(pack: PackFile, base: string, content: Buffer, cut: Cut): Promise<Buffer | null> {
    if (!pack.has(base) || (this.chainLengths.get(base) ?? 0) >= CHAIN_LIMIT) return null;
    const delta = makeDelta((await this.read(base)).content, content, cut);
    return delta.length < content.length * DELTA_SHARE_LIMIT ? delta : null;
  }

  private async read(oid: string): Promise<StoredObject> {
    const object = this.contents.get(oid) ?? (await this.objects.readFromDisk(oid));
    if (object === null) throw new Error(`the object ${oid} of the scripts repository disappeared while it was being packed`);
    this.contents.set(oid, object);
    return object;
  }
}

/** Orders commits that may have parents outside. Never loops, as a commit's id depends on its parents' ids. */
function childrenFirst(commits: ReadonlyMap<string, CommitFields>): string[] {
  const children = new Map<string, number>();
  for (const { parents } of commits.values()) {
    for (const parent of parents) if (commits.has(parent)) children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  const ready = [...commits.keys()].filter((oid) => !children.has(oid));
  const order: string[] = [];
  for (let oid = ready.pop(); oid !== undefined; oid = ready.pop()) {
    order.push(oid);
    // The first parent last, so that it is the next.
    for (const parent of commits.get(oid)!.parents.toReversed()) {
      const left = (children.get(parent) ?? 0) - 1;
      if (left >= 0) children.set(parent, left);
      if (left === 0) ready.push(parent);
    }
  }
  return order;
}
