import type { ServerPlugin } from '@ved/core/server';

export const gitPlugin: ServerPlugin = {
  id: 'git',
  required: true,
  start: async () => ({ stop: async () => undefined }),
};
