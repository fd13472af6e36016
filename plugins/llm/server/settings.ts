/** The assistant's settings. */
import { defineSettings } from '@ved/core/server';
import { z } from 'zod';
import { DEFAULT_STOP_WORDS } from './guardrails/default-stop-words.ts';

/** Long enough for a model that reasons before it answers; keep-alive comments reset it. */
const DEFAULT_SILENCE_MS = 60_000;

export const llmSettings = defineSettings({
  apiKey: {
    variable: 'OPENROUTER_API_KEY',
    schema: z
      .string()
      .trim()
      .optional()
      .transform((key) => key || null),
    description: 'API key of the language model; without it the assistant says what to set',
    defaultText: 'none',
    secret: true,
  },
  baseUrl: {
    variable: 'OPENROUTER_BASE_URL',
    schema: z.url({ protocol: /^https?$/ }).default('https://openrouter.ai/api/v1'),
    description: 'Any server that speaks the OpenAI chat completions protocol',
    defaultText: 'https://openrouter.ai/api/v1',
  },
  model: {
    variable: 'VED_LLM_MODEL',
    schema: z.string().trim().min(1).default('openrouter/auto'),
    description: 'The model to use',
    defaultText: 'openrouter/auto',
  },
  silenceMs: {
    variable: 'VED_LLM_TIMEOUT_MS',
    schema: z.coerce.number().int().min(100).max(3_600_000).default(DEFAULT_SILENCE_MS),
    description: 'How long to wait while the language model sends nothing, in milliseconds',
    defaultText: String(DEFAULT_SILENCE_MS),
  },
  stopWords: {
    variable: 'VED_LLM_STOP_WORDS',
    schema: z
      .string()
      .optional()
      .transform((list) =>
        list === undefined
          ? DEFAULT_STOP_WORDS
          : list
              .split(',')
              .map((word) => word.trim())
              .filter((word) => word !== '' && word !== '-'),
      ),
    description: 'Blocked words for prompts, separated by commas; - for none',
    defaultText: `${DEFAULT_STOP_WORDS.slice(0, 3).join(', ')} … (${DEFAULT_STOP_WORDS.length} words, listed in plugins/llm/README.md)`,
  },
});
