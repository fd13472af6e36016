/** Reads runs and their output. The queue changes them; retention removes them. */
import type { RunStatus } from '@ved/catalog/contract';
import { NotFound } from '@ved/core/contract';
import type { Execution, OutputChunk, RunListItem, Source } from '@ved/runner/contract';
import type { Knex } from 'knex';
import { readBlobs } from './blobs.ts';
import { FileStore } from './file-store.ts';
import { type OutputRow, type RunRow, toExecution, toListItem } from './rows.ts';

/** One page of `/api/runs`. */
const PAGE_RUNS = 100;
/** Chunks read at a time for one follower: at 64 KiB each, a slow reader holds at most 1 MiB. */
const PAGE_CHUNKS = 16;

export interface RunFilter {
  readonly script?: number | undefined;
  readonly pass?: number | undefined;
  readonly status?: RunStatus | undefined;
  readonly started_by?: string | undefined;
  readonly source?: Source | undefined;
  /** Only runs with smaller ids. */
  readonly before?: number | undefined;
}

/** The runs of one version. */
export interface VersionRuns {
  readonly version_id: number;
  readonly runs: number;
  readonly last: { readonly id: number; readonly status: RunStatus };
}

export class RunStore {
  readonly files: FileStore;

  constructor(private readonly db: Knex) {
    this.files = new FileStore(db);
  }

  /** Throws NotFound. */
  async row(runId: number): Promise<RunRow> {
    const row = await this.db<RunRow>('runner_runs').where({ id: runId }).first();
    if (row === undefined) throw new NotFound('runner/unknown-run', `There is no run ${runId}. It may have been removed by retention.`);
    return row as RunRow;
  }

  /** The runs that still exist, oldest first. */
  async rows(runIds: readonly number[]): Promise<RunRow[]> {
    if (runIds.length === 0) return [];
    return (await this.db<RunRow>('runner_runs')
      .whereIn('id', [...runIds])
      .orderBy('id')) as RunRow[];
  }

  async execution(runId: number): Promise<Execution> {
    return this.withOutput(await this.row(runId));
  }

  /** The same for a run that is known to have ended: row and output are read in parallel. */
  async endedExecution(runId: number): Promise<Execution> {
    const [row, output] = await Promise.all([this.row(runId), this.outputRows(runId)]);
    return this.toExecution(row, output);
  }

  /** The newest run of any version of a script. */
  async last(scriptId: number): Promise<Execution | null> {
    const row = await this.db<RunRow>('runner_runs').where({ script_id: scriptId }).orderBy('id', 'desc').first();
    return row === undefined ? null : this.withOutput(row as RunRow);
  }

  async list(filter: RunFilter): Promise<RunListItem[]> {
    const { script: script_id, pass: pass_id, status, started_by, source, before } = filter;
    const query = this.db<RunRow>('runner_runs').orderBy('id', 'desc').limit(PAGE_RUNS);
    for (const [column, value] of Object.entries({ script_id, pass_id, status, started_by, source }))
      if (value !== undefined) query.where(column, value);
    if (before !== undefined) query.where('id', '<', before);
    return ((await query) as RunRow[]).map(toListItem);
  }

  /** The names of people who started a stored run. */
  async starters(): Promise<string[]> {
    return this.db('runner_runs').distinct('started_by').orderBy('started_by').pluck('started_by');
  }

  /** The number of runs of each version of a script and its newest run, newest version first. Without runs of unsaved text. */
  async byVersion(scriptId: number): Promise<VersionRuns[]> {
    const counted = this.db('runner_runs')
      .where({ script_id: scriptId, unsaved: false })
      .groupBy('script_version_id')
      .select('script_version_id as version_id')
      .count('* as runs')
      .max('id as last_id');
    const rows = await this.db
      .from(counted.as('counted'))
      .join('runner_runs as last', 'last.id', 'counted.last_id')
      .orderBy('counted.version_id', 'desc')
      .select<{ version_id: number; runs: number; id: number; status: RunStatus }[]>(
        'counted.version_id',
        'counted.runs',
        'last.id',
        'last.status',
      );
    return rows.map(({ version_id, runs, id, status }) => ({ version_id, runs: Number(runs), last: { id, status } }));
  }

  /** The text and the test data of a run. */
  async inputsOf(runId: number): Promise<{ content: string; testData: string }> {
    const row = await this.row(runId);
    const bytes = await readBlobs(this.db, [row.code_sha256, row.input_sha256]);
    return { content: bytes.get(row.code_sha256)!.toString('utf8'), testData: bytes.get(row.input_sha256)!.toString('utf8') };
  }

  /** The next page of chunks from `seq` on. */
  async chunksFrom(runId: number, seq: number): Promise<OutputChunk[]> {
    const rows: OutputRow[] = await this.db('runner_output')
      .where('run_id', runId)
      .where('seq', '>=', seq)
      .orderBy('seq')
      .limit(PAGE_CHUNKS);
    return rows.map((row) => ({ seq: row.seq, stream: row.stream, text: row.data.toString('utf8') }));
  }

  /** The number of the last chunk; null if there is none. */
  async lastSeq(runId: number): Promise<number | null> {
    const row = await this.db('runner_output').where({ run_id: runId }).max({ seq: 'seq' }).first();
    return row?.seq ?? null;
  }

  /** The number of queued runs. */
  async queued(): Promise<number> {
    const [row] = await this.db('runner_runs').where({ status: 'queued' }).count({ count: '*' });
    return Number(row?.count);
  }

  /** Reads the output after the row, so that it is complete if the run has ended. */
  private async withOutput(row: RunRow): Promise<Execution> {
    return this.toExecution(row, await this.outputRows(row.id));
  }

  private async outputRows(runId: number): Promise<OutputRow[]> {
    return this.db('runner_output').where('run_id', runId).orderBy('seq');
  }

  private async toExecution(row: RunRow, rows: readonly OutputRow[]): Promise<Execution> {
    const text = (stream: OutputRow['stream']) => Buffer.concat(rows.filter((chunk) => chunk.stream === stream).map((chunk) => chunk.data));
    const files = await this.files.list(row);
    return toExecution(row, { stdout: text('stdout').toString('utf8'), stderr: text('stderr').toString('utf8'), files });
  }
}
