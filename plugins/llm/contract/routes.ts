/** HTTP routes of the assistant. */
import { defineRoutes, Id, Timestamp } from '@ved/core/contract';
import { z } from 'zod';

/** A prompt with its context, in bytes of UTF-8. */
export const PROMPT_LIMIT_BYTES = 512 * 1024;

/** Half of a character would reach the model as another, and the log with it. */
const Text = z.string().refine((text) => text.isWellFormed(), 'holds half of a character (a lone surrogate), which UTF-8 cannot hold');

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
  /** As the upstream said, in US dollars; null when it did not say, or not in a way that can be read. */
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
   * `running` while the answer arrives; a server that dies meanwhile says `failed` at its next start. `cut` met the model's
   * length limit; what broke off in any other way is `failed`, and `response_text` says how after what had come.
   */
  status: z.enum(['running', 'completed', 'cut', 'rejected', 'failed', 'cancelled']),
  prompt_tokens: z.number().int().nullable(),
  completion_tokens: z.number().int().nullable(),
  cost_usd: z.number().nullable(),
  latency_ms: z.number(),
  /** Milliseconds to the first token of the answer; null when none came. */
  first_token_ms: z.number().nullable(),
  // Beyond the fixed shape:
  /** Of the script's text that went with the prompt, in UTF-8; both null when none did. */
  context_sha256: z.string().nullable(),
  context_bytes: z.number().int().nullable(),
});
export type Interaction = z.infer<typeof Interaction>;

/** Why the model stopped, as it said: `stop`, or `length` when it was cut at its limit, whatever it calls that; null when it did not say. */
const FinishReason = z.string().nullable();

/** Data of the events of `POST /api/llm/stream`; `error` carries problem details. */
export const StreamDelta = z.object({ text: z.string() });
export const StreamDone = z.object({
  interaction_id: z.number().int(),
  usage: Usage,
  finish_reason: FinishReason,
});
export type StreamDone = z.infer<typeof StreamDone>;

/** A guardrail's say on a request. */
export const Verdict = z.object({ guardrail: z.string(), allowed: z.boolean(), detail: z.string() });
export type Verdict = z.infer<typeof Verdict>;

export const Message = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });
export type Message = z.infer<typeof Message>;

/** Exactly what would leave the machine. */
export const Preview = z.object({
  messages: z.array(Message),
  replacements: z.array(z.object({ from: z.string(), to: z.string() })),
  verdicts: z.array(Verdict),
});
export type Preview = z.infer<typeof Preview>;

/** Whether the assistant can be asked, and what it cost since midnight UTC. */
export const AssistantStatus = z.object({
  configured: z.boolean(),
  model: z.string(),
  /** What to set when it cannot be asked; null when it can. */
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
    summary: 'Exactly what would leave the machine; nothing is sent',
    body: CompletionRequest,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    response: Preview,
    problems: ['llm/prompt-too-large'],
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
    response: AssistantStatus,
  },
});
