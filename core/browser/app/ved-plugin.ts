/** The type of browser plugins: JupyterLab's plugin value plus its settings. */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';

/** The schema of a plugin's settings, in JupyterLab's format: titles, defaults, `jupyter.lab.shortcuts`. */
export type SettingsSchema = ISettingRegistry.ISchema;

// biome-ignore lint/suspicious/noExplicitAny: plugins in a list provide different things
export type VedPlugin<T = any> = JupyterFrontEndPlugin<T> & {
  /** Settings under the plugin's own id; shown in Settings when it has a title. */
  readonly settingsSchema?: SettingsSchema;
  /** Starts to fetch what the page's path will need; called before anything is activated and before the user is known. */
  readonly prepare?: (path: string) => void;
};
