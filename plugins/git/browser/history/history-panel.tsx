/** The history panel: the versions of the script in the editor; two of them compared, one opened or brought back. */
import { ReactWidget, UseSignal } from '@jupyterlab/apputils';
import { historyIcon } from '@jupyterlab/ui-components';
import type { Catalog, VersionInfo } from '@ved/catalog/contract';
import { PanelError, PanelLoading, PanelMessage, RelativeTime } from '@ved/core/browser';
import { useState } from 'react';
import type { VersionList } from './version-list.ts';

export interface HistoryPanelOptions {
  readonly list: VersionList;
  readonly catalog: Catalog;
  readonly canEdit: boolean;
  onOpen(version: VersionInfo): void;
  onCompare(older: VersionInfo, newer: VersionInfo): void;
  onCompareWithProd(version: VersionInfo): void;
  onRevert(version: VersionInfo): void;
}

/** `v0.4` */
export function label(version: { major: number; minor: number }): string {
  return `v${version.major}.${version.minor}`;
}

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
    return (
      <UseSignal signal={this.options.list.changed}>{() => <HistoryView key={this.options.list.scriptId} {...this.options} />}</UseSignal>
    );
  }
}

function HistoryView(props: HistoryPanelOptions): JSX.Element {
  const { list, catalog } = props;
  const [chosen, setChosen] = useState<readonly number[]>([]);
  if (list.scriptId === null) return <PanelMessage title="No script is open.">Open one from the catalog to see its versions.</PanelMessage>;
  const script = catalog.find(list.scriptId);
  const pair = list.versions.filter((version) => chosen.includes(version.id));
  const toggle = (id: number) => setChosen((ids) => (ids.includes(id) ? ids.filter((each) => each !== id) : [...ids.slice(-1), id]));
  return (
    <>
      <div className="ved-Catalog-head">
        <h2>History</h2>
        <button
          type="button"
          className="ved-RunHeader-button"
          disabled={pair.length !== 2}
          title={pair.length === 2 ? 'Show the two side by side' : 'Tick two versions to compare them'}
          onClick={() => props.onCompare(pair[1]!, pair[0]!)}
        >
          Compare {pair.length === 2 ? `${label(pair[1]!)} and ${label(pair[0]!)}` : 'two'}
        </button>
      </div>
      {script && (
        <p className="ved-History-script">
          {script.ordering_number.toFixed(2)} {script.descriptive_name}
        </p>
      )}
      {list.error && <PanelError what="The versions could not be loaded." error={list.error} onRetry={() => list.reload()} />}
      {!list.loaded && !list.error && <PanelLoading label="Loading the versions" />}
      <ol className="ved-History-list" aria-label="Versions, newest first">
        {list.versions.map((version, index) => (
          <VersionRow
            key={version.id}
            {...props}
            version={version}
            previous={list.versions[index + 1] ?? null}
            newest={index === 0}
            onProd={script?.prod_version?.id === version.id}
            prodExists={!!script?.prod_version}
            chosen={chosen.includes(version.id)}
            onToggle={() => toggle(version.id)}
          />
        ))}
      </ol>
    </>
  );
}

interface VersionRowProps extends HistoryPanelOptions {
  readonly version: VersionInfo;
  readonly previous: VersionInfo | null;
  readonly newest: boolean;
  readonly onProd: boolean;
  readonly prodExists: boolean;
  readonly chosen: boolean;
  onToggle(): void;
}

function VersionRow(props: VersionRowProps): JSX.Element {
  const { version, previous, newest, onProd, canEdit } = props;
  const name = label(version);
  return (
    <li className="ved-History-row" data-ved-version-id={version.id}>
      <div className="ved-History-first">
        <input type="checkbox" aria-label={`Choose ${name} to compare`} checked={props.chosen} onChange={props.onToggle} />
        <strong>{name}</strong>
        {onProd && <span className="ved-History-mark">on prod</span>}
        {newest && <span className="ved-History-mark">newest</span>}
        <span className="ved-History-when">
          {version.committer}, <RelativeTime time={version.created_at} />
        </span>
      </div>
      {version.message && <p className="ved-History-message">{version.message}</p>}
      <div className="ved-History-actions">
        <code title={`Commit ${version.git_commit_hash} on branch ${version.branch}`}>{version.git_commit_hash.slice(0, 8)}</code>
        <button type="button" onClick={() => props.onOpen(version)} aria-label={`Open ${name}`}>
          Open
        </button>
        {previous && (
          <button type="button" onClick={() => props.onCompare(previous, version)} aria-label={`What changed in ${name}`}>
            Changes
          </button>
        )}
        {props.prodExists && !onProd && (
          <button type="button" onClick={() => props.onCompareWithProd(version)} aria-label={`Compare ${name} with prod`}>
            With prod
          </button>
        )}
        {canEdit && !newest && (
          <button type="button" onClick={() => props.onRevert(version)} aria-label={`Revert to ${name}`}>
            Revert to this
          </button>
        )}
      </div>
    </li>
  );
}
