/** HTTP routes of the assistant. */
import { defineRoutes, Id, Timestamp } from '@ved/core/contract';
import { z } from 'zod';

/** A prompt with its context, in bytes of UTF-8. */
export const PROMPT_LIMIT_BYTES = 512 * 1024;

export const CompletionRequest = z.object({
  script_id: z.number().int().positive().optional(),
  script_version_id: z.number().int().positive().optional(),
  prompt: z.string().min(1),
  /** The script's text as the person sees it, unsaved changes included. */
  context_code: z.string().optional(),
});
export type CompletionRequest = z.infer<typeof CompletionRequest>;

export const Usage = z.object({
  prompt_tokens: z.number().int().nullable(),
  completion_tokens: z.number().int().nullable(),
  /** As the upstream said (`usage.cost`), in US dollars; null when it did not say. */
  cost_usd: z.number().nullable(),
  latency_ms: z.number(),
  model_id: z.string(),
});
export type Usage = z.infer<typeof Usage>;

export const Interaction = z.object({
  id: z.number().int(),
  created_at: Timestamp,
  username: z.string(),
  script_id: z.number().int().nullable(),
  script_version_id: z.number().int().nullable(),
  prompt: z.string(),
  response_text: z.string(),
  model_id: z.string(),
  status: z.enum(['completed', 'rejected', 'failed', 'cancelled']),
  prompt_tokens: z.number().int().nullable(),
  completion_tokens: z.number().int().nullable(),
  cost_usd: z.number().nullable(),
  latency_ms: z.number(),
  /** Milliseconds to the first token of the answer; null when none came. */
  first_token_ms: z.number().nullable(),
});
export type Interaction = z.infer<typeof Interaction>;

/** A guardrail's say on a request. */
export const Verdict = z.object({ guardrail: z.string(), allowed: z.boolean(), detail: z.string() });

export const Message = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });

export const UsageRow = z.object({
  key: z.string(),
  interactions: z.number().int(),
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  cost_usd: z.number(),
  mean_latency_ms: z.number(),
});
export type UsageRow = z.infer<typeof UsageRow>;

const BODY_LIMIT_BYTES = 2 * PROMPT_LIMIT_BYTES;

export const llmRoutes = defineRoutes({
  complete: {
    method: 'POST',
    path: '/api/llm/complete',
    access: 'editor',
    summary: 'Ask the model and wait for the whole answer',
    body: CompletionRequest,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    response: z.object({
      response_text: z.string(),
      model_id: z.string(),
      cost_usd: z.number().nullable(),
      interaction_id: z.number().int(),
    }),
    problems: ['llm/stop-word', 'llm/upstream', 'llm/no-key', 'llm/prompt-too-large'],
  },
  stream: {
    method: 'POST',
    path: '/api/llm/stream',
    access: 'editor',
    summary: 'Ask the model; events `delta {text}`, `tool`, `done {interaction_id, usage}`, `error` (problem details)',
    body: CompletionRequest,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    response: 'event-stream',
    problems: ['llm/stop-word', 'llm/upstream', 'llm/no-key', 'llm/prompt-too-large'],
  },
  preview: {
    method: 'POST',
    path: '/api/llm/preview',
    access: 'editor',
    summary: 'Exactly what would leave the machine; nothing is sent',
    body: CompletionRequest,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    response: z.object({
      messages: z.array(Message),
      replacements: z.array(z.object({ from: z.string(), to: z.string() })),
      verdicts: z.array(Verdict),
    }),
  },
  interactions: {
    method: 'GET',
    path: '/api/llm/interactions',
    access: 'viewer',
    summary: 'The log, newest first, 100 a page',
    query: z.object({ script: Id.optional(), user: z.string().max(200).optional(), before: Id.optional() }),
    response: z.array(Interaction),
  },
  usage: {
    method: 'GET',
    path: '/api/llm/usage',
    access: 'viewer',
    summary: 'Tokens, cost and latency by user, model, script or day',
    query: z.object({ by: z.enum(['user', 'model', 'script', 'day']).default('day') }),
    response: z.array(UsageRow),
  },
  status: {
    method: 'GET',
    path: '/api/llm/status',
    access: 'viewer',
    summary: 'Whether the assistant can be asked, and what it costs today',
    response: z.object({ configured: z.boolean(), model: z.string(), detail: z.string().nullable(), cost_today_usd: z.number() }),
  },
});
