/** The History panel: the versions of the script in the editor, to compare, open or revert to. */
import { ReactWidget, UseSignal } from '@jupyterlab/apputils';
import { historyIcon } from '@jupyterlab/ui-components';
import { type ScriptSummary, versionName } from '@ved/catalog/contract';
import { PanelError, PanelLoading, PanelMessage } from '@ved/core/browser';
import { useState } from 'react';
import type { HistoryPanelOptions } from './history-options.ts';
import { HistoryRows } from './history-rows.tsx';

export class HistoryPanel extends ReactWidget {
  constructor(private readonly options: HistoryPanelOptions) {
    super();
    this.id = 'ved-history';
    this.addClass('ved-History');
    this.title.icon = historyIcon;
    this.title.caption = 'History';
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'History');
  }

  protected override onActivateRequest(): void {
    this.node.querySelector<HTMLElement>('input, button')?.focus();
  }

  protected override render(): JSX.Element {
    const { list, runs } = this.options;
    const view = () => <HistoryView key={list.scriptId} {...this.options} />;
    return <UseSignal signal={list.changed}>{() => (runs ? <UseSignal signal={runs.changed}>{view}</UseSignal> : view())}</UseSignal>;
  }
}

function HistoryView(props: HistoryPanelOptions): JSX.Element {
  const { list, catalog } = props;
  const [chosen, setChosen] = useState<readonly number[]>([]);
  if (list.scriptId === null)
    return <PanelMessage title="No script is open">Open a script from the catalog to see its versions.</PanelMessage>;
  const script = catalog.find(list.scriptId);
  const pair = list.versions.filter((version) => chosen.includes(version.id));
  const toggle = (id: number) => setChosen((ids) => (ids.includes(id) ? ids.filter((each) => each !== id) : [...ids.slice(-1), id]));
  return (
    <>
      <div className="ved-PanelHead">
        <h2>History</h2>
        <button
          type="button"
          className="ved-RunHeader-button"
          disabled={pair.length !== 2}
          title={pair.length === 2 ? 'Show the two side by side' : 'Select two versions to compare them'}
          onClick={() => props.onCompare(pair[1]!, pair[0]!)}
        >
          Compare {pair.length === 2 ? `${versionName(pair[1]!)} and ${versionName(pair[0]!)}` : 'two'}
        </button>
      </div>
      {script && (
        <p className="ved-History-script">
          {script.ordering_number.toFixed(2)} {script.descriptive_name}
        </p>
      )}
      {script && <ProdLine {...props} script={script} />}
      {list.error && <PanelError what="The versions could not be loaded." error={list.error} onRetry={() => list.reload()} />}
      {props.runs?.error && (
        <PanelError what="The runs of the versions could not be loaded." error={props.runs.error} onRetry={() => props.runs?.reload()} />
      )}
      {!list.loaded && !list.error && <PanelLoading label="Loading the versions" />}
      <HistoryRows {...props} script={script} chosen={chosen} onToggle={toggle} />
    </>
  );
}

/** What prod runs, and a merge button when the newest version is a different one. */
function ProdLine({ script, list, canEdit, onMerge }: HistoryPanelOptions & { readonly script: ScriptSummary }): JSX.Element {
  const { prod_version, prod_state } = script;
  const newest = list.versions[0];
  const behind = prod_state !== 'same';
  return (
    <p className={`ved-History-prod${prod_version && behind ? ' ved-mod-behind' : ''}`}>
      <span>{prod_version ? `Prod runs ${versionName(prod_version)}.` : 'Not on prod.'}</span>
      {canEdit && newest && behind && (
        <button type="button" onClick={() => onMerge(newest)}>
          Merge {versionName(newest)} to prod…
        </button>
      )}
    </p>
  );
}
