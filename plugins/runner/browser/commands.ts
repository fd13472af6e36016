/** The runner's commands. Only a list: the behaviour is in `run-actions.ts` and `panels.ts`. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { fastForwardIcon, runIcon, stopIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Scripts } from '@ved/catalog/contract';
import { clickedId } from '@ved/core/browser';
import type { Editors } from '@ved/editor/contract';
import { type ActiveRuns, isFinal, type RunListItem } from '@ved/runner/contract';
import type { EngineModel } from './engines/engine-model.ts';
import { pickInterpreter } from './engines/pick-interpreter.tsx';
import type { RunnerPanels } from './panels.ts';
import { askForPass } from './passes/ask-for-pass.tsx';
import type { RunActions } from './run-actions.ts';
import { whoseRun } from './runs/active-words.ts';
import type { RunsPanel } from './runs/runs-panel.tsx';
import type { RunsTab } from './runs/runs-panel-state.ts';
import { markStoppable, type StopTarget, stopTarget } from './stop-target.ts';

export interface CommandParts {
  readonly app: JupyterFrontEnd;
  readonly scripts: Scripts;
  /** Null without the editor plugin. */
  readonly editors: Editors | null;
  readonly actions: RunActions;
  readonly engines: EngineModel;
  readonly active: ActiveRuns;
  readonly panels: RunnerPanels;
  readonly runsPanel: RunsPanel;
  readonly canRun: boolean;
}

/** In the Run menu and the palette, in this order. */
export const MENU_COMMANDS = [
  'runner:run-draft',
  'runner:run-with',
  'runner:run-prod',
  'runner:run-queue',
  'runner:run-queue-with',
  'runner:stop',
  'runner:again',
  'runner:show-output',
  'runner:show-runs',
  'runner:show-passes',
  'runner:open-last-pass',
];

