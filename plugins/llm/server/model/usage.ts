/**
 * Reads what an answer cost, wherever and however an upstream says it. It only
 * accounts for the answer, so that nothing in it is refused: what is no number
 * of tokens or dollars is not known. A cost is never 0 for want of a number.
 */
import { isMembers } from './upstream-words.ts';

export interface AnswerUsage {
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  /** In US dollars. */
  readonly costUsd: number | null;
}

type Members = Readonly<Record<string, unknown>>;

/** Null when the message says nothing of usage. */
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

/** Servers that tell it in every chunk, or in two, add to what they told. */
export function mergeUsage(before: AnswerUsage | null, now: AnswerUsage | null): AnswerUsage | null {
  if (before === null || now === null) return now ?? before;
  return {
    promptTokens: now.promptTokens ?? before.promptTokens,
    completionTokens: now.completionTokens ?? before.completionTokens,
    costUsd: now.costUsd ?? before.costUsd,
  };
}

/** Beside the choices; Groq has it in `x_groq`, Moonshot in the choice. */
function usageMembers(message: Members): Members | null {
  const choice = Array.isArray(message.choices) ? message.choices[0] : null;
  const places = [message.usage, isMembers(message.x_groq) ? message.x_groq.usage : null, isMembers(choice) ? choice.usage : null];
  return places.find(isMembers) ?? null;
}

/**
 * OpenRouter says in `cost` what it charges itself. With a key of one's own at
 * the provider, that is its fee, and the provider's bill is in `cost_details`.
 */
function costIn(usage: Members): number | null {
  const charged = costOf(usage.cost) ?? costOf(usage.total_cost) ?? costOf(usage.estimated_cost);
  const provider = isMembers(usage.cost_details) ? costOf(usage.cost_details.upstream_inference_cost) : null;
  if (charged === null || provider === null) return charged ?? provider;
  if (usage.is_byok === true) return charged + provider;
  return charged === 0 && usage.is_byok !== false ? provider : charged;
}

/** A number, a number as text, or an object with the total. */
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
