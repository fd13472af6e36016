/**
 * Decides which objects go into a pack, and which of them as deltas. Successive
 * versions of a script, and trees of successive commits, differ little: each is a
 * delta on the next newer one, so the newest are read without any delta. Chains
 * are kept short, since reading applies every delta of a chain.
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
/** A delta larger than this share of its object is not worth a longer chain. */
const DELTA_SHARE_LIMIT = 0.5;
/** Contents cached as possible delta bases; one tree of 10,000 scripts takes 350 kB. */
const BASE_CACHE_BYTES = 24 * 1024 * 1024;

export class PackBuilder {
  private readonly contents = new LRUCache<string, StoredObject>({
    maxSize: BASE_CACHE_BYTES,
    sizeCalculation: ({ content }) => content.length + 1,
  });
  private readonly chainLengths = new Map<string, number>();
  /** By commit: the delta base of its tree, which is the tree of its child. */
  private readonly treeBases = new Map<string, string>();
  /** By script: the version packed last, which is the next newer one. */
  private readonly scriptBases = new Map<number, string>();

  private constructor(
    private readonly objects: ObjectStore,
    private readonly signal: AbortSignal,
    /** Objects not packed yet. */
    private readonly pending: Set<string>,
    /** The commits among them; the next one is at the end. */
    private readonly queue: [string, CommitFields][],
  ) {}

  /** Finds the commits among the objects, and orders them with children before parents. */
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

  /** Adds pending objects until none is left or the pack is larger than `limitBytes`. */
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

  /** Adds a commit, its tree and the blob of the script that it saved. */
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

  /** Adds one object, as a delta if that saves enough. Returns its content. */
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

  /** Null when the base is not in this pack, its chain is at the limit, or the delta would save too little. */
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

/** Orders commits, whose parents may be missing from the map. Always terminates: a commit's id depends on its parents' ids, so there are no cycles. */
function childrenFirst(commits: ReadonlyMap<string, CommitFields>): string[] {
  const children = new Map<string, number>();
  for (const { parents } of commits.values()) {
    for (const parent of parents) if (commits.has(parent)) children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  const ready = [...commits.keys()].filter((oid) => !children.has(oid));
  const order: string[] = [];
  for (let oid = ready.pop(); oid !== undefined; oid = ready.pop()) {
    order.push(oid);
    // Push the first parent last, so that it comes next.
    for (const parent of commits.get(oid)!.parents.toReversed()) {
      const left = (children.get(parent) ?? 0) - 1;
      if (left >= 0) children.set(parent, left);
      if (left === 0) ready.push(parent);
    }
  }
  return order;
}
