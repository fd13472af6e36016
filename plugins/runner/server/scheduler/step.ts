/**
 * One durable step of the queue: a transaction, the moment it is dated with,
 * and what it changes. Works that come while a step is under way share the next
 * one, as a commit for all of them costs what one costs.
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

  /** Of runs that had begun. */
  get ends(): readonly RunEnd[] {
    return this.endsSoFar;
  }

  changedRun(id: number): void {
    this.runIds.add(id);
  }

  changedPass(id: number): void {
    this.passIds.add(id);
  }

  /** Runs may start that could not before. */
  release(): void {
    this.hasReleased = true;
  }

  /** A run that had begun is over. */
  ended(end: Omit<RunEnd, 'at'>): void {
    this.endsSoFar.push({ ...end, at: this.at });
  }

  /** A pass, to be changed in memory: it is read once in a step and written once, at its end. */
  async pass(id: number): Promise<OpenPass> {
    const known = this.opened.get(id);
    if (known !== undefined) return known;
    const row = await this.trx<PassRow>('runner_passes').where({ id }).first();
    if (row === undefined) throw new Error(`there is no pass ${id}, though a run belongs to it`);
    const pass = new OpenPass(this, { ...(row as PassRow) });
    this.opened.set(id, pass);
    return pass;
  }

  /** Writes every pass that was changed; before the passes are asked for by their columns, and at the end. */
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

  /** `take` makes one step of works and tells of it once it is durable; what it answers with are their values. */
  constructor(private readonly take: (works: readonly Work<unknown>[]) => Promise<readonly unknown[]>) {}

  /** Resolves once it is durable. Works of one turn follow one another in one step; one that fails with others is tried alone. */
  do<T>(work: Work<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ work, resolve, reject });
      if (!this.isBusy) void this.takeAll();
    });
  }

  private async takeAll(): Promise<void> {
    this.isBusy = true;
    while (this.waiting.length > 0) {
      // What comes in the same turn, and what the last step led to, belongs to it.
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
