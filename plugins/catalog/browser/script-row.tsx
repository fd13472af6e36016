/** One script in the list. */
import type { ScriptSummary } from '@ved/catalog/contract';
import { RelativeTime } from '@ved/core/browser';
import { type RunListItem, statusWords } from '@ved/runner/contract';
import { apartFromNewest, otherWords, prodWords, versionLabel } from './prod-state.ts';
import { RunBadge } from './run-badge.tsx';

export interface ScriptRowProps {
  readonly script: ScriptSummary;
  readonly selected: boolean;
  readonly open: boolean;
  readonly dirty: boolean;
  readonly position: number;
  readonly total: number;
  readonly draggable: boolean;
  /** The run that goes on, or waits; null when there is none. */
  readonly run: RunListItem | null;
  readonly canStop: boolean;
}

/** The id of a row's element, for `aria-activedescendant`. */
export function rowId(scriptId: number): string {
  return `ved-catalog-script-${scriptId}`;
}

function spoken({ script, dirty, run: active }: ScriptRowProps): string {
  const run = active
    ? `${active.status}, ${whose(active)}`
    : script.last_run_status
      ? `last run: ${statusWords(script.last_run_status).word}`
      : 'never run';
  return [
    script.ordering_number.toFixed(2),
    script.descriptive_name,
    `${versionLabel(script)} by ${script.committer}`,
    prodWords(script),
    ...apartFromNewest(script).map((other) => otherWords(other, script)),
    run,
    ...(dirty ? ['changed, not saved'] : []),
  ].join(', ');
}

export function ScriptRow(props: ScriptRowProps): JSX.Element {
  const { script, selected, open, dirty } = props;
  return (
    <div
      id={rowId(script.id)}
      className={`ved-CatalogRow${selected ? ' ved-mod-selected' : ''}${open ? ' ved-mod-open' : ''}`}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-label={spoken(props)}
      aria-setsize={props.total}
      aria-posinset={props.position + 1}
      data-ved-script-id={script.id}
      draggable={props.draggable}
    >
      <div className="ved-CatalogRow-first">
        <span className="ved-CatalogRow-number">{script.ordering_number.toFixed(2)}</span>
        <span className="ved-CatalogRow-name">{script.descriptive_name}</span>
        {dirty && (
          <span className="ved-CatalogRow-dirty" title="Changed, not saved">
            ●
          </span>
        )}
        <OtherVersions script={script} />
      </div>
      <div className="ved-CatalogRow-second">
        <span className="ved-CatalogRow-version" title={`${versionLabel(script)} by ${script.committer}`}>
          {versionLabel(script)}
        </span>
        <span className={`ved-CatalogRow-prod ved-mod-${script.prod_state}`}>{prodWords(script)}</span>
        <span className="ved-CatalogRow-run">
          {props.run ? (
            <ActiveRun run={props.run} canStop={props.canStop} />
          ) : script.last_run_status && script.last_run_at ? (
            <>
              <RunBadge status={script.last_run_status} /> <RelativeTime time={script.last_run_at} />
            </>
          ) : (
            'never run'
          )}
        </span>
      </div>
    </div>
  );
}

function whose({ id, started_by, pass_id }: RunListItem): string {
  return `run ${id} of ${started_by}${pass_id === null ? '' : ` in pass ${pass_id}`}`;
}

/** Not a button, which may not stand in a row of a listbox: by keyboard the row's menu and Ctrl+. stop it. */
function ActiveRun({ run, canStop }: { readonly run: RunListItem; readonly canStop: boolean }): JSX.Element {
  return (
    <span className="ved-CatalogRow-active" title={`${statusWords(run.status).word}: ${whose(run)}`}>
      <RunBadge status={run.status} />
      {run.pass_id !== null && ` in pass ${run.pass_id}`}
      {canStop && (
        <span className="ved-CatalogRow-stop" data-ved-stop="" title={`Stop ${whose(run)} (Ctrl+.)`} aria-hidden="true">
          ■
        </span>
      )}
    </span>
  );
}

/** What other editors have that the newest version lacks: `eve v0.7`, and how many more. */
function OtherVersions({ script }: { readonly script: ScriptSummary }): JSX.Element | null {
  const others = apartFromNewest(script);
  const [first] = others;
  if (!first) return null;
  const conflict = others.some(({ state }) => state === 'conflict');
  return (
    <span
      className={`ved-CatalogRow-others${conflict ? ' ved-mod-conflict' : ''}`}
      title={others.map((other) => otherWords(other, script)).join('\n')}
    >
      {first.committer} {versionLabel(first)}
      {others.length > 1 && ` +${others.length - 1}`}
    </span>
  );
}
