/**
 * Owns the table of interactions. A row is written at most twice: before the
 * question is sent, and when its outcome is known. If the server crashes in
 * between, the row becomes failed at the next start.
 */
import type { Knex } from 'knex';
import { INTERACTIONS_PAGE_SIZE, type Interaction, type UsageRow } from '../contract/index.ts';
import { fingerprint, type Question } from './question.ts';

export interface Outcome {
  readonly status: Exclude<Interaction['status'], 'running'>;
  readonly responseText: string;
  readonly modelId: string;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly costUsd: number | null;
  readonly latencyMs: number;
  readonly firstTokenMs: number | null;
}

export interface InteractionFilter {
  readonly script?: number;
  readonly user?: string;
  /** Only those with a smaller id. */
  readonly before?: number;
}

export type UsageKey = 'user' | 'model' | 'script' | 'day';

const TABLE = 'llm_interactions';

type OutcomeColumns = Pick<
  Interaction,
  'status' | 'response_text' | 'model_id' | 'prompt_tokens' | 'completion_tokens' | 'cost_usd' | 'latency_ms' | 'first_token_ms'
>;

function outcomeColumns(outcome: Outcome): OutcomeColumns {
  return {
    status: outcome.status,
    response_text: outcome.responseText,
    model_id: outcome.modelId,
    prompt_tokens: outcome.promptTokens,
    completion_tokens: outcome.completionTokens,
    cost_usd: outcome.costUsd,
    latency_ms: outcome.latencyMs,
    first_token_ms: outcome.firstTokenMs,
  };
}

function questionColumns(question: Question) {
  const context = fingerprint(question.context);
  return {
    created_at: new Date().toISOString(),
    username: question.username,
    script_id: question.scriptId,
    script_version_id: question.scriptVersionId,
    prompt: question.prompt,
    context_sha256: context.sha256,
    context_bytes: context.bytes,
  };
}

const RUNNING = { status: 'running', response_text: '', latency_ms: 0 };

export class InteractionStore {
  constructor(private readonly db: Knex) {}

  /** Writes a question that is about to be sent. Resolves with its id once it is durable. */
  begin(question: Question, modelId: string): Promise<number> {
    return this.insert({ ...questionColumns(question), ...RUNNING, model_id: modelId });
  }

  /** Writes a question that was never sent, together with its outcome. */
  record(question: Question, outcome: Outcome): Promise<number> {
    return this.insert({ ...questionColumns(question), ...outcomeColumns(outcome) });
  }

  async finish(id: number, outcome: Outcome): Promise<void> {
    await this.db(TABLE).where({ id }).update(outcomeColumns(outcome));
  }

  /** Marks questions that a previous server process left unfinished as failed. Resolves with their number. */
  async closeInterrupted(): Promise<number> {
    return this.db(TABLE).where({ status: 'running' }).update({
      status: 'failed',
      response_text: '[FAILED] The server stopped before the answer was complete.',
    });
  }

  /** Newest first, one page. */
  async page(filter: InteractionFilter): Promise<Interaction[]> {
    const query = this.db<Interaction>(TABLE).orderBy('id', 'desc').limit(INTERACTIONS_PAGE_SIZE);
    if (filter.script !== undefined) query.where('script_id', filter.script);
    if (filter.user !== undefined) query.where('username', filter.user);
    if (filter.before !== undefined) query.where('id', '<', filter.before);
    return query;
  }

  async usage(by: UsageKey): Promise<UsageRow[]> {
    const column = { user: 'username', model: 'model_id', script: 'script_id', day: 'substr(created_at, 1, 10)' }[by];
    const rows: Record<string, unknown>[] = await this.db(TABLE)
      .whereNot('status', 'running')
      .select(this.db.raw(`${column} as ${this.db.ref('key')}`))
      .count({ interactions: '*' })
      .sum({ prompt_tokens: 'prompt_tokens', completion_tokens: 'completion_tokens', cost_usd: 'cost_usd' })
      .avg({ mean_latency_ms: 'latency_ms' })
      .groupByRaw(column)
      .orderByRaw(column);
    return rows.map((row) => ({
      key: row.key === null ? 'none' : String(row.key),
      interactions: Number(row.interactions),
      prompt_tokens: Number(row.prompt_tokens ?? 0),
      completion_tokens: Number(row.completion_tokens ?? 0),
      cost_usd: Number(row.cost_usd ?? 0),
      mean_latency_ms: Number(row.mean_latency_ms ?? 0),
    }));
  }

  /** Since midnight UTC, in US dollars. */
  async costToday(): Promise<number> {
    const midnight = `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`;
    const [row] = await this.db(TABLE).where('created_at', '>=', midnight).sum({ cost: 'cost_usd' });
    return Number(row?.cost ?? 0);
  }

  private async insert(row: object): Promise<number> {
    const [inserted] = await this.db(TABLE).insert(row).returning('id');
    return Number(typeof inserted === 'object' ? inserted.id : inserted);
  }
}
