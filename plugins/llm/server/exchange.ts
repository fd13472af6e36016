/**
 * One question to the model, from the log row written before it is sent to the
 * update with its outcome. Nothing is sent before the row is durable. Whatever
 * happens (an answer, an upstream error, a client that disconnects, a server that
 * stops), it is settled exactly once, with the text received so far.
 */
import { Problem } from '@ved/core/contract';
import type { PluginContext } from '@ved/core/server';
import type { StreamDone, Usage } from '../contract/index.ts';
import type { InteractionStore, Outcome } from './interaction-store.ts';
import type { AnswerChunk } from './model/answer-reader.ts';
import type { ModelClient } from './model/model-client.ts';
import type { Question } from './question.ts';
import { Cancelled } from './refusals.ts';

export interface ExchangeNeeds {
  readonly model: ModelClient;
  readonly store: InteractionStore;
  /** Called once the row is written, and again once it is settled. */
  readonly logged: (id: number, username: string) => void;
  /** Called once, when it has ended and the row was updated or could not be. */
  readonly ended: (exchange: Exchange) => void;
  readonly log: PluginContext['log'];
}

export class Exchange {
  private readonly startedAt = performance.now();
  private readonly abort = new AbortController();
  private readonly row: Promise<number>;
  private chunks: AsyncGenerator<AnswerChunk> | null = null;
  private textSoFar = '';
  private modelId: string;
  private finishReason: string | null = null;
  private usage: AnswerChunk['usage'] = null;
  private firstTokenMs: number | null = null;
  private endedMs: number | null = null;
  private settled: Promise<void> | null = null;

  constructor(
    private readonly needs: ExchangeNeeds,
    private readonly question: Question,
  ) {
    this.modelId = needs.model.modelId;
    this.row = needs.store.begin(question, this.modelId);
    // `open` throws when the row cannot be written.
    this.row.then(
      (id) => needs.logged(id, question.username),
      () => undefined,
    );
  }

  /** Records the question, then sends it; resolves once the upstream starts to answer. Throws UpstreamTrouble or Cancelled, after recording it. */
  async open(signal: AbortSignal): Promise<void> {
    const leave = () =>
      this.cancel().catch((error: unknown) => this.needs.log.error({ err: error }, 'a cancelled question was not recorded'));
    signal.addEventListener('abort', leave, { once: true });
    try {
      if (signal.aborted) throw new Cancelled();
      await this.row;
      this.abort.signal.throwIfAborted();
      this.chunks = await this.needs.model.ask(this.question.messages, this.abort.signal);
    } catch (error) {
      throw await this.fail(error);
    }
  }

  /** The answer's text as it arrives. Returning early cancels. Throws as `open` does. */
  async *text(): AsyncGenerator<string> {
    try {
      for await (const chunk of this.chunks!) {
        this.fold(chunk);
        if (chunk.text !== '') yield chunk.text;
      }
      await this.settle(this.finishReason === 'length' ? 'cut' : 'completed');
    } catch (error) {
      throw await this.fail(error);
    } finally {
      await this.cancel();
    }
  }

  /** The final event; only after `text` has ended without an error. */
  async done(): Promise<StreamDone> {
    return { interaction_id: await this.row, usage: this.usageOf(), finish_reason: this.finishReason };
  }

  /** Ends it if it has not ended; resolves once it is recorded. */
  async cancel(): Promise<void> {
    if (this.settled === null) {
      this.abort.abort(new Cancelled());
      await this.settle('cancelled');
    }
    await this.settled;
  }

  get answer(): string {
    return this.textSoFar;
  }

  private fold(chunk: AnswerChunk): void {
    if (chunk.text !== '') this.firstTokenMs ??= this.elapsedMs();
    this.textSoFar += chunk.text;
    this.modelId = chunk.model ?? this.modelId;
    this.finishReason = chunk.finishReason ?? this.finishReason;
    this.usage = chunk.usage ?? this.usage;
  }

  /** Records the end and returns the error to throw. */
  private async fail(error: unknown): Promise<unknown> {
    if (error instanceof Cancelled) await this.cancel();
    else await this.settle('failed', error instanceof Problem ? error.message : 'ved had an internal error.');
    return error;
  }

  private settle(status: Outcome['status'], trouble?: string): Promise<void> {
    this.endedMs ??= this.elapsedMs();
    this.settled ??= this.record(status, trouble).finally(() => this.needs.ended(this));
    return this.settled;
  }

  private async record(status: Outcome['status'], trouble?: string): Promise<void> {
    const usage = this.usageOf();
    const outcome: Outcome = {
      status,
      responseText: trouble === undefined ? this.textSoFar : `${this.textSoFar}${this.textSoFar === '' ? '' : '\n\n'}[FAILED] ${trouble}`,
      modelId: usage.model_id,
      promptTokens: usage.prompt_tokens,
      completionTokens: usage.completion_tokens,
      costUsd: usage.cost_usd,
      latencyMs: usage.latency_ms,
      firstTokenMs: this.firstTokenMs,
    };
    const id = await this.row;
    await this.needs.store.finish(id, outcome);
    this.needs.logged(id, this.question.username);
  }

  private usageOf(): Usage {
    return {
      prompt_tokens: this.usage?.promptTokens ?? null,
      completion_tokens: this.usage?.completionTokens ?? null,
      cost_usd: this.usage?.costUsd ?? null,
      latency_ms: this.endedMs ?? this.elapsedMs(),
      model_id: this.modelId,
    };
  }

  private elapsedMs(): number {
    return Math.round((performance.now() - this.startedAt) * 10) / 10;
  }
}
