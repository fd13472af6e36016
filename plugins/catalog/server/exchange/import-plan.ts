/** Plans an import into the current catalog: a report for each file, and the scripts to create. */

import { IMPORT_SCRIPTS_LIMIT, type ImportedFile, type ImportReport } from '@ved/catalog/contract';
import { Breather } from '@ved/core/server';
import type { Knex } from 'knex';
import { formatNumber, fromHundredths, groupOf, nextFreeInGroup, nextGroup } from '../ordering-number.ts';
import { importTooLarge, type NamedScript } from '../problems.ts';
import { scriptsByNumber, takenNumbers } from '../store/catalog-store.ts';
import { named } from '../versions/script-name.ts';
import type { ParsedContent } from '../versions/version-writer.ts';
import { type NameNumber, numberOf, scriptFileName } from './import-path.ts';
import type { ImportItem } from './unpack.ts';

/** A script that an import creates. */
export interface PlannedScript {
  readonly path: string;
  readonly ordering: number;
  readonly parsed: ParsedContent;
  readonly testData: string;
  /** Its name when it has no docstring. */
  readonly fileName: string | null;
}

export interface ImportPlan {
  readonly files: readonly ImportedFile[];
  readonly scripts: readonly PlannedScript[];
}

/** An item; with its parsed text when it is a script. */
export interface ParsedItem {
  readonly item: ImportItem;
  readonly parsed: ParsedContent | null;
}

type Row = Omit<ImportedFile, 'path' | 'script_id'>;

const NOTHING = { ordering_number: null, descriptive_name: null, detail: null, code: null } as const;

/** Throws 413 `catalog/import-too-large` for too many scripts. */
export async function planImport(db: Knex, items: readonly ParsedItem[]): Promise<ImportPlan> {
  const names = items.filter(({ parsed }) => parsed !== null).map(({ item }) => numberOf(item.path));
  if (names.length > IMPORT_SCRIPTS_LIMIT) throw importTooLarge(`${IMPORT_SCRIPTS_LIMIT} scripts`);
  const requested = names.map(({ hundredths }) => hundredths);
  const numbers = allotNumbers(requested, await takenNumbers(db));
  const wanted = requested.filter((number) => number !== null);
  const holders = new Map((await scriptsByNumber(db, wanted)).map((holder) => [holder.ordering, holder]));
  const files: ImportedFile[] = [];
  const scripts: PlannedScript[] = [];
  let next = 0;
  const breather = new Breather();
  for (const { item, parsed } of items) {
    await breather.breathe();
    if (item.kind !== 'script' || parsed === null) {
      files.push({ path: item.path, script_id: null, ...rowOfOther(item) });
      continue;
    }
    const [name, ordering] = [names[next]!, numbers[next]!];
    next += 1;
    const fileName = scriptFileName(item.path);
    files.push({ path: item.path, script_id: null, ...rowOfScript(name, ordering, named(parsed, fileName), holders) });
    if (ordering !== null) scripts.push({ path: item.path, ordering, parsed, testData: item.testData, fileName });
  }
  return { files, scripts };
}

function rowOfOther(item: ImportItem): Row {
  switch (item.kind) {
    case 'refused':
      return { ...NOTHING, outcome: 'refused', ...item.refusal };
    case 'ignored':
      return { ...NOTHING, outcome: 'ignored', detail: item.detail };
    default:
      return { ...NOTHING, outcome: 'test-data', detail: 'Becomes the test data of the script next to it.' };
  }
}

function rowOfScript(name: NameNumber, ordering: number | null, parsed: ParsedContent, holders: ReadonlyMap<number, NamedScript>): Row {
  const row = { ...NOTHING, descriptive_name: parsed.name };
  if (ordering === null) {
    const where = name.hundredths === null ? 'after the last group' : `left in group ${groupOf(name.hundredths)}`;
    return { ...row, outcome: 'refused', code: 'no-number-left', detail: `There is no free number ${where}.` };
  }
  const given = { ...row, ordering_number: fromHundredths(ordering) };
  if (name.text === null) return { ...given, outcome: 'new', detail: 'The file name has no number, so the script gets a new group.' };
  if (name.hundredths === ordering) return { ...given, outcome: 'new' };
  return { ...given, outcome: 'renumbered', detail: whyRenumbered(name, holders) };
}

function whyRenumbered({ text, hundredths }: NameNumber, holders: ReadonlyMap<number, NamedScript>): string {
  if (hundredths === null) return `${text} is not a valid script number, so the script gets a new group.`;
  const holder = holders.get(hundredths);
  const by = holder ? `“${holder.name}”` : 'another file of this import';
  return `${formatNumber(hundredths)} is taken by ${by}, so the script gets the next free number of the group.`;
}

/** The report of a plan. `ids` are of its scripts, in order, once they are created. */
export function reportOf({ files }: ImportPlan, ids: readonly number[] = []): ImportReport {
  const left = [...ids];
  const isScript = ({ outcome }: ImportedFile): boolean => outcome === 'new' || outcome === 'renumbered';
  return {
    files: files.map((file) => (isScript(file) ? { ...file, script_id: left.shift() ?? null } : file)),
    scripts: files.filter(isScript).length,
    refused: files.filter(({ outcome }) => outcome === 'refused').length,
  };
}

/**
 * A number in hundredths for each request, in order; null where none is left. A
 * request for a number that is taken, or that an earlier request got, gets the
 * next free one of the group; a script without a request gets a new group.
 */
function allotNumbers(requests: readonly (number | null)[], taken: ReadonlySet<number>): (number | null)[] {
  const used = new Set(taken);
  const numbers = requests.map((): number | null => null);
  const assign = (index: number, number: number | null): void => {
    numbers[index] = number;
    if (number !== null) used.add(number);
  };
  for (const [index, request] of requests.entries()) if (request !== null && !used.has(request)) assign(index, request);
  for (const [index, request] of requests.entries())
    if (request !== null && numbers[index] === null) assign(index, nextFreeInGroup(request, used));
  let largest = [...used].reduce<number | null>((most, number) => Math.max(most ?? 0, number), null);
  for (const [index, request] of requests.entries()) {
    if (request !== null) continue;
    assign(index, nextGroup(largest));
    largest = numbers[index] ?? largest;
  }
  return numbers;
}
