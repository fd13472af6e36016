/** Queued and running runs in the status bar; a click opens the Runs panel. Empty while nothing runs. */
import { ReactWidget, UseSignal } from '@jupyterlab/apputils';
import type { ActiveRuns } from '@ved/runner/contract';
import { activeWords, whoseRun } from './active-words.ts';

export class ActiveStatus extends ReactWidget {
  constructor(
    private readonly active: ActiveRuns,
    private readonly nameOf: (scriptId: number) => string,
    private readonly onClick: () => void,
  ) {
    super();
    this.addClass('ved-ActiveStatus');
  }

  protected override render(): JSX.Element {
    return <UseSignal signal={this.active.activeChanged}>{() => this.words()}</UseSignal>;
  }

  private words(): JSX.Element {
    const { runs } = this.active;
    if (runs.length === 0) return <span />;
    const title = runs.slice(0, 10).map((run) => `${this.nameOf(run.script_id)}: ${run.status}, ${whoseRun(run)}`);
    return (
      <button type="button" className="ved-StatusButton" title={title.join('\n')} onClick={this.onClick}>
        {activeWords(runs, this.nameOf)}
      </button>
    );
  }
}
