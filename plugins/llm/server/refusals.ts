/** Why a question was not sent. */
import { InvalidInput, Unavailable } from '@ved/core/contract';
import type { Judgement } from './guardrails/guardrail.ts';

/** 400: a guardrail refused it; the detail names what it found. */
export class PromptRefused extends InvalidInput {
  constructor(judgement: Judgement, interactionId: number) {
    super(
      'llm/stop-word',
      `${judgement.detail} Nothing was sent to the language model. Ask again without ${judgement.found.length > 1 ? 'them' : 'it'}.`,
      {
        data: { guardrail: judgement.guardrail, found: judgement.found, interaction_id: interactionId },
      },
    );
  }
}

export const NO_KEY_DETAIL =
  'The server has no API key for the language model. Set OPENROUTER_API_KEY in its environment (and OPENROUTER_BASE_URL for a service other than OpenRouter), then restart it.';

/** 503: no key is set. */
export class NoKey extends Unavailable {
  constructor(interactionId: number) {
    super('llm/no-key', NO_KEY_DETAIL, { data: { variable: 'OPENROUTER_API_KEY', interaction_id: interactionId } });
  }
}

/** 503: the server stopped or the client disconnected before the answer was complete. */
export class Cancelled extends Unavailable {
  constructor() {
    super('llm/cancelled', 'The question was cancelled before the answer was complete.');
  }
}
