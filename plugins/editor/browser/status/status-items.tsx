/** The editor's status bar items: the language service, the problems, the last save. */

import { ReactWidget } from '@jupyterlab/ui-components';
import { versionName } from '@ved/catalog/contract';
import { clockTime } from '../documents/words.ts';
import type { LanguageService, LanguageServiceState } from '../language/language-service.ts';
import type { ProblemList } from '../problems/problem-list.ts';
import type { ScriptTabs } from '../tabs/script-tabs.ts';

const stateWords: Readonly<Record<LanguageServiceState, string>> = {
  idle: 'waiting',
  loading: 'starting…',
  ready: 'ready',
  failed: 'stopped',
  off: 'off',
};

/** `Pyright ready`; clicking a failed one restarts it. */
export class LanguageStatus extends ReactWidget {
  constructor(private readonly service: LanguageService) {
    super();
    service.statusChanged.connect(() => this.update());
  }

  protected override render() {
    const { name, status } = this.service;
    this.node.dataset.vedLanguageState = status.state;
    const text = `${name} ${stateWords[status.state]}`;
    const title = status.detail ? `${name} ${status.detail}` : `${name} checks the open scripts in this browser.`;
    if (status.state !== 'failed') return <StatusText text={text} title={title} />;
    return <StatusButton text={`${text} · restart`} title={title} onClick={() => this.service.restart()} />;
  }
}

/** `0 ✗ 2 ⚠`; a click shows the Problems panel. */
export class ProblemsStatus extends ReactWidget {
  constructor(
    private readonly list: ProblemList,
    private readonly showPanel: () => void,
  ) {
    super();
    list.changed.connect(() => this.update());
  }

  protected override render() {
    const errors = this.list.count('error');
    const warnings = this.list.count('warning');
    const title = `${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'} in the open scripts. Click to show them.`;
    return <StatusButton text={`${errors} ✗  ${warnings} ⚠`} title={title} onClick={this.showPanel} />;
  }
}

/** `saved v0.5 10:02`, of the current script; `eve saved v0.6 10:05` once that is somebody else's. */
export class SavedStatus extends ReactWidget {
  constructor(
    private readonly tabs: ScriptTabs,
    private readonly username: string,
  ) {
    super();
    tabs.currentChanged.connect(() => this.update());
    tabs.scriptOpened.connect((_, tab) => tab.script!.document.changed.connect(() => this.update()));
  }

  protected override render() {
    const document = this.tabs.current?.document;
    if (document?.saving) return <StatusText text="saving…" title="The script is being saved" />;
    // Somebody's version is the newest, whether it is shown or conflicts with what was typed here.
    const newest = document?.newer?.version ?? document?.version;
    if (newest && newest.committer !== this.username && (document?.savedAt || document?.overtaken || document?.newer)) {
      const at = new Date(newest.created_at);
      return <StatusText text={`${newest.committer} saved ${versionName(newest)} ${clockTime(at)}`} title={at.toLocaleString()} />;
    }
    if (!document?.savedAt || !document.version) return null;
    return (
      <StatusText
        text={`saved ${versionName(document.version)} ${clockTime(document.savedAt)}`}
        title={document.savedAt.toLocaleString()}
      />
    );
  }
}

function StatusText({ text, title }: { text: string; title: string }) {
  return (
    <span className="ved-StatusText" title={title}>
      {text}
    </span>
  );
}

function StatusButton({ text, title, onClick }: { text: string; title: string; onClick: () => void }) {
  return (
    <button type="button" className="ved-StatusText ved-StatusButton" title={title} aria-label={title} onClick={onClick}>
      {text}
    </button>
  );
}
