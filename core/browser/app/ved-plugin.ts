/** What a plugin of the workspace is: JupyterLab's plugin value, with its settings beside it. */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';

/** The schema of a plugin's settings, as JupyterLab reads it: titles, defaults, `jupyter.lab.shortcuts`. */
export type SettingsSchema = ISettingRegistry.ISchema;

// biome-ignore lint/suspicious/noExplicitAny: a list holds plugins that provide different things
export type VedPlugin<T = any> = JupyterFrontEndPlugin<T> & {
  /** Settings under the plugin's own id; shown in Settings when it has a title. */
  readonly settingsSchema?: SettingsSchema;
  /** Begins to fetch what the page's path will need; called before anything is activated, and before it is known who is here. */
  readonly prepare?: (path: string) => void;
};
