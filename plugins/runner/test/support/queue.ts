/** A queue over a real database in a folder of its own, without the server around it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEnd } from '@ved/catalog/contract';
import type { Knex } from 'knex';
import { openDatabase } from '../../../../core/server/database/open.ts';
import { asksForPackages } from '../../server/interpreters/script-block.ts';
import { runnerMigrations } from '../../server/migrations/index.ts';
import type { ClaimedRun, EngineRecord, NewRun, Offer, Outcome, Starter } from '../../server/queue/run-queue.ts';
import { SqliteRunQueue } from '../../server/queue/sqlite-run-queue.ts';
import { PassStore } from '../../server/store/pass-store.ts';
import { RunStore } from '../../server/store/run-store.ts';

export interface QueueBench {
  readonly db: Knex;
  readonly queue: SqliteRunQueue;
  readonly runs: RunStore;
  readonly passes: PassStore;
  /** What its runs have told of their ends. */
  readonly ends: RunEnd[];
  /** Starts up to so many that wait, and answers with the ids. Only until something else carries runs out. */
  claim(count: number): Promise<number[]>;
  close(): Promise<void>;
}

const ENGINE: EngineRecord = { engine: 'node', interpreter: 'node-20', isolation: 'none', imageDigest: null };

export const SUCCEEDED: Outcome = {
  status: 'succeeded',
  exitCode: 0,
  reason: null,
  durationMs: 1,
  peakMemoryBytes: null,
  truncated: false,
};
export const FAILED: Outcome = { ...SUCCEEDED, status: 'failed', exitCode: 1 };

/** Takes runs as a dispatcher does, and carries none out. */
export class Taker implements Starter {
  readonly taken: ClaimedRun[] = [];
  /** Runs that end give no room back. */
  room = 0;
  withdrawn = 0;
  /** Why runs that need packages must stay queued; null when they need not. */
  refusal: string | null = null;

  constructor(private readonly queue: SqliteRunQueue) {
    queue.startWith(this);
  }

  offer(): Offer {
    const accept = (started: readonly ClaimedRun[]): void => {
      this.room -= started.length;
      this.taken.push(...started);
    };
    const withdraw = (): void => {
      this.withdrawn += 1;
    };
    return { room: this.room, engine: ENGINE, awaitPackages: () => this.refusal, accept, withdraw };
  }

  /** Up to so many that wait. */
  async take(count: number): Promise<ClaimedRun[]> {
    this.room = count;
    await this.queue.startWaiting();
    this.room = 0;
    return this.taken.splice(0);
  }
}

/** A queue over a database that keeps in `ends` what it tells of runs that ended. */
export function queueOver(db: Knex, ends: RunEnd[] = []): SqliteRunQueue {
  const recordEnds = async (_: Knex.Transaction, ended: readonly RunEnd[]) => () => void ends.push(...ended);
  return new SqliteRunQueue(db, () => new Date().toISOString(), recordEnds);
}

export async function openQueue(): Promise<QueueBench> {
  const folder = await mkdtemp(join(tmpdir(), 'ved-queue-'));
  const db = openDatabase(join(folder, 'ved.sqlite'));
  for (const migration of runnerMigrations) await migration.up(db);
  const ends: RunEnd[] = [];
  const queue = queueOver(db, ends);
  let taker: Taker | null = null;
  const claim = async (count: number): Promise<number[]> => {
    taker ??= new Taker(queue);
    return (await taker.take(count)).map((run) => run.id);
  };
  return {
    db,
    queue,
    runs: new RunStore(db),
    passes: new PassStore(db),
    ends,
    claim,
    close: async () => {
      await db.destroy();
      await rm(folder, { recursive: true });
    },
  };
}

/** A run that somebody wants; the ordering is in hundredths. */
export function wanted(startedBy: string, ordering = 100, text = 'print(1)'): NewRun {
  return {
    scriptId: ordering,
    versionId: 1,
    ordering,
    descriptiveName: `script ${ordering}`,
    versionLabel: '0.1',
    source: 'prod',
    unsaved: false,
    unsavedTestData: false,
    gitCommitHash: 'c'.repeat(40),
    code: Buffer.from(text),
    input: Buffer.from(''),
    startedBy,
    limits: { timeoutMs: 1000, memoryBytes: 1, cpus: 1, outputBytes: 1 },
    needsPackages: asksForPackages(Buffer.from(text)),
    wantedInterpreter: null,
    interpreter: null,
  };
}

/** A pass of scripts with these numbers. */
export function pass(startedBy: string, orderings: readonly number[], onFailure: 'continue' | 'stop' = 'continue') {
  return { startedBy, onFailure, runs: orderings.map((ordering) => wanted(startedBy, ordering)) };
}
