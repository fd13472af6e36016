/**
 * The settings of JupyterLab's own parts that are in use. Written here rather
 * than imported: JupyterLab's schemas also describe what does not exist in ved
 * (news, updates, a Jupyter server), and would put dead entries into menus.
 */
import type { SettingsSchema } from '../app/ved-plugin.ts';

export const notificationSchema: [id: string, schema: SettingsSchema] = [
  '@jupyterlab/apputils-extension:notification',
  {
    type: 'object',
    title: 'Notifications',
    additionalProperties: false,
    properties: {
      doNotDisturbMode: {
        type: 'boolean',
        title: 'Silence notifications',
        description: 'Nothing pops up; the bell in the status bar still counts and lists them.',
        default: false,
      },
    },
  },
];

export const statusBarSchema: [id: string, schema: SettingsSchema] = [
  '@jupyterlab/statusbar-extension:plugin',
  {
    type: 'object',
    title: 'Status bar',
    additionalProperties: false,
    properties: { visible: { type: 'boolean', title: 'Show the status bar', default: true } },
  },
];
