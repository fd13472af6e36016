/** Settings of the runner: its keys, and whether the end of a long run is said. */
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
      description: 'A desktop notification when a run or a pass of yours that took more than 10 s ends while this page is not visible.',
      default: false,
    },
  },
  additionalProperties: false,
  'jupyter.lab.shortcuts': [
    { command: 'runner:run-draft', keys: ['Accel Enter'], selector: '[data-ved-editor]' },
    { command: 'runner:run-prod', keys: ['Accel Shift Enter'], selector: '[data-ved-editor]' },
    // The row that was clicked, whose script is the one in the editor.
    { command: 'runner:run-draft', keys: ['Accel Enter'], selector: '.ved-Catalog-list[data-ved-shows-selected]' },
    { command: 'runner:run-prod', keys: ['Accel Shift Enter'], selector: '.ved-Catalog-list[data-ved-shows-selected]' },
    { command: 'runner:again', keys: ['Accel Enter'], selector: '.ved-Output' },
    // Everywhere, while there is something to stop: else the key is the editor's own (quick fixes).
    { command: 'runner:stop', keys: ['Accel .'], selector: 'body[data-ved-can-stop]' },
  ],
};
