/** What other plugins of the workspace may ask of the runner's panels. */
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { PageElement } from '@ved/core/contract';
import type { RunListItem } from './execution.ts';
import type { RunFile } from './files.ts';

/** Something to be done with a run that is over: a button in its output, beside the error of one that failed. */
export interface RunAction {
  readonly label: string;
  isOffered(run: RunListItem): boolean;
  /** What it rejects with is shown to the person. */
  execute(run: RunListItem): Promise<void>;
}

/** Another view of a file that a run left, beside ved's own. */
export interface RunFilePreview {
  /** On the button that shows it, such as `Chart`. */
  readonly label: string;
  accepts(file: RunFile): boolean;
  /** Draws the file into an element that is empty. What it returns is called once it is shown no more; what it rejects with is shown to the person. */
  show(file: RunFile, host: PageElement, content: RunFileContent): Promise<() => void>;
}

export interface RunFileContent {
  /** Where the file is, for what loads it by itself. */
  readonly url: string;
  /** Rejects when it cannot be had. */
  text(): Promise<string>;
}

export interface Runs {
  /** Runs a script and shows its output panel. `content` runs unsaved text as a draft; `testData` replaces the script's own. Resolves with the run's id. */
  run(scriptId: number, options: { source: 'prod' | 'draft'; content?: string; testData?: string; versionId?: number }): Promise<number>;
  /** Shows the output panel of a run. */
  openRun(runId: number): Promise<void>;
  /** Shows what differs between two runs, side by side. */
  compareRuns(a: number, b: number): void;
  addAction(action: RunAction): void;
  addFilePreview(preview: RunFilePreview): void;
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
