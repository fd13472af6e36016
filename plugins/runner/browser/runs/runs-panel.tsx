/** The Runs panel: runs or passes, newest first. */

import { ReactWidget, UseSignal } from '@jupyterlab/apputils';
import { runIcon } from '@jupyterlab/ui-components';
import type { PassList } from '../passes/pass-list.ts';
import { PassesView } from '../passes/passes-view.tsx';
import { type Tab, TabList } from '../tab-list.tsx';
import type { RunList } from './run-list.ts';
import type { RunsPanelState, RunsTab } from './runs-panel-state.ts';
import { RunsView, type RunsViewParts } from './runs-view.tsx';

export interface RunsPanelOptions extends RunsViewParts {
  readonly list: RunList;
  readonly passes: PassList;
  readonly state: RunsPanelState;
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
    const { state, list } = options;
    state.changed.connect(() => {
      if (list.filter !== state.filter) list.show(state.filter);
      if (this.isVisible) this.loadShown();
    });
  }

  /** Switches between runs and passes. */
  choose(tab: RunsTab): void {
    this.options.state.choose({ tab });
  }

  protected override onBeforeShow(): void {
    this.loadShown();
  }

  protected override onActivateRequest(): void {
    this.node.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
  }

  /** Loads the current tab; a tab that is never opened is never loaded. */
  private loadShown(): void {
    const { state, list, passes } = this.options;
    const shown = state.tab === 'runs' ? list : passes;
    if (!shown.loaded) shown.reload();
  }

  protected override render(): JSX.Element {
    const { state, list, passes, ...parts } = this.options;
    return (
      <UseSignal signal={state.changed}>
        {() => (
          <>
            {/* Keys, because a UseSignal keeps its first signal. */}
            <RunsTabs current={state.tab} onChange={(tab) => this.choose(tab)} />
            {state.tab === 'runs' ? (
              <UseSignal key="runs" signal={list.changed}>
                {() => <RunsView {...parts} list={list} onFilter={(filter) => state.choose({ filter })} />}
              </UseSignal>
            ) : (
              <UseSignal key="passes" signal={passes.changed}>
                {() => <PassesView list={passes} onOpenPass={parts.onOpenPass} />}
              </UseSignal>
            )}
          </>
        )}
      </UseSignal>
    );
  }
}

const TABS: readonly Tab<RunsTab>[] = [
  { id: 'runs', label: 'Runs', title: 'Every run of a script' },
  { id: 'passes', label: 'Passes', title: 'Runs of the whole queue' },
];

function RunsTabs({ current, onChange }: { readonly current: RunsTab; onChange(tab: RunsTab): void }): JSX.Element {
  return <TabList tabs={TABS} current={current} label="Runs or passes" onChange={onChange} />;
}
