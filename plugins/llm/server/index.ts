/** The assistant on the server: guardrails, the model's proxy, and the log of every question. */
import { CatalogService } from '@ved/catalog/contract';
import type { PluginContext, RunningPlugin, ServerPlugin } from '@ved/core/server';
import { llmRoutes } from '../contract/index.ts';
import { AssistantService } from './assistant-service.ts';
import { StopWords } from './guardrails/stop-words.ts';
import { llmHandlers } from './handlers.ts';
import { InteractionStore } from './interaction-store.ts';
import { llmMigrations } from './migrations/index.ts';
import { ModelClient } from './model/model-client.ts';
import { llmSettings } from './settings.ts';

async function start(context: PluginContext): Promise<RunningPlugin> {
  const { apiKey, baseUrl, model, silenceMs, stopWords } = context.settings(llmSettings);
  const store = new InteractionStore(context.db);
  const interrupted = await store.closeInterrupted();
  if (interrupted > 0) context.log.warn({ interrupted }, 'marked questions that a previous server process left unfinished as failed');
  const assistant = new AssistantService({
    catalog: context.services.get(CatalogService),
    store,
    guardrails: [new StopWords(stopWords)],
    model: apiKey === null ? null : new ModelClient({ apiKey, baseUrl, model, silenceMs }),
    modelId: model,
    events: context.events,
    log: context.log,
  });
  context.router.implement(llmRoutes, llmHandlers(assistant, store));
  context.health.report('llm', () => ({ value: { configured: apiKey !== null, model } }));
  return { stop: () => assistant.stop() };
}

export const llmPlugin: ServerPlugin = {
  id: 'llm',
  required: false,
  browser: true,
  requires: [CatalogService],
  settings: llmSettings,
  migrations: llmMigrations,
  start,
};
