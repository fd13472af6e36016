/** What the runner offers to other plugins of the workspace. */
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { PageElement } from '@ved/core/contract';
import type { RunListItem } from './execution.ts';
import type { RunFile } from './files.ts';

/** An action on a finished run: a button in its output, next to the error if it failed. */
export interface RunAction {
  readonly label: string;
  isOffered(run: RunListItem): boolean;
  /** A rejection is shown to the person. */
  execute(run: RunListItem): Promise<void>;
}

/** Another view of a file that a run left, in addition to ved's own. */
export interface RunFilePreview {
  /** The label of its button, such as `Chart`. */
  readonly label: string;
  accepts(file: RunFile): boolean;
  /** Draws the file into an empty element. The returned function is called when it is no longer shown; a rejection is shown to the person. */
  show(file: RunFile, host: PageElement, content: RunFileContent): Promise<() => void>;
}

export interface RunFileContent {
  /** The URL of the file, for elements that load it themselves. */
  readonly url: string;
  /** Rejects if it cannot be loaded. */
  text(): Promise<string>;
}

export interface Runs {
  /** Runs a script and shows its output panel. `content` runs unsaved text as a draft; `testData` replaces the script's own. Resolves with the run's id. */
  run(scriptId: number, options: { source: 'prod' | 'draft'; content?: string; testData?: string; versionId?: number }): Promise<number>;
  /** Shows the output panel of a run. */
  openRun(runId: number): Promise<void>;
  /** Shows the differences between two runs, side by side. */
  compareRuns(a: number, b: number): void;
  addAction(action: RunAction): void;
  addFilePreview(preview: RunFilePreview): void;
}
export const Runs = new Token<Runs>('@ved/runner:Runs', 'Starts runs and shows their output.');

export interface ActiveRuns {
  /** Every queued or running run. */
  readonly runs: readonly RunListItem[];
  readonly activeChanged: ISignal<ActiveRuns, void>;
  /** The newest running run of a script, else the newest queued one; null if there is none. */
  ofScript(scriptId: number): RunListItem | null;
}
export const ActiveRuns = new Token<ActiveRuns>('@ved/runner:ActiveRuns', 'The queued and running runs.');
