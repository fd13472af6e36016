/** A queue over a real database in a new folder, without a server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEnd } from '@ved/catalog/contract';
import type { Knex } from 'knex';
import { openDatabase } from '../../../../core/server/database/open.ts';
import { asksForPackages } from '../../server/interpreters/script-block.ts';
import { runnerMigrations } from '../../server/migrations/index.ts';
import type { ClaimedRun, EngineRecord, NewRun, Outcome } from '../../server/scheduler/run-queue.ts';
import { SqliteRunQueue } from '../../server/scheduler/sqlite-run-queue.ts';
import { PassStore } from '../../server/store/pass-store.ts';
import { RunStore } from '../../server/store/run-store.ts';

export interface QueueBench {
  readonly db: Knex;
  readonly queue: SqliteRunQueue;
  readonly runs: RunStore;
  readonly passes: PassStore;
  /** The reported ends of its runs. */
  readonly ends: RunEnd[];
  /** Marks up to this many queued runs as running; returns their ids. */
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

/** Marks up to this many queued runs as running, without executing them. */
export function take(
  queue: SqliteRunQueue,
  count: number,
  packageWaits: ReadonlyMap<string, number> = new Map(),
): Promise<readonly ClaimedRun[]> {
  return queue.claim(count, { engine: ENGINE, packageWaits });
}

/** A queue over a database that adds reported ends of runs to `ends`. */
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
  const claim = async (count: number): Promise<number[]> => (await take(queue, count)).map((run) => run.id);
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

/** A requested run; the ordering is in hundredths. */
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