export function addCommands({ app, scripts, editors, actions, engines, active, panels, runsPanel, canRun }: CommandParts): void {
  const { commands } = app;
  const current = () => editors?.current ?? null;
  const scriptOf = (args: ReadonlyPartialJSONObject) => scripts.of(args);
  /** What to stop: the run of the clicked row, of the given script, or of whatever has the focus. */
  const toStop = (args: ReadonlyPartialJSONObject): StopTarget | null => {
    const asTarget = (run: RunListItem | null | undefined) => (run ? { run } : null);
    if (args.inRuns === true) return asTarget(active.runs.find(({ id }) => id === clickedRun()));
    if (args.inCatalog === true || typeof args.scriptId === 'number') {
      const scriptId = scriptOf(args);
      return asTarget(scriptId === null ? null : active.ofScript(scriptId));
    }
    return stopTarget({ active, panels, scripts });
  };
  const stop = async (target: StopTarget | null): Promise<void> => {
    if (target && 'run' in target) await actions.cancelRun(target.run.id);
    else if (target) await actions.cancelPass(target.passId);
  };
  /** The run that turns an editor's Run button into Stop. Not one that is queued in a pass: that may take an hour. */
  const blocking = (args: ReadonlyPartialJSONObject) => {
    const scriptId = scriptOf(args);
    const run = canRun && scriptId !== null ? active.ofScript(scriptId) : null;
    return run && (run.status === 'running' || run.pass_id === null) ? run : null;
  };
  /** The run of the output panel last in use, when it has ended. */
  const ended = () => {
    const run = panels.currentOutput?.follower.run;
    return canRun && run && isFinal(run.status) ? run : null;
  };
  /** The run whose row the context menu was opened on. */
  const clickedRun = () => clickedId(app, 'vedRunId');

  commands.addCommand('runner:run-draft', {
    label: (args) => (args.toolbar ? 'Run draft' : 'Run Draft'),
    caption: 'Run what is in the editor, including unsaved changes (Ctrl+Enter)',
    icon: runIcon,
    isVisible: () => canRun && editors !== null,
    isEnabled: () => canRun && current() !== null,
    execute: async () => {
      const editor = current();
      if (editor) await actions.runDraft(editor);
    },
  });
  commands.addCommand('runner:run-with', {
    label: 'Run Draft With…',
    caption: 'Choose the interpreter for this run',
    isVisible: () => canRun && editors !== null && engines.interpreters.length > 1,
    isEnabled: () => canRun && current() !== null && engines.interpreters.length > 1,
    execute: async () => {
      const active = engines.engines?.engines.find((engine) => engine.active);
      const interpreter = active ? await pickInterpreter(active) : null;
      const editor = current();
      if (editor && interpreter !== null) await actions.runDraft(editor, interpreter);
    },
  });
  engines.changed.connect(() => commands.notifyCommandChanged('runner:run-with'));
  commands.addCommand('runner:run-prod', {
    label: 'Run on Prod',
    caption: 'Run the version that is on prod (Ctrl+Shift+Enter)',
    isVisible: () => canRun,
    isEnabled: (args) => canRun && (args.inCatalog === true || scriptOf(args) !== null),
    execute: async (args) => {
      const scriptId = scriptOf(args);
      if (scriptId !== null) await actions.runProd(scriptId);
    },
  });
  commands.addCommand('runner:run-queue', {
    label: (args) => (args.toolbar ? '' : 'Run the Queue'),
    caption: 'Run every script on prod, group by group',
    icon: fastForwardIcon,
    isVisible: () => canRun,
    isEnabled: () => canRun,
    execute: () => actions.runQueue(),
  });
  commands.addCommand('runner:run-queue-with', {
    label: 'Run the Queue With…',
    caption: 'Choose what happens after a failure and which test data the scripts get',
    isVisible: () => canRun,
    isEnabled: () => canRun,
    execute: async () => {
      const options = await askForPass();
      if (options) await actions.runQueue(options);
    },
  });
  commands.addCommand('runner:stop', {
    label: 'Stop the Run',
    icon: stopIcon,
    isVisible: () => canRun,
    caption:
      'Stop the run in focus: of the script in the editor, of the script selected in the catalog, of an output panel, or a whole pass',
    isEnabled: (args) => canRun && toStop(args) !== null,
    execute: (args) => stop(toStop(args)),
  });
  commands.addCommand('runner:run-or-stop', {
    label: (args) => (blocking(args) ? 'Stop' : 'Run draft'),
    caption: (args) => {
      const run = blocking(args);
      return run ? `Stop ${whoseRun(run)} (Ctrl+.)` : commands.caption('runner:run-draft');
    },
    icon: (args) => (blocking(args) ? stopIcon : runIcon),
    isVisible: () => canRun && editors !== null,
    isEnabled: () => canRun && current() !== null,
    execute: async (args) => {
      const run = blocking(args);
      if (run) await actions.cancelRun(run.id);
      else await commands.execute('runner:run-draft');
    },
  });
  if (canRun) {
    const mark = markStoppable(() => toStop({}));
    const update = () => {
      mark();
      for (const id of ['runner:stop', 'runner:run-or-stop']) commands.notifyCommandChanged(id);
    };
    active.activeChanged.connect(update);
    editors?.currentChanged.connect(update);
  }
  commands.addCommand('runner:show-output', {
    label: 'Show Output',
    caption: 'The newest run of the script in the editor',
    isEnabled: () => scriptOf({}) !== null,
    execute: async (args) => {
      const scriptId = scriptOf(args);
      if (scriptId === null) return;
      const open = panels.outputOf(scriptId);
      if (open) app.shell.activateById(open.id);
      else await actions.showNewest(scriptId);
    },
  });
  commands.addCommand('runner:show-runs', {
    label: 'Show Runs',
    caption: 'All runs, newest first',
    execute: () => showList('runs'),
  });
  commands.addCommand('runner:show-passes', {
    label: 'Show Passes',
    caption: 'Runs of the whole queue, newest first',
    execute: () => showList('passes'),
  });
  commands.addCommand('runner:open-last-pass', {
    label: 'Open Last Pass',
    caption: 'The newest run of the whole queue, by anyone',
    execute: () => actions.openLastPass(),
  });
  commands.addCommand('runner:open-run', {
    label: (args) => `Open Run ${String(args.runId ?? '')}`,
    isVisible: () => false,
    execute: async (args) => {
      if (typeof args.runId !== 'number') return;
      if (args.beside === true) await panels.openBeside(args.runId, false);
      else await panels.openRun(args.runId, { quietly: args.quietly === true, repeats: numberOrNull(args.repeats) });
    },
  });
  commands.addCommand('runner:open-beside', {
    label: 'Open to the Side',
    caption: 'Open in a separate panel, next to the one that shows the newest run',
    execute: async (args) => {
      const runId = numberOrNull(args.runId) ?? clickedRun();
      if (runId !== null) await actions.openBeside(runId);
    },
  });
  commands.addCommand('runner:compare-runs', {
    label: (args) => `Compare Runs ${String(args.a ?? '')} and ${String(args.b ?? '')}`,
    isVisible: () => false,
    execute: (args) => {
      if (typeof args.a === 'number' && typeof args.b === 'number') panels.compare(args.a, args.b);
    },
  });
  commands.addCommand('runner:again', {
    label: 'Run Again',
    caption: 'Run the same code with the same test data, and compare the results',
    isVisible: () => canRun,
    isEnabled: () => ended() !== null,
    execute: async () => {
      const run = ended();
      if (run) await actions.again(run.id);
    },
  });
  commands.addCommand('runner:open-pass', {
    label: (args) => `Open Pass ${String(args.passId ?? '')}`,
    isVisible: () => false,
    execute: (args) => {
      if (typeof args.passId === 'number')
        panels.openPass(args.passId, { isPinned: args.isPinned === true, quietly: args.restored === true });
    },
  });

  function showList(tab: RunsTab): void {
    runsPanel.choose(tab);
    app.shell.activateById(runsPanel.id);
  }
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) ? value : null;
}
