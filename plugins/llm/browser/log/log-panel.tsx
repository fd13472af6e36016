/** The log: all questions that people asked the assistant, newest first, in pages. */
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

  /** Expands one question, and lists those before it. */
  showInteraction(id: number): void {
    this.wanted = id;
    this.update();
  }

  protected override render(): JSX.Element {
    return <LogView key={this.wanted} {...this.options} wanted={this.wanted} />;
  }
}

interface LogViewProps extends LogPanelOptions {
  /** The first interaction to show; null for the newest. */
  readonly wanted: number | null;
}

function LogView({ catalog, events, wanted }: LogViewProps): JSX.Element {
  useSignal(catalog.changed);
  const log = useLog(events, wanted);
  // Names come from the catalog and ids from the log, so renamed scripts show their current name.
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
      <nav className="ved-AssistantLog-pages" aria-label="Log pages">
        {log.newer && <PanelAction onClick={log.newer}>Newer</PanelAction>}
        {log.older && <PanelAction onClick={log.older}>Older</PanelAction>}
      </nav>
    </>
  );
}

function EmptyLog({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }): JSX.Element {
  if (filtered) return <PanelMessage title="No matching questions" actions={<PanelAction onClick={onClear}>Show all</PanelAction>} />;
  return <PanelMessage title="No questions yet">All questions to the assistant appear here, with answers and costs.</PanelMessage>;
}
