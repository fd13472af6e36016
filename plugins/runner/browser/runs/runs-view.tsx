/** Runs, newest first: filters, a button to compare two, and rows that open them. */
import type { Catalog } from '@ved/catalog/contract';
import { PanelError, PanelLoading, PanelMessage } from '@ved/core/browser';
import { useState } from 'react';
import { EVERY_RUN, isFiltered, type RunFilter } from './run-filter.ts';
import { RunFilters } from './run-filters.tsx';
import type { RunList } from './run-list.ts';
import { RunRow } from './run-row.tsx';

export interface RunsViewParts {
  readonly catalog: Catalog;
  /** The script of the editor last in use; null when there is none. */
  currentScriptId(): number | null;
  onOpen(runId: number): void;
  onOpenPass(passId: number): void;
  onCompare(a: number, b: number): void;
}

export interface RunsViewProps extends RunsViewParts {
  readonly list: RunList;
  onFilter(filter: RunFilter): void;
}

export function RunsView({ list, catalog, currentScriptId, onOpen, onOpenPass, onCompare, onFilter }: RunsViewProps): JSX.Element {
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const [older, newer] = chosen.filter((id) => list.items.some((run) => run.id === id)).sort((a, b) => a - b);
  const toggle = (id: number) => setChosen((ids) => (ids.includes(id) ? ids.filter((each) => each !== id) : [...ids.slice(-1), id]));
  const nameOf = (id: number) => {
    const script = catalog.find(id);
    return script ? `${script.ordering_number.toFixed(2)} ${script.descriptive_name}` : `script ${id} (deleted)`;
  };
  return (
    <>
      <RunFilters filter={list.filter} currentScriptId={currentScriptId()} starters={list.starters} nameOf={nameOf} onFilter={onFilter} />
      <div className="ved-Runs-tools">
        {isFiltered(list.filter) && (
          <button type="button" className="ved-RunHeader-button" onClick={() => onFilter(EVERY_RUN)}>
            Show all runs
          </button>
        )}
        <button
          type="button"
          className="ved-RunHeader-button"
          disabled={newer === undefined}
          title={newer === undefined ? 'Select two runs to compare them' : `Compare runs ${older} and ${newer}`}
          aria-label={newer === undefined ? 'Compare two runs' : `Compare runs ${older} and ${newer}`}
          onClick={() => onCompare(older!, newer!)}
        >
          Compare
        </button>
      </div>
      {list.error && <PanelError what="The runs could not be loaded." error={list.error} onRetry={() => list.reload()} />}
      {!list.loaded && !list.error && <PanelLoading label="Loading the runs" />}
      {list.loaded && list.items.length === 0 && <NoRun isFiltered={isFiltered(list.filter)} />}
      <ul className="ved-Runs-list" aria-label="Runs, newest first">
        {list.items.map((run) => (
          <RunRow
            key={run.id}
            run={run}
            name={nameOf(run.script_id)}
            chosen={chosen.includes(run.id)}
            onToggle={() => toggle(run.id)}
            onOpen={() => onOpen(run.id)}
            onOpenPass={onOpenPass}
          />
        ))}
      </ul>
      {list.more && (
        <button type="button" className="jp-mod-styled ved-Button ved-Runs-more" onClick={() => list.older()}>
          Older runs
        </button>
      )}
    </>
  );
}

function NoRun({ isFiltered }: { readonly isFiltered: boolean }): JSX.Element {
  if (isFiltered) return <PanelMessage title="No runs match.">Old runs are removed after a while.</PanelMessage>;
  return <PanelMessage title="Nothing has run yet.">Press Ctrl+Enter to run the script in the editor.</PanelMessage>;
}
