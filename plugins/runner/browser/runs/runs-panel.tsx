/** The runs panel: what ran, newest first, run by run or pass by pass. */
import { ReactWidget, UseSignal } from '@jupyterlab/apputils';
import { runIcon } from '@jupyterlab/ui-components';
import type { PassList } from '../passes/pass-list.ts';
import { PassesView } from '../passes/passes-view.tsx';
import type { RunList } from './run-list.ts';
import type { RunsPanelState, RunsTab } from './runs-panel-state.ts';
import { RunsTabs } from './runs-tabs.tsx';
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
      if (this.isVisible) this.#loadShown();
    });
  }

  /** The runs or the passes from now on. */
  choose(tab: RunsTab): void {
    this.options.state.choose({ tab });
  }

  protected override onBeforeShow(): void {
    this.#loadShown();
  }

  protected override onActivateRequest(): void {
    this.node.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
  }

  /** What was never looked at is not asked for. */
  #loadShown(): void {
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
            {/* A key each: a UseSignal stays with the signal that it began with. */}
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
