/** The record of a run as rows of label and value. */
import { isFinal, type RunListItem } from '@ved/runner/contract';
import { formatBytes, formatDuration } from '../runs/run-words.ts';

export interface RecordRow {
  readonly what: string;
  readonly value: string;
  /** Hashes are shown as code, with a Copy button. */
  readonly isHash?: boolean;
  /** A time in ISO 8601; shown in the person's time zone. */
  readonly time?: string;
}

type Describe = (run: RunListItem) => Omit<RecordRow, 'what'> | string | null;

/** A row that returns null is left out. */
const ROWS: readonly (readonly [string, Describe])[] = [
  ['Text', ({ version_label, source, unsaved }) => `v${version_label} ${source}${unsaved ? ', with unsaved changes' : ''}`],
  ['Commit', (run) => hash(run.git_commit_hash)],
  ['Test data', (run) => (run.unsaved_test_data ? 'not those saved with the script' : 'as saved with the script')],
  ['Test data SHA-256', (run) => hash(run.input_sha256)],
  ['Interpreter', (run) => run.interpreter || null],
  ['Engine', (run) => run.engine || null],
  ['Isolation', (run) => [run.isolation, run.reused && 'Its container had been used by an earlier run.'].filter(Boolean).join(' ') || null],
  ['Image', (run) => hash(run.image_digest)],
  ['Packages', (run) => run.packages?.join(', ') ?? null],
  ['Limits', limitsOf],
  ['Started by', (run) => (run.pass_id === null ? run.started_by : `${run.started_by}, in pass ${run.pass_id}`)],
  ['Queued', (run) => moment(run.queued_at)],
  ['Started', startOf],
  ['Finished', (run) => (run.finished_at === null ? null : moment(run.finished_at))],
  ['Reason', (run) => run.reason],
];

export function recordRows(run: RunListItem): RecordRow[] {
  return ROWS.flatMap(([what, describe]) => {
    const described = describe(run);
    if (described === null) return [];
    return [typeof described === 'string' ? { what, value: described } : { what, ...described }];
  });
}

function hash(value: string | null): Omit<RecordRow, 'what'> | null {
  return value === null ? null : { value, isHash: true };
}

function moment(time: string): Omit<RecordRow, 'what'> {
  return { value: time, time };
}

/** Only a run that was started has an engine. */
function startOf({ status, engine, started_at }: RunListItem): Omit<RecordRow, 'what'> | string | null {
  if (engine !== '') return moment(started_at);
  return isFinal(status) ? 'never' : null;
}

function limitsOf({ limits: { timeout_ms, memory_bytes, cpus, output_bytes } }: RunListItem): string {
  const processors = `${cpus} ${cpus === 1 ? 'processor' : 'processors'} (if the engine limits them)`;
  return [formatDuration(timeout_ms), `${formatBytes(memory_bytes)} of memory`, processors, `${formatBytes(output_bytes)} of output`].join(
    ', ',
  );
}
