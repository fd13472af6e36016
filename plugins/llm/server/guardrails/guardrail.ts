/** A guardrail sees a request before anything is sent and decides whether it may be. */
import type { Verdict } from '../../contract/index.ts';

/** What the guardrails check. */
export interface GuardedRequest {
  readonly prompt: string;
  /** The script's text that is sent with the prompt; empty when there is none. */
  readonly contextCode: string;
}

export interface Judgement extends Verdict {
  /** What was found, for the log and the refusal; empty when allowed. */
  readonly found: readonly string[];
}

export interface Guardrail {
  /** Stable; identifies the guardrail in verdicts. */
  readonly id: string;
  check(request: GuardedRequest): Judgement;
}

/** Every guardrail's verdict, in order; one refusal refuses the request. */
export function judge(guardrails: readonly Guardrail[], request: GuardedRequest): Judgement[] {
  return guardrails.map((guardrail) => guardrail.check(request));
}
