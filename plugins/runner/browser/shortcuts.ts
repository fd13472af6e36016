/** Keys of the runner, as settings: a person can change each. */
import type { SettingsSchema } from '@ved/core/browser';

export const runnerSettingsSchema: SettingsSchema = {
  title: 'Runs',
  description: 'Running scripts.',
  type: 'object',
  properties: {},
  additionalProperties: false,
  'jupyter.lab.shortcuts': [
    { command: 'runner:run-draft', keys: ['Accel Enter'], selector: '[data-ved-editor]' },
    { command: 'runner:run-prod', keys: ['Accel Shift Enter'], selector: '[data-ved-editor]' },
  ],
};
