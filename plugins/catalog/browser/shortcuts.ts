/** The catalog's keyboard shortcuts, as settings that the user can change. */
import type { SettingsSchema } from '@ved/core/browser';

const inList = (command: string, keys: string) => ({ command, keys: [keys], selector: '.ved-Catalog-list' });

export const catalogSettings: SettingsSchema = {
  title: 'Catalog',
  description: 'The queue of scripts.',
  type: 'object',
  properties: {},
  additionalProperties: false,
  'jupyter.lab.shortcuts': [
    { command: 'catalog:go-to-script', keys: ['Accel P'], selector: 'body' },
    inList('catalog:move-up', 'Alt ArrowUp'),
    inList('catalog:move-down', 'Alt ArrowDown'),
    inList('catalog:undo-move', 'Accel Z'),
    inList('catalog:renumber', 'F2'),
    inList('catalog:delete', 'Delete'),
    inList('catalog:filter', '/'),
  ],
};
