import type { ServerPlugin } from '@ved/core/server';

export const editorPlugin: ServerPlugin = {
  id: 'editor',
  required: false,
  start: async () => ({ stop: async () => undefined }),
};
