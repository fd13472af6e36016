/** A table in memory: read in slices, so that no frame is dropped, and sorted by a column. */
import { dialectOf, records } from './delimited-text.ts';

/** The most that is shown. */
export const SHOWN_ROWS = 200_000;
export const SHOWN_COLUMNS = 100;
/** Time per slice: half a frame. */
const SLICE_MS = 8;
/** Rows read between two checks of the clock. */
const ROWS_PER_CHECK = 200;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Of the widest row, shown or not. */
  readonly columnCount: number;
  /** Whether there are more rows than are shown. */
  readonly cut: boolean;
}

/** Throws the signal's reason when it fires. The first record names the columns. */
export async function readTable(text: string, mediaType: string, signal: AbortSignal): Promise<Table> {
  const { separator, start } = dialectOf(text, mediaType);
  const source = records(text, separator, start);
  const head = source.next();
  const columns = head.done ? [] : head.value;
  const rows: string[][] = [];
  let columnCount = columns.length;
  let began = performance.now();
  for (const row of source) {
    if (rows.length === SHOWN_ROWS) return { columns: named(columns, columnCount), rows, columnCount, cut: true };
    columnCount = Math.max(columnCount, row.length);
    rows.push(row.length > SHOWN_COLUMNS ? row.slice(0, SHOWN_COLUMNS) : row);
    if (rows.length % ROWS_PER_CHECK === 0 && performance.now() - began > SLICE_MS) {
      await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
      began = performance.now();
    }
  }
  return { columns: named(columns, columnCount), rows, columnCount, cut: false };
}

/** A row may have more cells than the first names. */
function named(columns: readonly string[], count: number): string[] {
  return Array.from({ length: Math.min(count, SHOWN_COLUMNS) }, (_, index) => columns[index] ?? '');
}

export type Direction = 'ascending' | 'descending';

/** The indexes of the rows sorted by a column: numerically if all cells are numbers, empty cells last. Stable. */
export function orderBy(rows: Table['rows'], column: number, direction: Direction): number[] {
  const cells = rows.map((row) => row[column]?.trim() ?? '');
  const numbers = cells.map(numberIn);
  const numeric = cells.every((cell, index) => cell === '' || !Number.isNaN(numbers[index]));
  const sign = direction === 'ascending' ? 1 : -1;
  const compare = numeric
    ? (a: number, b: number) => numbers[a]! - numbers[b]!
    : (a: number, b: number) => (cells[a]! < cells[b]! ? -1 : cells[a]! > cells[b]! ? 1 : 0);
  return cells
    .map((_, index) => index)
    .sort((a, b) => Number(cells[a] === '') - Number(cells[b] === '') || (cells[a] === '' ? 0 : sign * compare(a, b)) || a - b);
}

/** Accepts a decimal point or a decimal comma. NaN if it is not a number. */
function numberIn(cell: string): number {
  return cell === '' ? Number.NaN : Number(/^[+-]?\d+,\d+$/.test(cell) ? cell.replace(',', '.') : cell);
}
