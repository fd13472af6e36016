/** One script in the list. */
import { type RowBadge, type ScriptSummary, type StatusWords, statusWords, versionName } from '@ved/catalog/contract';
import { RelativeTime } from '@ved/core/browser';
import { apartFromNewest, otherWords, prodWords } from './prod-state.ts';

export interface ScriptRowProps {
  readonly script: ScriptSummary;
  readonly selected: boolean;
  readonly open: boolean;
  readonly dirty: boolean;
  readonly position: number;
  readonly total: number;
  readonly draggable: boolean;
  /** Badges of other plugins. */
  readonly badges: readonly RowBadge[];
}

/** The id of a row's element, for `aria-activedescendant`. */
export function rowId(scriptId: number): string {
  return `ved-catalog-script-${scriptId}`;
}

function spoken({ script, dirty, badges }: ScriptRowProps): string {
  const lastRun = script.last_run_status ? `last run: ${statusWords(script.last_run_status).word}` : 'never run';
  return [
    script.ordering_number.toFixed(2),
    script.descriptive_name,
    `${versionName(script)} by ${script.committer}`,
    prodWords(script),
    ...apartFromNewest(script).map((other) => otherWords(other, script)),
    ...(replaceLastRun(badges) ? [] : [lastRun]),
    ...badges.map((badge) => badge.spoken),
    ...(dirty ? ['unsaved changes'] : []),
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
          <span className="ved-CatalogRow-dirty" title="Unsaved changes">
            ●
          </span>
        )}
        <OtherVersions script={script} />
      </div>
      <div className="ved-CatalogRow-second">
        <span className="ved-CatalogRow-version" title={`${versionName(script)} by ${script.committer}`}>
          {versionName(script)}
        </span>
        <span className={`ved-CatalogRow-prod ved-mod-${script.prod_state}`}>{prodWords(script)}</span>
        <span className="ved-CatalogRow-run">
          {props.badges.map((badge, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a badge is identified by its index only
            <AddedBadge key={index} badge={badge} index={index} />
          ))}
          {!replaceLastRun(props.badges) && <LastRun script={script} />}
        </span>
      </div>
    </div>
  );
}

function replaceLastRun(badges: readonly RowBadge[]): boolean {
  return badges.some((badge) => badge.replacesLastRun);
}

function LastRun({ script: { last_run_status: status, last_run_at: at } }: { readonly script: ScriptSummary }): JSX.Element {
  if (!status || !at) return <>never run</>;
  return (
    <>
      <Badge {...statusWords(status)} /> <RelativeTime time={at} />
    </>
  );
}

function Badge({ icon, word, tone }: StatusWords): JSX.Element {
  return (
    <span className={`ved-RowBadge ved-mod-${tone}`}>
      <span aria-hidden="true">{icon}</span> {word}
    </span>
  );
}

/** The action is not a button, because an option of a listbox must not contain one. */
function AddedBadge({ badge, index }: { readonly badge: RowBadge; readonly index: number }): JSX.Element {
  return (
    <span className="ved-CatalogRow-badge" title={badge.title}>
      <Badge {...badge} />
      {badge.action && (
        <span className="ved-CatalogRow-action" data-ved-badge={index} title={badge.action.title} aria-hidden="true">
          {badge.action.icon}
        </span>
      )}
    </span>
  );
}

/** Other editors' work that the newest version does not include: `eve v0.7`, and how many more. */
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
      {first.committer} {versionName(first)}
      {others.length > 1 && ` +${others.length - 1}`}
    </span>
  );
}
