import type { ServerPlugin } from '@ved/core/server';

export const runnerPlugin: ServerPlugin = {
  id: 'runner',
  required: false,
  start: async () => ({ stop: async () => undefined }),
};
