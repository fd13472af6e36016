/** The Catalog panel: the filter, the queue, and the loading, error and empty states. */

import { ReactWidget, UseSignal } from '@jupyterlab/apputils';
import { CommandToolbarButtonComponent, LabIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { PanelError, PanelLoading, PanelMessage } from '@ved/core/browser';
import { useRef } from 'react';
import type { CatalogState } from './catalog-state.ts';
import type { Move } from './move-plan.ts';
import type { ScriptList } from './script-list.ts';
import { ScriptListbox } from './script-listbox.tsx';
import { useSearch } from './search.ts';
import type { WorkspaceScripts } from './workspace-scripts.ts';

export interface CatalogPanelOptions {
  readonly list: ScriptList;
  readonly state: CatalogState;
  readonly commands: CommandRegistry;
  readonly canEdit: boolean;
  readonly scripts: WorkspaceScripts;
  onMove(moves: readonly Move[]): void;
}

export class CatalogPanel extends ReactWidget {
  constructor(private readonly options: CatalogPanelOptions) {
    super();
    this.id = 'ved-catalog';
    this.addClass('ved-Catalog');
    this.title.icon = catalogIcon;
    this.title.caption = 'Catalog (Alt+1)';
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'Catalog');
  }

  protected override onActivateRequest(): void {
    (this.node.querySelector<HTMLElement>('.ved-Catalog-list') ?? this.node.querySelector<HTMLElement>('button'))?.focus();
  }

  /** Focuses the filter and selects its text. */
  focusFilter(): void {
    this.node.querySelector<HTMLInputElement>('.ved-Catalog-filter input')?.select();
  }

  protected override render(): JSX.Element {
    const { list, state, scripts } = this.options;
    return (
      <UseSignal signal={list.changed}>
        {() => (
          <UseSignal signal={state.changed}>
            {() => <UseSignal signal={scripts.changed}>{() => <CatalogView {...this.options} key="view" query={state.query} />}</UseSignal>}
          </UseSignal>
        )}
      </UseSignal>
    );
  }
}

function CatalogView(props: CatalogPanelOptions & { query: string }): JSX.Element {
  const { list, state, commands, canEdit, query } = props;
  const { scripts } = list;
  const filter = useRef<HTMLInputElement>(null);
  const shown = useSearch(scripts, query);
  return (
    <>
      <CatalogToolbar commands={commands} added={props.scripts.toolbarCommands} />
      {scripts.length > 0 && (
        <div className="ved-Catalog-filter">
          <input
            ref={filter}
            className="jp-mod-styled"
            type="search"
            placeholder="Filter by name, number, text…"
            aria-label="Filter scripts"
            spellCheck={false}
            value={query}
            onChange={(event) => state.search(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') state.search('');
              if (event.key === 'ArrowDown' || event.key === 'Enter') {
                const list = filter.current?.closest('.ved-Catalog')?.querySelector<HTMLElement>('.ved-Catalog-list');
                if (shown[0]) state.select(shown[0].id);
                list?.focus();
                event.preventDefault();
              }
            }}
          />
        </div>
      )}
      {list.error && <PanelError what="The scripts could not be loaded." error={list.error} onRetry={() => void list.refresh()} />}
      {!list.loaded && !list.error && <PanelLoading label="Loading the scripts" />}
      {list.loaded && scripts.length === 0 && <EmptyCatalog commands={commands} canEdit={canEdit} />}
      {scripts.length > 0 && shown.length === 0 && <PanelMessage title={`Nothing matches “${query}”.`} />}
      {shown.length > 0 && (
        <ScriptListbox
          shown={shown}
          all={scripts}
          state={state}
          canEdit={canEdit}
          badgesOf={(id) => props.scripts.badgesOf(id)}
          onShow={(id) => void commands.execute('catalog:open', { scriptId: id, keepFocus: true })}
          onOpen={(id) => void commands.execute('catalog:open', { scriptId: id })}
          onMove={props.onMove}
        />
      )}
    </>
  );
}

/** An ordered list. */
const catalogIcon = new LabIcon({
  name: 'ved:catalog',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><g class="jp-icon3" fill="#616161"><rect x="1" y="2.5" width="3" height="3" rx="1"/><rect x="6" y="3.25" width="9" height="1.5" rx=".75"/><rect x="1" y="6.5" width="3" height="3" rx="1"/><rect x="6" y="7.25" width="9" height="1.5" rx=".75"/><rect x="1" y="10.5" width="3" height="3" rx="1"/><rect x="6" y="11.25" width="9" height="1.5" rx=".75"/></g></svg>',
});

/** `added` are other plugins' commands. Commands that the user may not execute are hidden. */
function CatalogToolbar({ commands, added }: { commands: CommandRegistry; added: readonly string[] }): JSX.Element {
  return (
    <div className="ved-PanelHead" role="toolbar" aria-label="Catalog">
      <h2>Catalog</h2>
      {['catalog:new', ...added]
        .filter((id) => commands.isVisible(id))
        .map((id) => (
          <CommandToolbarButtonComponent key={id} commands={commands} id={id} label="" />
        ))}
    </div>
  );
}

function EmptyCatalog({ commands, canEdit }: { commands: CommandRegistry; canEdit: boolean }): JSX.Element {
  return (
    <div className="ved-CatalogEmpty">
      <p>
        <strong>No scripts yet.</strong>
      </p>
      <p>Each script has a number, such as 3.02. The queue runs in number order.</p>
      <p>Scripts with the same integer part form a group and run in parallel.</p>
      <p>Each group waits for the previous one to finish.</p>
      {canEdit ? (
        <div className="ved-CatalogEmpty-actions">
          {commands.isVisible('catalog:new') && (
            <button type="button" className="jp-mod-styled jp-mod-accept" onClick={() => void commands.execute('catalog:new')}>
              New script
            </button>
          )}
          <button type="button" className="jp-mod-styled" onClick={() => void commands.execute('catalog:load-samples')}>
            Load samples
          </button>
          <button type="button" className="jp-mod-styled" onClick={() => void commands.execute('catalog:import')}>
            Import…
          </button>
          <button type="button" className="jp-mod-styled" onClick={() => void commands.execute('catalog:deleted')}>
            Deleted scripts…
          </button>
        </div>
      ) : (
        <p>An editor can add the first one.</p>
      )}
    </div>
  );
}
