/** Rows of the runner's tables, and their conversion to the contract's types. */
import type { RunStatus } from '@ved/catalog/contract';
import type {
  Execution,
  LeftOut,
  Limits,
  OnFailure,
  Pass,
  PassRun,
  PassStatus,
  RunLimits,
  RunListItem,
  Source,
} from '@ved/runner/contract';

export interface RunRow {
  readonly id: number;
  readonly script_id: number;
  readonly script_version_id: number;
  readonly pass_id: number | null;
  readonly pass_revision: number | null;
  /** In hundredths; divided by 100, the integer part is the group. */
  readonly ordering: number;
  readonly descriptive_name: string;
  readonly version_label: string;
  readonly source: Source;
  /** Booleans are 0 and 1 in SQLite. */
  readonly unsaved: boolean | number;
  readonly unsaved_test_data: boolean | number;
  readonly git_commit_hash: string;
  readonly code_sha256: string;
  readonly input_sha256: string;
  readonly started_by: string;
  readonly status: RunStatus;
  readonly released: boolean | number;
  readonly start_order: number | null;
  readonly queued_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly duration_ms: number | null;
  readonly exit_code: number | null;
  readonly truncated: boolean | number;
  /** Why it ended as it did, or why it stays queued. */
  readonly reason: string | null;
  readonly error_line: string | null;
  readonly engine: string;
  readonly interpreter: string;
  readonly needs_packages: boolean | number;
  /** The one that a person chose; null if chosen automatically. */
  readonly wanted_interpreter: string | null;
  readonly isolation: string;
  readonly reused: boolean | number;
  readonly image_digest: string | null;
  /** JSON of `Limits`. */
  readonly limits: string;
  /** JSON of `name==version`; null if none or unknown. */
  readonly packages: string | null;
  readonly peak_memory_bytes: number | null;
  readonly file_count: number;
  /** JSON of `LeftOut[]`. */
  readonly files_left_out: string | null;
}

export interface PassRow {
  readonly id: number;
  readonly status: PassStatus;
  readonly on_failure: OnFailure;
  readonly started_by: string;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly reason: string | null;
  readonly total: number;
  readonly finished: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly revision: number;
}

export interface OutputRow {
  readonly run_id: number;
  readonly seq: number;
  readonly stream: 'stdout' | 'stderr';
  readonly data: Buffer;
}

/** Scripts with the same integer part run in parallel. */
export function groupOf(ordering: number): number {
  return Math.floor(ordering / 100);
}

/** A run without its output. If it has not started, `started_at` is the time at which it was queued. */
export function toListItem(row: RunRow): RunListItem {
  return {
    id: row.id,
    script_id: row.script_id,
    script_version_id: row.script_version_id,
    pass_id: row.pass_id,
    status: row.status,
    exit_code: row.exit_code,
    truncated: Boolean(row.truncated),
    started_at: row.started_at ?? row.queued_at,
    finished_at: row.finished_at,
    duration_ms: row.duration_ms,
    interpreter: row.interpreter,
    engine: row.engine,
    image_digest: row.image_digest,
    git_commit_hash: row.git_commit_hash,
    input_sha256: row.input_sha256,
    peak_memory_bytes: row.peak_memory_bytes === null ? null : Number(row.peak_memory_bytes),
    started_by: row.started_by,
    source: row.source,
    version_label: row.version_label,
    unsaved: Boolean(row.unsaved),
    unsaved_test_data: Boolean(row.unsaved_test_data),
    queued_at: row.queued_at,
    reason: row.reason,
    error_line: row.error_line,
    isolation: row.isolation,
    reused: Boolean(row.reused),
    limits: limitsOf(row),
    packages: row.packages === null ? null : JSON.parse(row.packages),
    file_count: row.file_count,
  };
}

function limitsOf({ limits }: RunRow): RunLimits {
  const { timeoutMs, memoryBytes, cpus, outputBytes } = JSON.parse(limits) as Limits;
  return { timeout_ms: timeoutMs, memory_bytes: memoryBytes, cpus, output_bytes: outputBytes };
}

const NOT_ENDED = {
  finished_at: null,
  duration_ms: null,
  exit_code: null,
  truncated: false,
  peak_memory_bytes: null,
  reason: null,
  error_line: null,
  reused: false,
  file_count: 0,
} as const;

/** A run as it was while queued, derived from its current row. */
export function asQueued(row: RunRow): RunListItem {
  const reason = row.status === 'queued' ? row.reason : null;
  return { ...toListItem(row), ...NOT_ENDED, reason, status: 'queued', started_at: row.queued_at };
}

/** A run as it was when it started, derived from its current row. */
export function asRunning(row: RunRow): RunListItem {
  return { ...toListItem(row), ...NOT_ENDED, status: 'running' };
}

export function toExecution(row: RunRow, output: Pick<Execution, 'stdout' | 'stderr' | 'files'>): Execution {
  return { ...toListItem(row), ...output, files_left_out: leftOutOf(row) };
}

/** What was left out of `/tmp/out`. */
export function leftOutOf({ files_left_out }: RunRow): LeftOut[] {
  return files_left_out === null ? [] : JSON.parse(files_left_out);
}

export function toPassRun(row: RunRow): PassRun {
  return { ...toListItem(row), ordering_number: row.ordering / 100, descriptive_name: row.descriptive_name };
}

export function toPass(row: PassRow): Pass {
  return {
    id: row.id,
    status: row.status,
    on_failure: row.on_failure,
    started_by: row.started_by,
    created_at: row.created_at,
    started_at: row.started_at,
    finished_at: row.finished_at,
    reason: row.reason,
    counts: { total: row.total, finished: row.finished, failed: row.failed, cancelled: row.cancelled },
  };
}
