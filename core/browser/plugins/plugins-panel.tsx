/** Lists all plugins on one page: what each provides, why one is not running, and what an editor can do about it. */
import { ReactWidget } from '@jupyterlab/apputils';
import { type PluginState, pluginRoutes, pluginsChanged } from '@ved/core/contract';
import { useEffect, useState } from 'react';
import { createClient } from '../client/api-client.ts';
import { PanelError, PanelLoading } from '../parts/panel-message.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import type { LiveEvents } from '../tokens.ts';
import type { PluginProblem } from './foreign-plugins.ts';

const client = createClient(pluginRoutes);
const load = () => client.listPlugins();

export interface PluginsPanelOptions {
  readonly live: LiveEvents;
  readonly canEdit: boolean;
  /** Problems of plugins in this page. */
  readonly problems: readonly PluginProblem[];
}

/** The panel as a widget of the main area. */
export function createPluginsPanel(options: PluginsPanelOptions): ReactWidget {
  const panel = ReactWidget.create(<PluginsPage {...options} />);
  panel.id = 'ved-plugins';
  panel.addClass('ved-Settings');
  panel.title.label = 'Plugins';
  panel.title.closable = true;
  return panel;
}

function PluginsPage({ live, canEdit, problems }: PluginsPanelOptions): JSX.Element {
  const loaded = useLoaded(load);
  const { reload } = loaded;
  const [refusal, setRefusal] = useState<string | null>(null);
  useEffect(() => {
    const subscription = live.on(pluginsChanged, reload);
    return () => subscription.dispose();
  }, [live, reload]);
  if (loaded.state === 'loading') return <PanelLoading label="Loading the plugins" />;
  if (loaded.state === 'failed') return <PanelError what="The plugins could not be loaded." error={loaded.error} onRetry={reload} />;
  const act = (request: Promise<unknown>) =>
    request.then(
      () => setRefusal(null),
      (error: Error) => setRefusal(error.message),
    );
  return (
    <div className="ved-Settings-page">
      <h1>Plugins</h1>
      <p>
        Third-party plugins are folders in <code>plugins/</code> in the server's data folder.
      </p>
      {canEdit && (
        <button type="button" className="jp-mod-styled" onClick={() => void act(client.rescanPlugins())}>
          Look for plugins
        </button>
      )}
      {refusal && <p role="alert">{refusal}</p>}
      <ul className="ved-Plugins">
        {loaded.value.map((plugin, index) => (
          <PluginItem
            // biome-ignore lint/suspicious/noArrayIndexKey: two folders may claim one id
            key={`${plugin.id} ${index}`}
            plugin={plugin}
            problems={problems.filter(({ id }) => id === plugin.id || id.startsWith(`${plugin.id}:`))}
            canEdit={canEdit}
            onSet={(enabled) => {
              const params = { id: plugin.id };
              void act(enabled ? client.enablePlugin({ params }) : client.disablePlugin({ params }));
            }}
          />
        ))}
      </ul>
    </div>
  );
}

const WORDS: Record<PluginState['state'], string> = {
  started: '✓ Started',
  failed: '✗ Failed',
  disabled: '■ Disabled',
  stopped: '○ Stopped',
};

const ACTIONS: Record<PluginState['state'], string> = { started: 'Disable', failed: 'Try again', disabled: 'Enable', stopped: 'Start' };

interface PluginItemProps {
  readonly plugin: PluginState;
  readonly problems: readonly PluginProblem[];
  readonly canEdit: boolean;
  onSet(enabled: boolean): void;
}

function PluginItem({ plugin, problems, canEdit, onSet }: PluginItemProps): JSX.Element {
  const { id, name, version, source, state, required, error } = plugin;
  return (
    <li className={`ved-Plugins-item ved-mod-${state}`} data-ved-plugin={id}>
      <div className="ved-Plugins-head">
        <strong>{id}</strong>
        <span className="ved-Plugins-state">{WORDS[state]}</span>
        <span>
          {source === 'folder' ? `${name} ${version}`.trim() : `part of ved ${version}`}
          {required && ', needed'}
        </span>
        {canEdit && !required && (
          <button type="button" className="jp-mod-styled" aria-label={`${ACTIONS[state]} ${id}`} onClick={() => onSet(state !== 'started')}>
            {ACTIONS[state]}
          </button>
        )}
      </div>
      {error && <p className="ved-Plugins-error">{error}</p>}
      {problems.map(({ id: part, reason }) => (
        <p key={part + reason} className="ved-Plugins-error">
          In this page: {reason}
        </p>
      ))}
      <Brings plugin={plugin} />
    </li>
  );
}

function Brings({ plugin: { brings, browser, server } }: { readonly plugin: PluginState }): JSX.Element {
  const { routes, settings, tables } = brings;
  const counted = [
    [routes.length, 'route', routes],
    [tables.length, 'table', tables],
    [settings.length, 'setting', settings],
  ] as const;
  const words = counted.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`);
  const halves = [server && 'a server half', browser && 'a browser half'].filter(Boolean).join(' and ');
  const summary = `Has ${[halves, ...words].filter(Boolean).join(', ') || 'nothing that could be read'}.`;
  if (words.length === 0) return <p className="ved-Plugins-brings">{summary}</p>;
  return (
    <details className="ved-Plugins-brings">
      <summary>{summary}</summary>
      {counted.map(([count, word, all]) => count > 0 && <p key={word}>{all.join(', ')}</p>)}
    </details>
  );
}
