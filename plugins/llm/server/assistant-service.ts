/**
 * Handles questions: resolves them with the catalog, checks them with the
 * guardrails, and sends the allowed ones to the model. Every well-formed question
 * is in the log, including refused ones.
 */
import type { CatalogService } from '@ved/catalog/contract';
import type { EventBus, PluginContext } from '@ved/core/server';
import { type AssistantStatus, type CompletionRequest, interactionLogged, type Preview } from '../contract/index.ts';
import { Exchange } from './exchange.ts';
import { type Guardrail, type Judgement, judge } from './guardrails/guardrail.ts';
import type { InteractionStore, Outcome } from './interaction-store.ts';
import type { ModelClient } from './model/model-client.ts';
import { type Question, readQuestion } from './question.ts';
import { NO_KEY_DETAIL, NoKey, PromptRefused } from './refusals.ts';

export interface AssistantNeeds {
  readonly catalog: CatalogService;
  readonly store: InteractionStore;
  readonly guardrails: readonly Guardrail[];
  /** Null when no key is set. */
  readonly model: ModelClient | null;
  /** Shown even when the assistant is not available. */
  readonly modelId: string;
  readonly events: EventBus;
  readonly log: PluginContext['log'];
}

export class AssistantService {
  private readonly underWay = new Set<Exchange>();

  constructor(private readonly needs: AssistantNeeds) {}

  /**
   * Sends a question to the model; resolves once it starts to answer. Throws
   * NotFound, TooLarge, PromptRefused, NoKey, UpstreamTrouble or Cancelled, in
   * that order of checks.
   */
  async ask(request: CompletionRequest, username: string, signal: AbortSignal): Promise<Exchange> {
    const question = await readQuestion(this.needs.catalog, request, username);
    const refusal = this.judge(question).find((judgement) => !judgement.allowed);
    if (refusal) throw new PromptRefused(refusal, await this.record(question, refused(`[REJECTED] ${refusal.detail}`, 'rejected')));
    if (this.needs.model === null) throw new NoKey(await this.record(question, refused(`[FAILED] ${NO_KEY_DETAIL}`, 'failed')));
    const { model, store, log } = this.needs;
    const ended = (exchange: Exchange) => this.underWay.delete(exchange);
    const exchange = new Exchange({ model, store, log, logged: this.logged, ended }, question);
    this.underWay.add(exchange);
    await exchange.open(signal);
    return exchange;
  }

  /** Exactly what `ask` would send, and the guardrails' verdicts. Throws NotFound and TooLarge. */
  async preview(request: CompletionRequest, username: string): Promise<Preview> {
    const question = await readQuestion(this.needs.catalog, request, username);
    const verdicts = this.judge(question).map(({ guardrail, allowed, detail }) => ({ guardrail, allowed, detail }));
    return { messages: [...question.messages], replacements: [], verdicts };
  }

  async status(): Promise<AssistantStatus> {
    const configured = this.needs.model !== null;
    return {
      configured,
      model: this.needs.modelId,
      detail: configured ? null : NO_KEY_DETAIL,
      cost_today_usd: await this.needs.store.costToday(),
    };
  }

  /** Cancels the running questions and resolves once that is recorded. */
  async stop(): Promise<void> {
    await Promise.all([...this.underWay].map((exchange) => exchange.cancel()));
    await this.needs.model?.close();
  }

  private judge(question: Question): Judgement[] {
    return judge(this.needs.guardrails, { prompt: question.prompt, contextCode: question.context?.code ?? '' });
  }

  private async record(question: Question, outcome: Outcome): Promise<number> {
    const id = await this.needs.store.record(question, outcome);
    this.logged(id, question.username);
    return id;
  }

  private readonly logged = (id: number, username: string): void => this.needs.events.publish(interactionLogged, { id, by: username });
}

/** The outcome of a question that was never sent: no model, no cost, no time. */
function refused(responseText: string, status: 'rejected' | 'failed'): Outcome {
  return {
    status,
    responseText,
    modelId: 'none',
    promptTokens: null,
    completionTokens: null,
    costUsd: 0,
    latencyMs: 0,
    firstTokenMs: null,
  };
}
