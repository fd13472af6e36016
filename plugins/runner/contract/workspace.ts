/** What other plugins of the workspace may ask of the runner's panels. */
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { RunListItem } from './execution.ts';

/** Something to be done with a run that is over: a button in its output, beside the error of one that failed. */
export interface RunAction {
  readonly label: string;
  isOffered(run: RunListItem): boolean;
  /** What it rejects with is shown to the person. */
  execute(run: RunListItem): Promise<void>;
}

export interface Runs {
  /** Runs a script and shows its output panel. `content` runs unsaved text as a draft; `testData` replaces the script's own. Resolves with the run's id. */
  run(scriptId: number, options: { source: 'prod' | 'draft'; content?: string; testData?: string; versionId?: number }): Promise<number>;
  /** Shows the output panel of a run. */
  openRun(runId: number): Promise<void>;
  /** Shows what differs between two runs, side by side. */
  compareRuns(a: number, b: number): void;
  addAction(action: RunAction): void;
}
export const Runs = new Token<Runs>('@ved/runner:Runs', 'Starts runs and shows their output.');

export interface ActiveRuns {
  /** Every run that waits or goes on. */
  readonly runs: readonly RunListItem[];
  readonly activeChanged: ISignal<ActiveRuns, void>;
  /** The run of a script that goes on, else the one that waits, of several the newest; null when there is none. */
  ofScript(scriptId: number): RunListItem | null;
}
export const ActiveRuns = new Token<ActiveRuns>('@ved/runner:ActiveRuns', 'The runs that wait or go on.');
