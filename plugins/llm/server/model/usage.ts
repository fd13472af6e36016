/**
 * Reads what an answer cost, in any place and format that upstreams use. Bad
 * values never fail an answer: anything that is not a number of tokens or dollars
 * is unknown. A missing cost is never 0.
 */
import { isMembers } from './upstream-words.ts';

export interface AnswerUsage {
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  /** In US dollars. */
  readonly costUsd: number | null;
}

type Members = Readonly<Record<string, unknown>>;

/** Null when the message has no usage. */
export function readUsage(message: Members): AnswerUsage | null {
  const usage = usageMembers(message);
  const costUsd = (usage && costIn(usage)) ?? costOf(message.cost) ?? costOf(message.total_cost);
  if (usage === null) return costUsd === null ? null : { promptTokens: null, completionTokens: null, costUsd };
  return {
    promptTokens: tokens(usage.prompt_tokens) ?? tokens(usage.input_tokens),
    completionTokens: tokens(usage.completion_tokens) ?? tokens(usage.output_tokens),
    costUsd,
  };
}

/** For servers that report usage in several chunks: later values override earlier ones. */
export function mergeUsage(before: AnswerUsage | null, now: AnswerUsage | null): AnswerUsage | null {
  if (before === null || now === null) return now ?? before;
  return {
    promptTokens: now.promptTokens ?? before.promptTokens,
    completionTokens: now.completionTokens ?? before.completionTokens,
    costUsd: now.costUsd ?? before.costUsd,
  };
}

/** Next to the choices; Groq has it in `x_groq`, Moonshot in the choice. */
function usageMembers(message: Members): Members | null {
  const choice = Array.isArray(message.choices) ? message.choices[0] : null;
  const places = [message.usage, isMembers(message.x_groq) ? message.x_groq.usage : null, isMembers(choice) ? choice.usage : null];
  return places.find(isMembers) ?? null;
}

/**
 * OpenRouter's `cost` is what it charges itself. For people with their own key at
 * the provider, that is the fee, and the provider's charge is in `cost_details`.
 */
function costIn(usage: Members): number | null {
  const charged = costOf(usage.cost) ?? costOf(usage.total_cost) ?? costOf(usage.estimated_cost);
  const provider = isMembers(usage.cost_details) ? costOf(usage.cost_details.upstream_inference_cost) : null;
  if (charged === null || provider === null) return charged ?? provider;
  if (usage.is_byok === true) return charged + provider;
  return charged === 0 && usage.is_byok !== false ? provider : charged;
}

/** A number, a numeric string, or an object with the total. */
function costOf(value: unknown): number | null {
  if (isMembers(value)) return costOf(value.total_cost) ?? costOf(value.total) ?? costOf(value.cost) ?? costOf(value.usd);
  return number(value);
}

function tokens(value: unknown): number | null {
  const count = number(value);
  return count !== null && Number.isSafeInteger(Math.round(count)) ? Math.round(count) : null;
}

/** Finite and not negative, else null. */
function number(value: unknown): number | null {
  const read = typeof value === 'string' && /^\s*\d[\d.]*(?:e[+-]?\d+)?\s*$/i.test(value) ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) && read >= 0 ? read : null;
}
