/** The problems of the open scripts, kept up to date once the editor is loaded. */
import { Signal } from '@lumino/signaling';
import type { MonacoParts } from '../monaco-loader.ts';
import type { OpenScript } from '../tabs/open-script.ts';
import type { Problem, Severity } from './problem.ts';

export interface ScriptProblems {
  readonly script: OpenScript;
  /** In order of position. */
  readonly problems: readonly Problem[];
}

export class ProblemList {
  private problems: readonly Problem[] = [];
  private readonly changedSignal = new Signal<this, void>(this);

  get changed() {
    return this.changedSignal;
  }

  follow({ watchMarkers }: MonacoParts): void {
    watchMarkers((problems) => {
      this.problems = problems;
      this.changedSignal.emit();
    });
  }

  count(severity: Severity): number {
    return this.problems.filter((problem) => problem.severity === severity).length;
  }

  /** The problems of these scripts, in their order; scripts without problems are left out. */
  byScript(scripts: readonly OpenScript[]): ScriptProblems[] {
    return scripts
      .map((script) => ({ script, problems: this.problems.filter(({ key }) => key === script.document.key).sort(byPlace) }))
      .filter(({ problems }) => problems.length > 0);
  }
}

function byPlace(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column;
}
