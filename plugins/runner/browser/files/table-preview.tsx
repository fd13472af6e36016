/** A table that draws only the rows in view and sorts by a column. Formulas are shown as text. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { PanelError, PanelLoading, useLoaded } from '@ved/core/browser';
import { useCallback, useMemo, useRef, useState } from 'react';
import { countWords } from '../runs/run-words.ts';
import { type Direction, orderBy, readTable, SHOWN_COLUMNS, SHOWN_ROWS, type Table } from './table.ts';

/** Keep in sync with the style sheet. */
const ROW_PX = 24;
/** Rows used to estimate the widths of the columns. */
const SAMPLE_ROWS = 100;
const NARROWEST_CHARACTERS = 4;
const WIDEST_CHARACTERS = 40;
/** The rest of a longer cell is not drawn. */
const DRAWN_CHARACTERS = 300;

export interface TablePreviewProps {
  readonly text: string;
  readonly mediaType: string;
  readonly name: string;
}

export function TablePreview({ text, mediaType, name }: TablePreviewProps): JSX.Element {
  const load = useCallback((signal: AbortSignal) => readTable(text, mediaType, signal), [text, mediaType]);
  const loaded = useLoaded(load);
  if (loaded.state === 'loading') return <PanelLoading label="Reading the table" />;
  if (loaded.state === 'failed') return <PanelError what={`${name} could not be read.`} error={loaded.error} onRetry={loaded.reload} />;
  return <TableView table={loaded.value} name={name} />;
}

interface Sorting {
  readonly column: number;
  readonly direction: Direction;
}

function TableView({ table, name }: { table: Table; name: string }): JSX.Element {
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const order = useMemo(() => (sorting ? orderBy(table.rows, sorting.column, sorting.direction) : null), [table, sorting]);
  const widths = useMemo(() => columnWidths(table), [table]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: table.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
  });
  const drawn = virtual.getVirtualItems();
  const above = drawn[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (drawn.at(-1)?.end ?? 0);
  return (
    <>
      <p className="ved-File-note">{extentWords(table)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section ref={scroller} className="ved-FileTable" aria-label={name} tabIndex={0}>
        <table aria-rowcount={table.rows.length + 1} style={{ width: `${widths.reduce((sum, width) => sum + width, 0)}ch` }}>
          <thead>
            <tr aria-rowindex={1}>
              {table.columns.map((column, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns are identified by position
                <Heading key={index} name={column} index={index} width={widths[index]!} sorting={sorting} onSort={setSorting} />
              ))}
            </tr>
          </thead>
          <tbody>
            {/* Spacer for the rows that are not drawn. */}
            <tr style={{ height: above }} />
            {drawn.map(({ index }) => (
              <Row key={index} index={index} cells={table.rows[order ? order[index]! : index]!} columns={table.columns} />
            ))}
            <tr style={{ height: below }} />
          </tbody>
        </table>
      </section>
    </>
  );
}

interface RowProps {
  readonly index: number;
  readonly cells: readonly string[];
  readonly columns: readonly string[];
}

function Row({ index, cells, columns }: RowProps): JSX.Element {
  return (
    <tr aria-rowindex={index + 2}>
      {columns.map((_, column) => {
        const text = (cells[column] ?? '').slice(0, DRAWN_CHARACTERS);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: as the columns
          <td key={column} title={text}>
            {text}
          </td>
        );
      })}
    </tr>
  );
}

interface HeadingProps {
  readonly name: string;
  readonly index: number;
  /** In characters. */
  readonly width: number;
  readonly sorting: Sorting | null;
  onSort(sorting: Sorting | null): void;
}

const SIGNS: Record<Direction, string> = { ascending: '▲', descending: '▼' };

/** Clicks cycle through ascending, descending and unsorted. */
function Heading({ name, index, width, sorting, onSort }: HeadingProps): JSX.Element {
  const direction = sorting?.column === index ? sorting.direction : null;
  const next = { none: 'ascending', ascending: 'descending', descending: null } as const;
  const wanted = next[direction ?? 'none'];
  const label = name === '' ? `Column ${index + 1}` : name;
  return (
    <th scope="col" aria-sort={direction ?? 'none'} style={{ width: `${width}ch` }}>
      <button type="button" title={label} onClick={() => onSort(wanted ? { column: index, direction: wanted } : null)}>
        {label.slice(0, DRAWN_CHARACTERS)} {direction && <span aria-hidden="true">{SIGNS[direction]}</span>}
      </button>
    </th>
  );
}

function columnWidths({ columns, rows }: Table): number[] {
  return columns.map((column, index) => {
    const longest = rows.slice(0, SAMPLE_ROWS).reduce((most, row) => Math.max(most, row[index]?.length ?? 0), column.length + 2);
    return Math.min(WIDEST_CHARACTERS, Math.max(NARROWEST_CHARACTERS, longest)) + 3;
  });
}

function extentWords({ rows, columnCount, cut }: Table): string {
  const shown = [
    cut ? `the first ${SHOWN_ROWS.toLocaleString('en')} rows` : countWords(rows.length, 'row'),
    columnCount > SHOWN_COLUMNS
      ? `the first ${SHOWN_COLUMNS} of ${columnCount.toLocaleString('en')} columns`
      : countWords(columnCount, 'column'),
  ].join(', ');
  return cut || columnCount > SHOWN_COLUMNS ? `Showing ${shown}. Download the file to see all of it.` : shown;
}
