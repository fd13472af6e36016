/** HTTP routes of the assistant. */
import { defineRoutes, Id, Timestamp } from '@ved/core/contract';
import { z } from 'zod';

/** A prompt with its context, in bytes of UTF-8. */
export const PROMPT_LIMIT_BYTES = 512 * 1024;

/** A lone surrogate would reach the model and the log as a different character. */
const Text = z
  .string()
  .refine((text) => text.isWellFormed(), 'contains half of a character (a lone surrogate), which UTF-8 cannot represent');

export const CompletionRequest = z.object({
  script_id: z.number().int().positive().optional(),
  script_version_id: z.number().int().positive().optional(),
  prompt: Text.min(1),
  /** The script's text as the person sees it, unsaved changes included. */
  context_code: Text.optional(),
});
export type CompletionRequest = z.infer<typeof CompletionRequest>;

export const Usage = z.object({
  prompt_tokens: z.number().int().nullable(),
  completion_tokens: z.number().int().nullable(),
  /** As reported by the upstream, in US dollars; null when it was not reported or cannot be parsed. */
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
  /**
   * `running` while the answer arrives; becomes `failed` at the next start if the server crashes. `cut` reached the model's
   * length limit; an answer cut short in any other way is `failed`, and `response_text` ends with the reason.
   */
  status: z.enum(['running', 'completed', 'cut', 'rejected', 'failed', 'cancelled']),
  prompt_tokens: z.number().int().nullable(),
  completion_tokens: z.number().int().nullable(),
  cost_usd: z.number().nullable(),
  latency_ms: z.number(),
  /** Milliseconds to the first token of the answer; null when none came. */
  first_token_ms: z.number().nullable(),
  // Beyond the fixed shape:
  /** Of the script's text that was sent with the prompt, in UTF-8; both null when none was. */
  context_sha256: z.string().nullable(),
  context_bytes: z.number().int().nullable(),
});
export type Interaction = z.infer<typeof Interaction>;

/** Why the model stopped, as reported: `stop`, or `length` for any name of the length limit; null when it was not reported. */
const FinishReason = z.string().nullable();

/** Data of the events of `POST /api/llm/stream`; `error` carries problem details. */
export const StreamDelta = z.object({ text: z.string() });
export const StreamDone = z.object({
  interaction_id: z.number().int(),
  usage: Usage,
  finish_reason: FinishReason,
});
export type StreamDone = z.infer<typeof StreamDone>;

/** A guardrail's verdict on a request. */
export const Verdict = z.object({ guardrail: z.string(), allowed: z.boolean(), detail: z.string() });
export type Verdict = z.infer<typeof Verdict>;

export const Message = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });
export type Message = z.infer<typeof Message>;

/** Exactly what would be sent. */
export const Preview = z.object({
  messages: z.array(Message),
  replacements: z.array(z.object({ from: z.string(), to: z.string() })),
  verdicts: z.array(Verdict),
});
export type Preview = z.infer<typeof Preview>;

/** Whether the assistant is available, and what it cost since midnight UTC. */
export const AssistantStatus = z.object({
  configured: z.boolean(),
  model: z.string(),
  /** What to set when it is not available; null when it is. */
  detail: z.string().nullable(),
  cost_today_usd: z.number(),
});
export type AssistantStatus = z.infer<typeof AssistantStatus>;

export const UsageRow = z.object({
  key: z.string(),
  interactions: z.number().int(),
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  cost_usd: z.number(),
  mean_latency_ms: z.number(),
});
export type UsageRow = z.infer<typeof UsageRow>;

/** JSON's escapes at most double ordinary text. */
const BODY_LIMIT_BYTES = 2 * PROMPT_LIMIT_BYTES;

/** Interactions on one page of the log. */
export const INTERACTIONS_PAGE_SIZE = 100;

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
      finish_reason: FinishReason,
    }),
    problems: ['llm/stop-word', 'llm/upstream', 'llm/no-key', 'llm/prompt-too-large', 'llm/cancelled'],
  },
  stream: {
    method: 'POST',
    path: '/api/llm/stream',
    access: 'editor',
    summary: 'Ask the model; events `delta {text}`, `tool`, `done {interaction_id, usage}`, `error` (problem details)',
    body: CompletionRequest,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    response: 'event-stream',
    problems: ['llm/stop-word', 'llm/upstream', 'llm/no-key', 'llm/prompt-too-large', 'llm/cancelled'],
  },
  preview: {
    method: 'POST',
    path: '/api/llm/preview',
    access: 'editor',
    summary: 'Exactly what would be sent, without sending it',
    body: CompletionRequest,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    response: Preview,
    problems: ['llm/prompt-too-large'],
  },
  interactions: {
    method: 'GET',
    path: '/api/llm/interactions',
    access: 'viewer',
    summary: 'The log, newest first, 100 per page',
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
    summary: 'Whether the assistant is available, and what it cost today',
    response: AssistantStatus,
  },
});
