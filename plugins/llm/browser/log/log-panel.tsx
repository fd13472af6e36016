/** The log: every question put to the assistant, by everybody, newest first, a page at a time. */
import { ReactWidget } from '@jupyterlab/apputils';
import type { Message } from '@lumino/messaging';
import { type Catalog, scriptName } from '@ved/catalog/contract';
import { type LiveEvents, PanelAction, PanelError, PanelLoading, PanelMessage } from '@ved/core/browser';
import { useEffect } from 'react';
import { useSignal } from '../chat/use-signal.ts';
import { logIcon } from '../icons.ts';
import { LogFilters } from './log-filters.tsx';
import { LogTable } from './log-table.tsx';
import { useLog } from './use-log.ts';

export interface LogPanelOptions {
  readonly catalog: Catalog;
  readonly events: LiveEvents;
}

export class LogPanel extends ReactWidget {
  private wanted: number | null = null;

  constructor(private readonly options: LogPanelOptions) {
    super();
    this.id = 'ved-assistant-log';
    this.addClass('ved-AssistantLog');
    this.title.label = 'Assistant log';
    this.title.icon = logIcon;
    this.title.closable = true;
  }

  protected override onCloseRequest(message: Message): void {
    super.onCloseRequest(message);
    this.dispose();
  }

  protected override onActivateRequest(): void {
    this.node.querySelector<HTMLElement>('select')?.focus();
  }

  /** Shows one question, opened, with those before it. */
  showInteraction(id: number): void {
    this.wanted = id;
    this.update();
  }

  protected override render(): JSX.Element {
    return <LogView key={this.wanted} {...this.options} wanted={this.wanted} />;
  }
}

interface LogViewProps extends LogPanelOptions {
  /** The interaction to begin with; null for the newest. */
  readonly wanted: number | null;
}

function LogView({ catalog, events, wanted }: LogViewProps): JSX.Element {
  useSignal(catalog.changed);
  const log = useLog(events, wanted);
  // A script that is called otherwise now is shown so: names come from the catalog, numbers from the log.
  const nameOf = (scriptId: number) => {
    const script = catalog.find(scriptId);
    return script ? scriptName(script) : `#${scriptId}`;
  };
  useEffect(() => void catalog.ready, [catalog]);
  return (
    <>
      <LogFilters catalog={catalog} filter={log.filter} onChange={log.setFilter} />
      <div className="ved-AssistantLog-body">
        {log.page.state === 'loading' && <PanelLoading label="Loading the log" lines={10} />}
        {log.page.state === 'failed' && <PanelError what="The log could not be loaded." error={log.page.error} onRetry={log.page.reload} />}
        {log.page.state === 'ready' && log.page.value.length === 0 && <EmptyLog filtered={log.isFiltered} onClear={log.clearFilter} />}
        {log.page.state === 'ready' && log.page.value.length > 0 && (
          <LogTable interactions={log.page.value} nameOf={nameOf} opened={wanted} />
        )}
      </div>
      <nav className="ved-AssistantLog-pages" aria-label="Pages of the log">
        {log.newer && <PanelAction onClick={log.newer}>Newer</PanelAction>}
        {log.older && <PanelAction onClick={log.older}>Older</PanelAction>}
      </nav>
    </>
  );
}

function EmptyLog({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }): JSX.Element {
  if (filtered)
    return <PanelMessage title="Nothing was asked that matches." actions={<PanelAction onClick={onClear}>Show all</PanelAction>} />;
  return (
    <PanelMessage title="Nothing was asked yet.">Every question to the assistant appears here, with its answer and its cost.</PanelMessage>
  );
}
