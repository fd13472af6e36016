/** The runs panel: what ran, newest first, of all scripts or of the one in the editor. */
import { ReactWidget, UseSignal } from '@jupyterlab/apputils';
import { fileIcon, runIcon } from '@jupyterlab/ui-components';
import type { Catalog } from '@ved/catalog/contract';
import { PanelError, PanelLoading, PanelMessage, RelativeTime } from '@ved/core/browser';
import type { RunListItem } from '@ved/runner/contract';
import { useState } from 'react';
import { RunStatusBadge } from '../output/run-header.tsx';
import type { RunList } from './run-list.ts';
import { countWords, formatDuration, sourceWords } from './run-words.ts';

export interface RunsPanelOptions {
  readonly list: RunList;
  readonly catalog: Catalog;
  /** The script of the editor last in use; null when there is none. */
  currentScriptId(): number | null;
  onOpen(runId: number): void;
  onCompare(a: number, b: number): void;
}

export class RunsPanel extends ReactWidget {
  constructor(private readonly options: RunsPanelOptions) {
    super();
    this.id = 'ved-runs';
    this.addClass('ved-Runs');
    this.title.icon = runIcon;
    this.title.caption = 'Runs';
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'Runs');
  }

  protected override onBeforeShow(): void {
    if (!this.options.list.loaded) this.options.list.reload();
  }

  protected override onActivateRequest(): void {
    this.node.querySelector<HTMLElement>('button, select')?.focus();
  }

  protected override render(): JSX.Element {
    return <UseSignal signal={this.options.list.changed}>{() => <RunsView {...this.options} />}</UseSignal>;
  }
}

function RunsView({ list, catalog, currentScriptId, onOpen, onCompare }: RunsPanelOptions): JSX.Element {
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const [older, newer] = chosen.filter((id) => list.runs.some((run) => run.id === id)).sort((a, b) => a - b);
  const toggle = (id: number) => setChosen((ids) => (ids.includes(id) ? ids.filter((each) => each !== id) : [...ids.slice(-1), id]));
  const nameOf = (id: number) => {
    const script = catalog.find(id);
    return script ? `${script.ordering_number.toFixed(2)} ${script.descriptive_name}` : `script ${id} (deleted)`;
  };
  return (
    <>
      <div className="ved-PanelHead">
        <h2>Runs</h2>
        <button
          type="button"
          className="ved-RunHeader-button"
          disabled={newer === undefined}
          title={newer === undefined ? 'Tick two runs to compare them' : `What differs between runs ${older} and ${newer}`}
          aria-label={newer === undefined ? 'Compare two runs' : `Compare runs ${older} and ${newer}`}
          onClick={() => onCompare(older!, newer!)}
        >
          Compare
        </button>
        <select
          aria-label="Runs of which scripts"
          value={list.scriptId === null ? 'all' : 'one'}
          onChange={(event) => list.ofScript(event.target.value === 'all' ? null : currentScriptId())}
        >
          <option value="all">All scripts</option>
          <option value="one">{list.scriptId === null ? 'This script' : nameOf(list.scriptId)}</option>
        </select>
      </div>
      {list.error && <PanelError what="The runs could not be loaded." error={list.error} onRetry={() => list.reload()} />}
      {!list.loaded && !list.error && <PanelLoading label="Loading the runs" />}
      {list.loaded && list.runs.length === 0 && (
        <PanelMessage title="Nothing has run yet.">Ctrl+Enter runs the script that you see.</PanelMessage>
      )}
      <ul className="ved-Runs-list" aria-label="Runs, newest first">
        {list.runs.map((run) => (
          <RunRow
            key={run.id}
            run={run}
            name={nameOf(run.script_id)}
            chosen={chosen.includes(run.id)}
            onToggle={() => toggle(run.id)}
            onOpen={() => onOpen(run.id)}
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

function FileCount({ count }: { readonly count: number }): JSX.Element {
  const words = countWords(count, 'file');
  return (
    <span className="ved-Runs-files" role="img" aria-label={words} title={words}>
      <fileIcon.react tag="span" width="12px" height="12px" />
      {count}
    </span>
  );
}

interface RunRowProps {
  readonly run: RunListItem;
  readonly name: string;
  readonly chosen: boolean;
  onToggle(): void;
  onOpen(): void;
}

function RunRow({ run, name, chosen, onToggle, onOpen }: RunRowProps): JSX.Element {
  return (
    <li className="ved-Runs-item">
      <input type="checkbox" aria-label={`Choose run ${run.id} to compare`} checked={chosen} onChange={onToggle} />
      <button type="button" className="ved-Runs-row" onClick={onOpen} data-ved-run-id={run.id}>
        <span className="ved-Runs-first">
          <span className="ved-Runs-name">{name}</span>
          {run.file_count > 0 && <FileCount count={run.file_count} />}
          <RunStatusBadge status={run.status} />
        </span>
        <span className="ved-Runs-second">
          <span className="ved-Runs-what">
            run {run.id} · {sourceWords(run)}
            {run.pass_id === null ? '' : ` · pass ${run.pass_id}`}
          </span>
          <span>
            {run.duration_ms === null ? '' : `${formatDuration(run.duration_ms)} · `}
            <RelativeTime time={run.started_at} />
          </span>
        </span>
      </button>
    </li>
  );
}
