/** Ends runs inside a step, and lets their passes go on. */
import { together } from '@ved/core/server';
import type { OutputChunk } from '@ved/runner/contract';
import type { Knex } from 'knex';
import type { NewFiles } from '../files/gathered-files.ts';
import { insertFiles } from '../store/file-store.ts';
import type { RunRow } from '../store/rows.ts';
import { beginNextPass } from './pass-order.ts';
import type { Outcome } from './run-queue.ts';
import type { Step } from './step.ts';

export interface Ending {
  readonly runId: number;
  readonly outcome: Outcome;
  readonly lastChunks: readonly OutputChunk[];
  readonly files: NewFiles;
}

type Live = Pick<RunRow, 'id' | 'pass_id' | 'script_id' | 'status'>;

/** Rows in one INSERT; SQLite takes 32,766 variables in a statement. */
const ROWS_PER_INSERT = 200;

/** Ends runs that are not final yet; nothing happens to those that are. */
export async function endRuns(step: Step, endings: readonly Ending[]): Promise<void> {
  const rows: Live[] = await step
    .trx('runner_runs')
    .whereIn(
      'id',
      endings.map((ending) => ending.runId),
    )
    .whereIn('status', ['queued', 'running'])
    .select('id', 'pass_id', 'script_id', 'status');
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const live = endings.filter(({ runId }) => rowOf.has(runId));
  await together(insertChunks(step.trx, live), endEach(step, live, rowOf));
  const passIds = new Set(rows.map((row) => row.pass_id).filter((id) => id !== null));
  const passes = await Promise.all([...passIds].map((id) => step.pass(id)));
  for (const pass of passes) await pass.advance();
  if (passes.some((pass) => pass.isOver)) await beginNextPass(step);
}

async function endEach(step: Step, endings: readonly Ending[], rowOf: ReadonlyMap<number, Live>): Promise<void> {
  for (const ending of endings) await endOne(step, ending, rowOf.get(ending.runId)!);
}

async function endOne(step: Step, { runId, outcome, files }: Ending, run: Live): Promise<void> {
  if (run.status === 'running') step.ended({ runId, scriptId: run.script_id, exitCode: outcome.exitCode, status: outcome.status });
  const columns = {
    status: outcome.status,
    exit_code: outcome.exitCode,
    reason: outcome.reason,
    duration_ms: inMicroseconds(outcome.durationMs),
    peak_memory_bytes: outcome.peakMemoryBytes,
    truncated: outcome.truncated,
    error_line: outcome.errorLine ?? null,
    reused: outcome.reused ?? false,
    ...(await insertFiles(step.trx, runId, files)),
  };
  if (run.pass_id !== null) return (await step.pass(run.pass_id)).endRun(runId, columns);
  await step
    .trx('runner_runs')
    .where({ id: runId })
    .update({ ...columns, finished_at: step.at });
  step.changedRun(runId);
}

/** Keeps what runs wrote. */
export async function insertChunks(trx: Knex, written: readonly Pick<Ending, 'runId' | 'lastChunks'>[]): Promise<void> {
  const rows = written.flatMap(({ runId, lastChunks }) =>
    lastChunks.map(({ seq, stream, text }) => ({ run_id: runId, seq, stream, data: Buffer.from(text, 'utf8') })),
  );
  for (let at = 0; at < rows.length; at += ROWS_PER_INSERT) await trx('runner_output').insert(rows.slice(at, at + ROWS_PER_INSERT));
}

/** The clock counts finer than it can tell: 125.95317900000373 ms. */
function inMicroseconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1000;
}
