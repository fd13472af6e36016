/**
 * One durable step of the queue: a transaction, the moment it is dated with,
 * and what it changes. A pass is read once in a step and written once, at its
 * end; what changed is told to listeners after the commit.
 */
import type { RunEnd } from '@ved/catalog/contract';
import type { Knex } from 'knex';
import type { PassRow } from '../store/rows.ts';
import { OpenPass, type PassStep } from './open-pass.ts';
import type { Changes } from './run-queue.ts';

export class Step implements Changes, PassStep {
  private readonly runIds = new Set<number>();
  private readonly passIds = new Set<number>();
  private readonly opened = new Map<number, OpenPass>();
  private readonly endsSoFar: RunEnd[] = [];
  private released = false;

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

  /** Of runs that had begun. */
  get ends(): readonly RunEnd[] {
    return this.endsSoFar;
  }

  /** Whether it let runs start that could not before. */
  get hasReleased(): boolean {
    return this.released;
  }

  changedRun(id: number): void {
    this.runIds.add(id);
  }

  changedPass(id: number): void {
    this.passIds.add(id);
  }

  /** A run that had begun is over. */
  ended(end: Omit<RunEnd, 'at'>): void {
    this.endsSoFar.push({ ...end, at: this.at });
  }

  release(): void {
    this.released = true;
  }

  /** A pass, to be changed in memory. */
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
