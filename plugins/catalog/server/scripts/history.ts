/** Diffs between versions, and blame. */
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { BlameLine, ScriptDiff } from '@ved/catalog/contract';
import { RawResponse } from '@ved/core/server';
import type { ScriptRepository } from '@ved/git/contract';
import type { Knex } from 'knex';
import { notOnProd } from '../problems.ts';
import { liveScript, newestContent, prodOf, versionOf } from '../store/catalog-store.ts';
import { type VersionRow, versionLabel } from '../store/rows.ts';
import { type BlamedLines, blameLines } from '../versions/blame.ts';
import { LineChanges } from '../versions/line-changes.ts';
import { Lineage } from '../versions/lineage.ts';
import { readCommitted } from '../versions/prod-standing.ts';
import { jsonAnswer } from './json-answer.ts';

/** A version by id, what prod runs, or the newest version. */
export type DiffSide = number | 'prod' | 'draft';

/** Who wrote a version. */
type Author = Pick<VersionRow, 'id' | 'committer' | 'provenance'>;

interface Side {
  readonly label: string;
  readonly text: string;
}

export class History {
  constructor(
    private readonly db: Knex,
    private readonly repository: ScriptRepository,
  ) {}

  async diff(scriptId: number, from: DiffSide, to: DiffSide): Promise<RawResponse> {
    await liveScript(this.db, scriptId);
    const [old, young] = [await this.side(scriptId, from), await this.side(scriptId, to)];
    const diff = await this.repository.diff(old, young);
    return jsonAnswer({
      from: JSON.stringify(String(from)),
      to: JSON.stringify(String(to)),
      patch: diff.patch,
      hunks: diff.hunks,
      from_text: diff.from_text,
      to_text: diff.to_text,
    } satisfies Record<keyof ScriptDiff, string | Uint8Array>);
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

  /** For each line, the version that wrote it. A line that a merge took from prod is credited to the version that wrote it there. */
  async blame(scriptId: number, versionId?: number): Promise<RawResponse> {
    const { newest } = await liveScript(this.db, scriptId);
    const version = versionId === undefined ? newest : await versionOf(this.db, scriptId, versionId);
    const text = await readCommitted(this.repository, version.git_commit_hash, scriptId);
    const changes = await LineChanges.of(this.db, this.repository, scriptId, version.id);
    const lineage = await Lineage.of(this.db, scriptId);
    const runs = await blameLines(version.id, lineCount(text), lineage, (from, to) => changes.between(from, to));
    const authors = await this.db('catalog_versions').where({ script_id: scriptId }).select<Author[]>('id', 'committer', 'provenance');
    const lines = new Map(authors.map((author) => [author.id, JSON.stringify(blameLine(author))]));
    return new RawResponse(Readable.from(inTurns(listInParts(runs, lines))), { contentType: 'application/json; charset=utf-8' });
  }
}

/** Entries per chunk: about 600 KB, which takes a millisecond. */
const ENTRIES_PER_PART = 10_000;

/** The JSON of a list with an entry per line, in parts: for half a million lines it is 30 MB. */
function* listInParts(runs: readonly BlamedLines[], entries: ReadonlyMap<number, string>): Generator<string> {
  let part = '[';
  let inPart = 0;
  let separator = '';
  for (const { version, count } of runs) {
    const entry = entries.get(version)!;
    for (let left = count; left > 0; ) {
      const now = Math.min(left, ENTRIES_PER_PART - inPart);
      part += `${separator}${entry}${`,${entry}`.repeat(now - 1)}`;
      separator = ',';
      left -= now;
      inPart += now;
      if (inPart < ENTRIES_PER_PART) continue;
      yield part;
      [part, inPart] = ['', 0];
    }
  }
  yield `${part}]`;
}

/** Each part gets its own turn of the event loop; for a client that reads quickly, all would otherwise be written in one. */
async function* inTurns(parts: Iterable<string>): AsyncGenerator<string> {
  for (const part of parts) {
    yield part;
    await setImmediate();
  }
}

/** As git counts: only `\n` ends a line, and any text after the last one is a line. */
function lineCount(text: string): number {
  let count = text === '' || text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function blameLine({ id, committer, provenance }: Author): BlameLine {
  return { version_id: id, committer, interaction_id: interactionOf(provenance) };
}

/** The assistant interaction in a save's provenance, if any. */
function interactionOf(provenance: string | null): number | null {
  const value: unknown = provenance === null ? null : JSON.parse(provenance);
  if (typeof value !== 'object' || value === null || !('interaction_id' in value)) return null;
  return Number.isSafeInteger(value.interaction_id) ? (value.interaction_id as number) : null;
}
