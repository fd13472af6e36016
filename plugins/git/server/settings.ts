/** Settings of the git plugin. */
import { defineSettings } from '@ved/core/server';
import { z } from 'zod';

export const gitSettings = defineSettings({
  command: {
    variable: 'VED_GIT_COMMAND',
    schema: z.string().min(1).default('git'),
    description: 'The git program that serves clones; without it, clones are slower',
  },
});
