/** The order of the catalog: renumbering, deleting and restoring. */
import type { Knex } from 'knex';
import { nextFreeInGroup, nextGroup, toHundredths } from '../ordering-number.ts';
import { movedTwice, noSuchScript, numberGivenTwice, numbersExhausted, numberTaken, orderChanged } from '../problems.ts';
import { largestNumber, liveScript, scriptEvenDeleted, scriptsByNumber, takenNumbers } from '../store/catalog-store.ts';
import { changeCatalog } from '../store/catalog-writes.ts';
import type { VersionWriter } from '../versions/version-writer.ts';

/** Bound variables per statement, well below any database's limit. */
const CHUNK = 200;

export interface Move {
  readonly id: number;
  readonly ordering_number: number;
  /** The number that the client last saw. */
  readonly from?: number | undefined;
}

export class ScriptOrder {
  constructor(
    private readonly db: Knex,
    private readonly writer: VersionWriter,
  ) {}

  /** Gives scripts new numbers, all or none; two may swap numbers. Returns the ids of those that moved. Throws 409 when a script no longer has the number in `from`. */
  async reorder(moves: readonly Move[]): Promise<number[]> {
    const wanted = plan(moves);
    return changeCatalog(this.db, async (trx) => {
      const moving = await liveOrderings(trx, [...wanted.keys()]);
      for (const id of wanted.keys()) if (!moving.has(id)) throw noSuchScript(id);
      await refuseMoved(trx, moves, moving);
      await refuseTaken(trx, wanted);
      const changed = new Map([...wanted].filter(([id, ordering]) => moving.get(id) !== ordering));
      // Via negative numbers, because the index is checked row by row and two scripts may swap numbers.
      for (const part of chunks([...changed])) await setOrderings(trx, part);
      await trx('catalog_scripts')
        .where('ordering', '<', 0)
        .update({ ordering: trx.raw('-ordering') });
      return [...changed.keys()];
    });
  }

  async delete(scriptId: number, by: string): Promise<void> {
    await this.writer.exclusively(scriptId, async () => {
      await liveScript(this.db, scriptId);
      await changeCatalog(this.db, (trx) =>
        trx('catalog_scripts').where({ id: scriptId }).update({ deleted_at: new Date().toISOString(), deleted_by: by }),
      );
    });
  }

  /**
   * Restores a deleted script: under the number wanted, else its old one or, when
   * that is taken, the next free one of its group. Returns its old number in
   * hundredths when it got another one, else null; a live script is left unchanged.
   */
  async restore(scriptId: number, wantedNumber?: number): Promise<{ changed: boolean; lostNumber: number | null }> {
    return this.writer.exclusively(scriptId, async () => {
      const script = await scriptEvenDeleted(this.db, scriptId);
      if (script.deleted_at === null) return { changed: false, lostNumber: null };
      return changeCatalog(this.db, async (trx) => {
        const wanted = wantedNumber === undefined ? null : toHundredths(wantedNumber);
        if (wanted !== null) await refuseTaken(trx, new Map([[scriptId, wanted]]));
        const ordering = wanted ?? numberToRestore(script.ordering, await takenNumbers(trx), await largestNumber(trx));
        if (ordering === null) throw numbersExhausted();
        await trx('catalog_scripts').where({ id: scriptId }).update({ deleted_at: null, deleted_by: null, ordering });
        return { changed: true, lostNumber: ordering === script.ordering ? null : script.ordering };
      });
    });
  }
}

/** The number that a script is restored under; null when no number is left. */
export function numberToRestore(old: number, taken: ReadonlySet<number>, largest: number | null): number | null {
  return nextFreeInGroup(old, taken) ?? nextGroup(largest);
}

/** Throws when a script no longer has the number in `from`. */
async function refuseMoved(trx: Knex.Transaction, moves: readonly Move[], current: ReadonlyMap<number, number>): Promise<void> {
  for (const { id, from } of moves) {
    if (from === undefined) continue;
    const [expected, actual] = [toHundredths(from), current.get(id)!];
    if (expected !== actual) throw orderChanged((await scriptsByNumber(trx, [actual]))[0]!, expected);
  }
}

/** New numbers in hundredths by script id. Throws for a script or a number given twice. */
function plan(moves: readonly Move[]): Map<number, number> {
  const wanted = new Map<number, number>();
  const holders = new Map<number, number>();
  for (const { id, ordering_number } of moves) {
    const ordering = toHundredths(ordering_number);
    if (wanted.has(id)) throw movedTwice(id);
    const other = holders.get(ordering);
    if (other !== undefined) throw numberGivenTwice(ordering, [other, id]);
    wanted.set(id, ordering);
    holders.set(ordering, id);
  }
  return wanted;
}

async function liveOrderings(trx: Knex.Transaction, ids: readonly number[]): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const part of chunks(ids)) {
    const rows = await trx('catalog_scripts')
      .whereIn('id', part)
      .whereNull('deleted_at')
      .whereNotNull('latest_version_id')
      .select<{ id: number; ordering: number }[]>('id', 'ordering');
    for (const row of rows) found.set(row.id, row.ordering);
  }
  return found;
}

/** Throws when a number is taken by a script that is not moved. */
async function refuseTaken(trx: Knex.Transaction, wanted: ReadonlyMap<number, number>): Promise<void> {
  for (const part of chunks([...wanted.values()])) {
    const holder = (await scriptsByNumber(trx, part)).find(({ id }) => !wanted.has(id));
    if (holder) throw numberTaken(holder.ordering, holder, nextFreeInGroup(holder.ordering, await takenNumbers(trx)));
  }
}

async function setOrderings(trx: Knex.Transaction, orderings: readonly (readonly [number, number])[]): Promise<void> {
  const cases = orderings.map(() => 'WHEN ? THEN ?').join(' ');
  const bindings = orderings.flatMap(([id, ordering]) => [id, -ordering]);
  await trx('catalog_scripts')
    .whereIn(
      'id',
      orderings.map(([id]) => id),
    )
    .update({ ordering: trx.raw(`CASE id ${cases} END`, bindings) });
}

function chunks<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, i) => items.slice(i * CHUNK, (i + 1) * CHUNK));
}
