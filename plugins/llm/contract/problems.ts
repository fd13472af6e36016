/** The problem codes of the assistant. */
import type { ProblemTable } from '@ved/core/contract';

export const llmProblems = {
  'llm/cancelled': { status: 503, meaning: 'The server stopped or the client disconnected before the answer was complete. Ask again.' },
  'llm/no-key': {
    status: 503,
    meaning: 'The server has no API key for the language model. Set the variable named in the detail and restart the server.',
  },
  'llm/prompt-too-large': {
    status: 413,
    meaning: 'The prompt with its context is larger than 512 KiB. Shorten it or do not send the script.',
  },
  'llm/stop-word': {
    status: 400,
    meaning: 'A guardrail refused the prompt and nothing was sent; `found` lists the blocked words. Rephrase the prompt without them.',
  },
  'llm/upstream': {
    status: 502,
    meaning: 'The server of the language model failed or sent an invalid response; `reason` and the detail say what to do.',
  },
} as const satisfies ProblemTable;

declare module '@ved/core/contract' {
  interface ProblemTables {
    llm: typeof llmProblems;
  }
}
