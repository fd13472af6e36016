/** The rows of the history: virtual, so that a thousand versions open as fast as ten. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ListedVersion, type ScriptSummary, type VersionInfo, versionName } from '@ved/catalog/contract';
import { RelativeTime } from '@ved/core/browser';
import { useRef } from 'react';
import type { HistoryPanelOptions } from './history-options.ts';
import { VersionFacts } from './version-facts.tsx';

/** Height of a row without a message, in CSS pixels; each row is measured once it is drawn. */
const ROW_PX = 56;
/** Rows beyond both edges, so that the Tab key finds the next one. */
const OVERSCAN = 6;

export interface HistoryRowsProps extends HistoryPanelOptions {
  readonly script: ScriptSummary | undefined;
  /** Ids of the selected versions. */
  readonly chosen: readonly number[];
  onToggle(versionId: number): void;
}

export function HistoryRows(props: HistoryRowsProps): JSX.Element {
  const { list, script, chosen } = props;
  const { versions } = list;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: versions.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => versions[index]!.id,
    overscan: OVERSCAN,
  });
  return (
    <div className="ved-History-list" ref={scroller}>
      <ol aria-label="Versions, newest first" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const version = versions[index]!;
          return (
            <VersionRow
              key={version.id}
              {...props}
              position={{ index, count: versions.length, top: start, measure: virtual.measureElement }}
              version={version}
              previous={versions[index + 1] ?? null}
              newest={index === 0}
              onProd={script?.prod_version?.id === version.id}
              prodExists={!!script?.prod_version}
              chosen={chosen.includes(version.id)}
              onToggle={() => props.onToggle(version.id)}
            />
          );
        })}
      </ol>
    </div>
  );
}

/** The position of a row in the list. */
interface RowPosition {
  readonly index: number;
  readonly count: number;
  /** In CSS pixels from the top of the list. */
  readonly top: number;
  readonly measure: (row: HTMLElement | null) => void;
}

interface VersionRowProps extends HistoryPanelOptions {
  readonly position: RowPosition;
  readonly version: ListedVersion;
  readonly previous: VersionInfo | null;
  readonly newest: boolean;
  readonly onProd: boolean;
  readonly prodExists: boolean;
  readonly chosen: boolean;
  onToggle(): void;
}

function VersionRow(props: VersionRowProps): JSX.Element {
  const { version, previous, newest, onProd, canEdit } = props;
  const name = versionName(version);
  return (
    <li
      className="ved-History-row"
      data-ved-version-id={version.id}
      // The virtual list reads it when it measures the row.
      data-index={props.position.index}
      ref={props.position.measure}
      style={{ transform: `translateY(${props.position.top}px)` }}
      aria-setsize={props.position.count}
      aria-posinset={props.position.index + 1}
    >
      <div className="ved-History-first">
        <input type="checkbox" aria-label={`Select ${name} to compare`} checked={props.chosen} onChange={props.onToggle} />
        <strong>{name}</strong>
        {onProd && <span className="ved-History-mark">on prod</span>}
        {newest && <span className="ved-History-mark">newest</span>}
        <span className="ved-History-when">
          {version.committer}, <RelativeTime time={version.created_at} />
        </span>
      </div>
      {version.message && <p className="ved-History-message">{version.message}</p>}
      <VersionFacts
        version={version}
        runs={props.runs?.of(version.id) ?? null}
        onOpenRun={props.onOpenRun}
        onOpenScript={props.onOpenScript}
      />
      <div className="ved-History-actions">
        <code title={`Commit ${version.git_commit_hash} on branch ${version.branch}`}>{version.git_commit_hash.slice(0, 8)}</code>
        <button type="button" onClick={() => props.onOpen(version)} aria-label={`Open ${name}`}>
          Open
        </button>
        {previous && (
          <button type="button" onClick={() => props.onCompare(previous, version)} aria-label={`Show changes in ${name}`}>
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
