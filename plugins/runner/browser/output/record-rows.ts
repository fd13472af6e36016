/** What produced a run, as rows: what, how it was, and what of it can be copied. */
import { isFinal, type RunListItem } from '@ved/runner/contract';
import { formatBytes, formatDuration } from '../runs/run-words.ts';

export interface RecordRow {
  readonly what: string;
  readonly value: string;
  /** A hash is shown as code, with a button that copies it. */
  readonly isHash?: boolean;
  /** A time, in ISO 8601; its value is exact in the person's own zone. */
  readonly time?: string;
}

type Say = (run: RunListItem) => Omit<RecordRow, 'what'> | string | null;

/** Null leaves a row out. */
const ROWS: readonly (readonly [string, Say])[] = [
  ['Text', ({ version_label, source, unsaved }) => `v${version_label} ${source}${unsaved ? ', with changes that were not saved' : ''}`],
  ['Commit', (run) => hash(run.git_commit_hash)],
  ['Test data', (run) => (run.unsaved_test_data ? 'other than were saved with the script' : 'as saved with the script')],
  ['Their SHA-256', (run) => hash(run.input_sha256)],
  ['Interpreter', (run) => run.interpreter || null],
  ['Engine', (run) => run.engine || null],
  ['Isolation', (run) => [run.isolation, run.reused && 'This one had carried out another run before.'].filter(Boolean).join(' ') || null],
  ['Image', (run) => hash(run.image_digest)],
  ['Packages', (run) => run.packages?.join(', ') ?? null],
  ['Limits', limitsOf],
  ['Started by', (run) => (run.pass_id === null ? run.started_by : `${run.started_by}, in pass ${run.pass_id}`)],
  ['Queued', (run) => moment(run.queued_at)],
  ['Started', startOf],
  ['Finished', (run) => (run.finished_at === null ? null : moment(run.finished_at))],
  ['Why it ended so', (run) => run.reason],
];

export function recordRows(run: RunListItem): RecordRow[] {
  return ROWS.flatMap(([what, say]) => {
    const said = say(run);
    if (said === null) return [];
    return [typeof said === 'string' ? { what, value: said } : { what, ...said }];
  });
}

function hash(value: string | null): Omit<RecordRow, 'what'> | null {
  return value === null ? null : { value, isHash: true };
}

function moment(time: string): Omit<RecordRow, 'what'> {
  return { value: time, time };
}

/** Of an engine only a run that was started knows. */
function startOf({ status, engine, started_at }: RunListItem): Omit<RecordRow, 'what'> | string | null {
  if (engine !== '') return moment(started_at);
  return isFinal(status) ? 'never' : null;
}

function limitsOf({ limits: { timeout_ms, memory_bytes, cpus, output_bytes } }: RunListItem): string {
  const processors = `${cpus} ${cpus === 1 ? 'processor' : 'processors'} (where the engine bounds them)`;
  return [formatDuration(timeout_ms), `${formatBytes(memory_bytes)} of memory`, processors, `${formatBytes(output_bytes)} of output`].join(
    ', ',
  );
}
