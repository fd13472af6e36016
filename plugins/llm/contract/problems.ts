/** The problem codes of the assistant. */
import type { ProblemTable } from '@ved/core/contract';

export const llmProblems = {
  'llm/cancelled': { status: 503, meaning: 'The server stopped, or the person left, before the answer was complete. Ask again.' },
  'llm/no-key': {
    status: 503,
    meaning: 'No key for the language model is set. Set the variable that the detail names, and start the server again.',
  },
  'llm/prompt-too-large': {
    status: 413,
    meaning: 'The prompt with its context is larger than 512 KiB. Shorten it, or leave the script out.',
  },
  'llm/stop-word': {
    status: 400,
    meaning: 'A guardrail refused the prompt, and nothing was sent; `found` says what it found. Ask without it.',
  },
  'llm/upstream': {
    status: 502,
    meaning: 'The server of the language model answered wrongly or not at all; `reason` and the detail say what to do.',
  },
} as const satisfies ProblemTable;

declare module '@ved/core/contract' {
  interface ProblemTables {
    llm: typeof llmProblems;
  }
}
