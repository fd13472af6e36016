/** What a guardrail is: it sees a request before anything leaves the machine and says whether it may. */
import type { Verdict } from '../../contract/index.ts';

/** What the guardrails judge. */
export interface GuardedRequest {
  readonly prompt: string;
  /** The script's text that goes along; empty when none does. */
  readonly contextCode: string;
}

export interface Judgement extends Verdict {
  /** What was found, for the log and the refusal; empty when allowed. */
  readonly found: readonly string[];
}

export interface Guardrail {
  /** Stable; names the guardrail in verdicts. */
  readonly id: string;
  check(request: GuardedRequest): Judgement;
}

/** Every guardrail's say, in order; one refusal is enough to refuse the request. */
export function judge(guardrails: readonly Guardrail[], request: GuardedRequest): Judgement[] {
  return guardrails.map((guardrail) => guardrail.check(request));
}
