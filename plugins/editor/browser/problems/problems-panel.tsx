/** The Problems panel: by script, each with its severity, its rule and a link to its line. */
import { ReactWidget } from '@jupyterlab/ui-components';
import { PanelAction, PanelMessage } from '@ved/core/browser';
import { problemsIcon } from '../icons.ts';
import type { LanguageService } from '../language/language-service.ts';
import type { ScriptTabs } from '../tabs/script-tabs.ts';
import type { Problem, Severity } from './problem.ts';
import type { ProblemList, ScriptProblems } from './problem-list.ts';

/** Never colour alone: a symbol and a word. */
const signs: Readonly<Record<Severity, { sign: string; word: string }>> = {
  error: { sign: '✗', word: 'Error' },
  warning: { sign: '⚠', word: 'Warning' },
  info: { sign: 'ℹ', word: 'Info' },
};

export class ProblemsPanel extends ReactWidget {
  constructor(
    private readonly list: ProblemList,
    private readonly tabs: ScriptTabs,
    private readonly service: LanguageService,
    private readonly allowService: () => void,
  ) {
    super();
    this.id = 'ved-problems';
    this.addClass('ved-ProblemsPanel');
    this.title.icon = problemsIcon;
    this.title.closable = false;
    list.changed.connect(() => this.refresh());
    tabs.scriptOpened.connect((_, tab) => {
      tab.script!.document.changed.connect(() => this.update());
      tab.disposed.connect(() => this.refresh());
    });
    service.statusChanged.connect(() => this.update());
    this.refresh();
  }

  private refresh(): void {
    const count = this.list.count('error') + this.list.count('warning') + this.list.count('info');
    this.title.label = count > 0 ? `Problems ${count}` : 'Problems';
    this.title.caption = 'Problems in the open scripts';
    this.update();
  }

  protected override render() {
    const scripts = this.list.byScript(this.tabs.all);
    const { state } = this.service.status;
    if (state === 'failed') return <ServiceFailed service={this.service} />;
    if (state === 'off' && scripts.length === 0) return <ServiceOff service={this.service} onAllow={this.allowService} />;
    if (scripts.length === 0) return <NoProblems hasScripts={this.tabs.all.length > 0} service={this.service} />;
    return scripts.map((one) => <ScriptSection key={one.script.document.key} {...one} onOpen={(problem) => this.reveal(one, problem)} />);
  }

  private reveal({ script }: ScriptProblems, problem: Problem): void {
    const tab = this.tabs.tabs.find((one) => one.script === script);
    if (!tab) return;
    this.tabs.activate(tab);
    script.view.revealLine(problem.line, problem.column);
  }
}

function ScriptSection({ script, problems, onOpen }: ScriptProblems & { onOpen: (problem: Problem) => void }) {
  return (
    <section className="ved-Problems-script">
      <h3>
        {script.title} <span className="ved-Problems-count">{problems.length}</span>
      </h3>
      <ul>
        {problems.map((problem) => (
          <li key={`${problem.line}:${problem.column}:${problem.rule}:${problem.message}`}>
            <button type="button" data-ved-severity={problem.severity} onClick={() => onOpen(problem)}>
              <span className="ved-Problems-severity">
                {signs[problem.severity].sign} {signs[problem.severity].word}
              </span>
              <span className="ved-Problems-message">{problem.message}</span>
              {problem.rule && <span className="ved-Problems-rule">{problem.rule}</span>}
              <span className="ved-Problems-place">
                line {problem.line}, column {problem.column}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function NoProblems({ hasScripts, service }: { hasScripts: boolean; service: LanguageService }) {
  if (!hasScripts) return <PanelMessage title="No script is open">Problems in open scripts are listed here as you type.</PanelMessage>;
  if (service.status.state !== 'ready')
    return <PanelMessage title={`${service.name} is starting`}>Type checking starts in a moment.</PanelMessage>;
  return <PanelMessage title="No problems">{service.name} found no problems in the open scripts.</PanelMessage>;
}

function ServiceFailed({ service }: { service: LanguageService }) {
  return (
    <PanelMessage
      title={`${service.name} stopped`}
      actions={
        <PanelAction onClick={() => service.restart()} primary>
          Restart
        </PanelAction>
      }
    >
      You can edit and save scripts, but they are not checked. Reason: {service.status.detail}
    </PanelMessage>
  );
}

function ServiceOff({ service, onAllow }: { service: LanguageService; onAllow: () => void }) {
  return (
    <PanelMessage title={`${service.name} is off`} actions={<PanelAction onClick={onAllow}>Turn on</PanelAction>}>
      “Check types” is off in the settings. You can edit and run scripts as usual, but they are not checked.
    </PanelMessage>
  );
}
