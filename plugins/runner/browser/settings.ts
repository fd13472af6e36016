/** Settings of the runner: keyboard shortcuts, and notifications of long runs. */
import type { SettingsSchema } from '@ved/core/browser';

/** The plugin that the settings belong to. */
export const RUNNER_SETTINGS_ID = '@ved/runner:runs';
export const NOTIFY_SETTING = 'notifyWhenLongRunsEnd';

export const runnerSettingsSchema: SettingsSchema = {
  title: 'Runs',
  description: 'Running scripts.',
  type: 'object',
  properties: {
    [NOTIFY_SETTING]: {
      type: 'boolean',
      title: 'Notify me when long runs end',
      description: 'Show a desktop notification when one of your runs or passes ends after more than 10 s while this page is not visible.',
      default: false,
    },
  },
  additionalProperties: false,
  'jupyter.lab.shortcuts': [
    { command: 'runner:run-draft', keys: ['Accel Enter'], selector: '[data-ved-editor]' },
    { command: 'runner:run-prod', keys: ['Accel Shift Enter'], selector: '[data-ved-editor]' },
    // In the catalog, while the selected script is the one in the editor.
    { command: 'runner:run-draft', keys: ['Accel Enter'], selector: '.ved-Catalog-list[data-ved-shows-selected]' },
    { command: 'runner:run-prod', keys: ['Accel Shift Enter'], selector: '.ved-Catalog-list[data-ved-shows-selected]' },
    { command: 'runner:again', keys: ['Accel Enter'], selector: '.ved-Output' },
    // Everywhere, but only while there is something to stop: otherwise the key is the editor's (quick fixes).
    { command: 'runner:stop', keys: ['Accel .'], selector: 'body[data-ved-can-stop]' },
  ],
};
