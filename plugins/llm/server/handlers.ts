/** What each route of the assistant does. */
import { Problem } from '@ved/core/contract';
import type { RouteHandlers, ServerSentEvent } from '@ved/core/server';
import type { llmRoutes } from '../contract/index.ts';
import type { AssistantService } from './assistant-service.ts';
import type { Exchange } from './exchange.ts';
import type { InteractionStore } from './interaction-store.ts';

/** An answer as events. The response has started, so a failure is an event too. */
async function* events(exchange: Exchange): AsyncGenerator<ServerSentEvent> {
  try {
    for await (const text of exchange.text()) yield { event: 'delta', data: { text } };
    yield { event: 'done', data: await exchange.done() };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    yield { event: 'error', data: error.toDetails() };
  }
}

export function llmHandlers(assistant: AssistantService, store: InteractionStore): RouteHandlers<typeof llmRoutes> {
  return {
    async complete({ body, session, signal }) {
      const exchange = await assistant.ask(body, session.username, signal);
      for await (const _ of exchange.text());
      const { interaction_id, usage, finish_reason } = await exchange.done();
      return { response_text: exchange.answer, model_id: usage.model_id, cost_usd: usage.cost_usd, interaction_id, finish_reason };
    },
    stream: async ({ body, session, signal }) => events(await assistant.ask(body, session.username, signal)),
    preview: ({ body, session }) => assistant.preview(body, session.username),
    interactions: ({ query }) => store.page(query),
    usage: ({ query }) => store.usage(query.by),
    status: () => assistant.status(),
  };
}
