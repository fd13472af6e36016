/** A queue over a real database in a folder of its own, without the server around it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { openDatabase } from '../../../../core/server/database/open.ts';
import { runnerMigrations } from '../../server/migrations/index.ts';
import type { EngineRecord, NewRun, Outcome } from '../../server/queue/run-queue.ts';
import { SqliteRunQueue } from '../../server/queue/sqlite-run-queue.ts';
import { PassStore } from '../../server/store/pass-store.ts';
import { RunStore } from '../../server/store/run-store.ts';

export interface QueueBench {
  readonly db: Knex;
  readonly queue: SqliteRunQueue;
  readonly runs: RunStore;
  readonly passes: PassStore;
  /** Claims and answers with the ids. */
  claim(count: number): Promise<number[]>;
  close(): Promise<void>;
}

export const ENGINE: EngineRecord = { engine: 'node', interpreter: 'node-20', isolation: 'none', imageDigest: null };

export const SUCCEEDED: Outcome = {
  status: 'succeeded',
  exitCode: 0,
  reason: null,
  durationMs: 1,
  peakMemoryBytes: null,
  truncated: false,
};
export const FAILED: Outcome = { ...SUCCEEDED, status: 'failed', exitCode: 1 };

export async function openQueue(): Promise<QueueBench> {
  const folder = await mkdtemp(join(tmpdir(), 'ved-queue-'));
  const db = openDatabase(join(folder, 'ved.sqlite'));
  for (const migration of runnerMigrations) await migration.up(db);
  const queue = new SqliteRunQueue(db, () => new Date().toISOString());
  return {
    db,
    queue,
    runs: new RunStore(db),
    passes: new PassStore(db),
    claim: async (count) => (await queue.claim(count, ENGINE)).map((run) => run.id),
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
    gitCommitHash: 'c'.repeat(40),
    code: Buffer.from(text),
    input: Buffer.from(''),
    startedBy,
    limits: { timeoutMs: 1000, memoryBytes: 1, cpus: 1, outputBytes: 1 },
    wantedInterpreter: null,
    interpreter: null,
  };
}

/** A pass of scripts with these numbers. */
export function pass(startedBy: string, orderings: readonly number[], onFailure: 'continue' | 'stop' = 'continue') {
  return { startedBy, onFailure, runs: orderings.map((ordering) => wanted(startedBy, ordering)) };
}
