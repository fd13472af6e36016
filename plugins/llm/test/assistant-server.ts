/** A server with the assistant, its dependencies, and a stand-in for the model. */
import { catalogPlugin } from '@ved/catalog/server';
import { gitPlugin } from '@ved/git/server';
import { llmPlugin } from '@ved/llm/server';
import { type ModelServer, startModelServer } from '../../../test/support/model-server.ts';
import { startServer, type TestServer } from '../../../test/support/server.ts';

export const KEY = 'sk-or-v1-4f1d9c0b7a6e5d3c';

export interface AssistantServer {
  readonly model: ModelServer;
  readonly server: TestServer;
  stop(): Promise<void>;
}

export async function startAssistant(env: Record<string, string> = {}, dataDir?: string): Promise<AssistantServer> {
  const model = await startModelServer();
  const server = await startServer({
    plugins: [gitPlugin, catalogPlugin, llmPlugin],
    env: { OPENROUTER_API_KEY: KEY, OPENROUTER_BASE_URL: model.baseUrl, VED_LLM_TIMEOUT_MS: '1500', ...env },
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  return {
    model,
    server,
    async stop() {
      await server.stop();
      await model.stop();
    },
  };
}
