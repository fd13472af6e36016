/** All settings on one page: the shortcuts, and a section for each schema with a title. */
import { ReactWidget } from '@jupyterlab/apputils';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { CommandRegistry } from '@lumino/commands';
import { useCallback, useLayoutEffect, useReducer } from 'react';
import type { SettingsSchema } from '../app/ved-plugin.ts';
import { PanelError, PanelLoading } from '../parts/panel-message.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { isEditable, SettingField } from './setting-field.tsx';
import type { Offered, Shortcut } from './shortcut-changes.ts';
import { ShortcutTable } from './shortcut-table.tsx';
import { shortcutsSettingId } from './shortcuts-schema.ts';

export interface SettingsPanelOptions {
  readonly registry: ISettingRegistry;
  readonly schemas: ReadonlyMap<string, SettingsSchema>;
  readonly commands: CommandRegistry;
  /** The commands in the palette now. */
  readonly offered: () => readonly Offered[];
}

/** The panel as a widget of the main area. */
export function createSettingsPanel(options: SettingsPanelOptions): ReactWidget {
  const panel = ReactWidget.create(<SettingsPage {...options} />);
  panel.id = 'ved-settings';
  panel.addClass('ved-Settings');
  panel.title.label = 'Settings';
  panel.title.closable = true;
  return panel;
}

function SettingsPage({ registry, schemas, commands, offered }: SettingsPanelOptions) {
  const load = useCallback(() => Promise.all([...schemas.keys()].map((id) => registry.load(id))), [registry, schemas]);
  const loaded = useLoaded(load);
  if (loaded.state === 'loading') return <PanelLoading label="Loading the settings" />;
  if (loaded.state === 'failed')
    return <PanelError what="The settings could not be loaded." error={loaded.error} onRetry={loaded.reload} />;
  const defaults = [...schemas.values()].flatMap((schema) => schema['jupyter.lab.shortcuts'] ?? []);
  return (
    <div className="ved-Settings-page">
      <h1>Settings</h1>
      {loaded.value.map((settings) => (
        <Section key={settings.id} settings={settings} commands={commands} shortcuts={defaults} offered={offered} />
      ))}
    </div>
  );
}

interface SectionProps {
  readonly settings: ISettingRegistry.ISettings;
  readonly commands: CommandRegistry;
  readonly shortcuts: readonly Shortcut[];
  readonly offered: () => readonly Offered[];
}

function Section({ settings, commands, shortcuts, offered }: SectionProps) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  // A layout effect, since an ordinary one would miss a change between rendering and the effect.
  useLayoutEffect(() => {
    settings.changed.connect(redraw);
    return () => void settings.changed.disconnect(redraw);
  }, [settings]);
  if (settings.id === shortcutsSettingId) {
    return (
      <section>
        <h2>{settings.schema.title}</h2>
        <ShortcutTable commands={commands} defaults={shortcuts} offered={offered()} settings={settings} />
      </section>
    );
  }
  const fields = Object.entries(settings.schema.properties ?? {}).filter(([, schema]) => isEditable(schema));
  if (!settings.schema.title || fields.length === 0) return null;
  return (
    <section>
      <h2>{settings.schema.title}</h2>
      {fields.map(([name, schema]) => (
        <SettingField
          key={name}
          name={name}
          schema={schema}
          value={settings.composite[name]}
          onChange={(value) => void settings.set(name, value)}
        />
      ))}
    </section>
  );
}
