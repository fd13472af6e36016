/**
 * Which version was made from which: by `base_version_id`, and for a merge also
 * by prod's version. An ancestor always has the smaller id.
 */
import type { Knex } from 'knex';

/** A version and what it was made from. */
export interface Link {
  readonly id: number;
  readonly base_version_id: number | null;
  readonly merged_version_id: number | null;
}

export class Lineage {
  private readonly links: ReadonlyMap<number, Link>;

  constructor(links: readonly Link[]) {
    this.links = new Map(links.map((link) => [link.id, link]));
  }

  /** Links of a script's versions, from the one with the id `from` on. */
  static async of(db: Knex, scriptId: number, from = 0): Promise<Lineage> {
    const query = db('catalog_versions').where({ script_id: scriptId }).where('id', '>=', from);
    return new Lineage(await query.select<Link[]>('id', 'base_version_id', 'merged_version_id'));
  }

  /** Whether `version` includes `ancestor`; a version is its own ancestor. */
  isAncestor(ancestor: number, version: number): boolean {
    return this.ancestors(version, ancestor).has(ancestor);
  }

  /** The newest version that both were made from; null when there is none. */
  commonBase(a: number, b: number): number | null {
    const ofA = this.ancestors(a);
    const common = [...this.ancestors(b)].filter((id) => ofA.has(id));
    return common.length === 0 ? null : common.reduce((newest, id) => Math.max(newest, id));
  }

  /** What a version was made from: its base, then prod's version for a merge. */
  madeFrom(version: number): number[] {
    const link = this.links.get(version);
    return [link?.base_version_id, link?.merged_version_id].filter((id) => id != null);
  }

  private ancestors(version: number, from = 0): Set<number> {
    const seen = new Set<number>();
    const open = [version];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (id < from || seen.has(id)) continue;
      seen.add(id);
      open.push(...this.madeFrom(id));
    }
    return seen;
  }
}
