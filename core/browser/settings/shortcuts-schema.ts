/** Keyboard shortcuts: the defaults come from every plugin's `jupyter.lab.shortcuts`; this setting has the user's changes. */
import type { SettingsSchema } from '../app/ved-plugin.ts';

export const shortcutsSettingId = '@ved/core:shortcuts';

export const shortcutsSchema: [id: string, schema: SettingsSchema] = [
  shortcutsSettingId,
  {
    type: 'object',
    title: 'Keyboard shortcuts',
    additionalProperties: false,
    'jupyter.lab.shortcuts': [
      { command: 'workspace:show-palette', keys: ['Accel Shift C'], selector: 'body' },
      { command: 'workspace:open-settings', keys: ['Accel ,'], selector: 'body' },
      { command: 'workspace:toggle-left', keys: ['Accel B'], selector: 'body' },
      { command: 'workspace:toggle-bottom', keys: ['Accel J'], selector: 'body' },
      { command: 'workspace:focus-left', keys: ['Alt 1'], selector: 'body' },
      { command: 'workspace:focus-main', keys: ['Alt 2'], selector: 'body' },
      { command: 'workspace:focus-bottom', keys: ['Alt 3'], selector: 'body' },
    ],
    properties: {
      shortcuts: {
        type: 'array',
        title: 'Changed shortcuts',
        default: [],
        items: {
          type: 'object',
          required: ['command', 'keys', 'selector'],
          properties: {
            command: { type: 'string' },
            args: { type: 'object' },
            keys: { type: 'array', items: { type: 'string' } },
            selector: { type: 'string' },
            disabled: { type: 'boolean' },
          },
        },
      },
    },
  },
];
