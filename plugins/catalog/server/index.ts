import type { ServerPlugin } from '@ved/core/server';

export const catalogPlugin: ServerPlugin = {
  id: 'catalog',
  required: true,
  start: async () => ({ stop: async () => undefined }),
};
