/** Why a question never left the machine. */
import { InvalidInput, Unavailable } from '@ved/core/contract';
import type { Judgement } from './guardrails/guardrail.ts';

/** 400: a guardrail said no; the detail names what it found. */
export class PromptRefused extends InvalidInput {
  constructor(judgement: Judgement, interactionId: number) {
    super(
      'llm/stop-word',
      `${judgement.detail} Nothing was sent to the language model; ask again without ${judgement.found.length > 1 ? 'them' : 'it'}.`,
      {
        data: { guardrail: judgement.guardrail, found: judgement.found, interaction_id: interactionId },
      },
    );
  }
}

export const NO_KEY_DETAIL =
  'No key for the language model is set. Set OPENROUTER_API_KEY in the environment of the server (and OPENROUTER_BASE_URL for a service other than OpenRouter), then start it again.';

/** 503: nobody set a key. */
export class NoKey extends Unavailable {
  constructor(interactionId: number) {
    super('llm/no-key', NO_KEY_DETAIL, { data: { variable: 'OPENROUTER_API_KEY', interaction_id: interactionId } });
  }
}

/** 503: the server stopped, or the person left, before the answer was complete. */
export class Cancelled extends Unavailable {
  constructor() {
    super('llm/cancelled', 'The question was cancelled before the answer was complete.');
  }
}
