/** What came when and from whom: versions, differences, and who brought each line. */
import type { BlameLine, ScriptDiff, VersionInfo } from '@ved/catalog/contract';
import type { ScriptRepository } from '@ved/git/contract';
import type { Knex } from 'knex';
import { notOnProd } from '../problems.ts';
import { liveScript, newestContent, prodOf, versionOf, versionsOf } from '../store/catalog-store.ts';
import { type VersionRow, versionInfo, versionLabel } from '../store/rows.ts';
import { Lineage } from '../versions/lineage.ts';
import { readCommitted } from '../versions/prod-standing.ts';

/** A version by id, what prod runs, or the newest version. */
export type DiffSide = number | 'prod' | 'draft';

interface Side {
  readonly label: string;
  readonly text: string;
}

/** Merges inside merges that blame looks through before it names the merge itself. */
const MOST_MERGES_DEEP = 3;
/** Texts read from git at once. */
const READS_AT_ONCE = 16;

export class History {
  constructor(
    private readonly db: Knex,
    private readonly repository: ScriptRepository,
  ) {}

  /** Newest first. */
  async versions(scriptId: number): Promise<VersionInfo[]> {
    await liveScript(this.db, scriptId);
    return (await versionsOf(this.db, scriptId)).map(versionInfo);
  }

  async diff(scriptId: number, from: DiffSide, to: DiffSide): Promise<ScriptDiff> {
    await liveScript(this.db, scriptId);
    const [old, young] = [await this.side(scriptId, from), await this.side(scriptId, to)];
    const { patch, hunks } = this.repository.diff(old, young);
    const ownLines = hunks.map((hunk) => ({ ...hunk, lines: [...hunk.lines] }));
    return { from: String(from), to: String(to), patch, hunks: ownLines, from_text: old.text, to_text: young.text };
  }

  private async side(scriptId: number, side: DiffSide): Promise<Side> {
    const file = `${scriptId}.py`;
    if (side === 'draft') {
      const { newest } = await liveScript(this.db, scriptId);
      return { label: `${file} ${versionLabel(newest)}`, text: await newestContent(this.db, scriptId) };
    }
    if (side === 'prod') {
      const prod = await prodOf(this.db, scriptId);
      if (!prod) throw notOnProd(scriptId);
      return { label: `${file} prod`, text: prod.content };
    }
    const version = await versionOf(this.db, scriptId, side);
    return { label: `${file} ${versionLabel(version)}`, text: await readCommitted(this.repository, version.git_commit_hash, scriptId) };
  }

  /** For each line, the version that brought it. A line that a merge took from prod is credited to who wrote it there. */
  async blame(scriptId: number, versionId?: number): Promise<BlameLine[]> {
    const { newest } = await liveScript(this.db, scriptId);
    const version = versionId === undefined ? newest : await versionOf(this.db, scriptId, versionId);
    const rows = new Map((await versionsOf(this.db, scriptId)).map((row) => [row.id, row]));
    const lineage = new Lineage([...rows.values()]);
    const texts = await this.texts(rows, version.id);
    const ids = blameAlong(lineage.chain(version.id), texts, lineage, this.repository, MOST_MERGES_DEEP);
    return ids.map((id) => blameLine(rows.get(id)!));
  }

  /** Texts of a version and of everything that can have gone into it. */
  private async texts(rows: ReadonlyMap<number, VersionRow>, versionId: number): Promise<Map<number, string>> {
    const wanted = [...rows.values()].filter((row) => row.id <= versionId);
    const texts = new Map<number, string>();
    const readers = Array.from({ length: READS_AT_ONCE }, async () => {
      for (let row = wanted.pop(); row !== undefined; row = wanted.pop()) {
        texts.set(row.id, await readCommitted(this.repository, row.git_commit_hash, row.script_id));
      }
    });
    await Promise.all(readers);
    return texts;
  }
}

/** The version that brought each line of the last text of a chain. */
function blameAlong(
  chain: readonly number[],
  texts: ReadonlyMap<number, string>,
  lineage: Lineage,
  repository: ScriptRepository,
  mergesLeft: number,
): number[] {
  const lines = repository.blame(chain.map((id) => texts.get(id)!)).map((index) => chain[index]!);
  if (mergesLeft === 0) return lines;
  for (const merge of new Set(lines)) {
    const merged = lineage.mergedInto(merge);
    if (merged === null) continue;
    const through = [...lineage.chain(merged), ...chain.slice(chain.indexOf(merge))];
    const other = blameAlong(through, texts, lineage, repository, mergesLeft - 1);
    for (const [i, id] of lines.entries()) if (id === merge) lines[i] = other[i]!;
  }
  return lines;
}

function blameLine(row: VersionRow): BlameLine {
  return { version_id: row.id, committer: row.committer, interaction_id: interactionOf(row.provenance) };
}

/** The interaction with the assistant that a save named, if it did. */
function interactionOf(provenance: string | null): number | null {
  const value: unknown = provenance === null ? null : JSON.parse(provenance);
  if (typeof value !== 'object' || value === null || !('interaction_id' in value)) return null;
  return Number.isSafeInteger(value.interaction_id) ? (value.interaction_id as number) : null;
}
