import type { ServerPlugin } from '@ved/core/server';

export const llmPlugin: ServerPlugin = {
  id: 'llm',
  required: false,
  start: async () => ({ stop: async () => undefined }),
};
