/** Walks commits: reads their trees, follows first parents, and counts them. */

import { NotFound } from '@ved/core/contract';
import { LRUCache } from 'lru-cache';
import { type CommitFields, parseCommit } from './commit-object.ts';
import type { ObjectStore } from './object-store.ts';

/** Depths cached, so that counting again only walks the new commits. */
const DEPTH_CACHE_ENTRIES = 100_000;

export class History {
  private readonly depths = new LRUCache<string, number>({ max: DEPTH_CACHE_ENTRIES });

  constructor(private readonly objects: ObjectStore) {}

  /** Throws NotFound when the repository has no such commit. */
  async commitAt(oid: string): Promise<CommitFields> {
    const object = await this.objects.read(oid);
    if (object?.type !== 'commit') throw new NotFound('git/unknown-commit', `The scripts repository has no commit ${oid}.`);
    return parseCommit(object.content);
  }

  /** The bytes of a commit's tree. */
  async treeOf(commit: string): Promise<Buffer> {
    const { tree } = await this.commitAt(commit);
    const object = await this.objects.read(tree);
    if (object?.type !== 'tree') throw new Error(`the tree of commit ${commit} is missing from the scripts repository`);
    return object.content;
  }

  /** A commit and its first parents, newest first. */
  async *firstParents(head: string): AsyncGenerator<[string, CommitFields]> {
    for (let oid: string | undefined = head; oid !== undefined; ) {
      const fields: CommitFields = await this.commitAt(oid);
      yield [oid, fields];
      oid = fields.parents[0];
    }
  }

  /** The number of commits from a head along its first parents; null when more than `limit` of them were not counted before. */
  async depth(head: string, limit: number): Promise<number | null> {
    const walked: string[] = [];
    let below = 0;
    for await (const [oid] of this.firstParents(head)) {
      const known = this.depths.get(oid);
      if (known !== undefined) {
        below = known;
        break;
      }
      walked.push(oid);
      if (walked.length > limit) return null;
    }
    for (const [index, oid] of walked.entries()) this.depths.set(oid, below + walked.length - index);
    return below + walked.length;
  }
}
