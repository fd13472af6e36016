/**
 * One durable step of the queue: a transaction, its time, and what it changes. Work
 * that arrives during a step is batched into the next one, because one commit for all
 * costs the same as for one.
 */
import type { RunEnd } from '@ved/catalog/contract';
import type { Knex } from 'knex';
import type { PassRow } from '../store/rows.ts';
import { OpenPass } from './passes.ts';
import type { Changes } from './run-queue.ts';

export class Step implements Changes {
  private readonly runIds = new Set<number>();
  private readonly passIds = new Set<number>();
  private readonly opened = new Map<number, OpenPass>();
  private readonly endsSoFar: RunEnd[] = [];
  private hasReleased = false;

  constructor(
    readonly trx: Knex.Transaction,
    /** ISO 8601. */
    readonly at: string,
  ) {}

  get runs(): readonly number[] {
    return [...this.runIds];
  }

  get passes(): readonly number[] {
    return [...this.passIds];
  }

  get mayStartMore(): boolean {
    return this.hasReleased;
  }

  /** Of runs that had started. */
  get ends(): readonly RunEnd[] {
    return this.endsSoFar;
  }

  changedRun(id: number): void {
    this.runIds.add(id);
  }

  changedPass(id: number): void {
    this.passIds.add(id);
  }

  /** Records that more runs may start. */
  release(): void {
    this.hasReleased = true;
  }

  /** Records that a started run has ended. */
  ended(end: Omit<RunEnd, 'at'>): void {
    this.endsSoFar.push({ ...end, at: this.at });
  }

  /** A pass to be changed in memory; read once per step and written by `save`. */
  async pass(id: number): Promise<OpenPass> {
    const known = this.opened.get(id);
    if (known !== undefined) return known;
    const row = await this.trx<PassRow>('runner_passes').where({ id }).first();
    if (row === undefined) throw new Error(`there is no pass ${id}, though a run belongs to it`);
    const pass = new OpenPass(this, { ...(row as PassRow) });
    this.opened.set(id, pass);
    return pass;
  }

  /** Writes every changed pass; call it before querying passes by their columns, and at the end. */
  async save(): Promise<void> {
    for (const pass of this.opened.values()) await pass.save();
  }
}

type Work<T> = (step: Step) => Promise<T>;

interface Waiting {
  readonly work: Work<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

export class Steps {
  private waiting: Waiting[] = [];
  private isBusy = false;

  /** `take` performs all work in one step, notifies listeners once it is durable, and returns the results. */
  constructor(private readonly take: (works: readonly Work<unknown>[]) => Promise<readonly unknown[]>) {}

  /** Resolves once the work is durable. Work of one turn is done in order in one step; if that fails, each is tried alone. */
  do<T>(work: Work<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ work, resolve, reject });
      if (!this.isBusy) void this.takeAll();
    });
  }

  private async takeAll(): Promise<void> {
    this.isBusy = true;
    while (this.waiting.length > 0) {
      // Includes work of the same turn, and work caused by the last step.
      await new Promise(setImmediate);
      await this.settle(this.waiting.splice(0));
    }
    this.isBusy = false;
  }

  private async settle(batch: readonly Waiting[]): Promise<void> {
    try {
      const values = await this.take(batch.map(({ work }) => work));
      for (const [index, { resolve }] of batch.entries()) resolve(values[index] as never);
    } catch (error) {
      if (batch.length === 1) batch[0]!.reject(error);
      else for (const one of batch) await this.settle([one]);
    }
  }
}
