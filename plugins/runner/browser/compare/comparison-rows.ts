/** The comparison of two runs as rows of a table: label, value in each, whether they differ. */
import { statusWords } from '@ved/catalog/contract';
import { type Difference, type Execution, leftOutWords, plainText, type RunComparison } from '@ved/runner/contract';
import { formatBytes, formatDuration, sourceWords } from '../runs/run-words.ts';

/** What can be opened side by side. */
export type Side = 'code' | 'input' | 'stdout' | 'stderr';

export interface ComparisonRow {
  readonly what: string;
  readonly a: string;
  readonly b: string;
  readonly differs: boolean;
  /** The texts behind the row; null when it has none. */
  readonly side: Side | null;
}

interface RowSource {
  readonly what: string;
  readonly by: readonly Difference[];
  readonly side?: Side;
  describe(run: Execution, comparison: RunComparison): string;
}

const SOURCES: readonly RowSource[] = [
  { what: 'Code', by: ['code'], side: 'code', describe: sourceWords },
  { what: 'Test data', by: ['input'], side: 'input', describe: (run) => `SHA-256 ${run.input_sha256.slice(0, 12)}…` },
  { what: 'Engine', by: ['engine'], describe: engineOf },
  { what: 'Interpreter', by: ['interpreter'], describe: (run) => run.interpreter },
  { what: 'Status', by: ['status'], describe: (run) => `${statusWords(run.status).icon} ${statusWords(run.status).word}` },
  { what: 'Exit code', by: ['exit_code'], describe: (run) => String(run.exit_code ?? 'none') },
  { what: 'stdout', by: ['stdout'], side: 'stdout', describe: (run) => extentOf(run.stdout, run.truncated) },
  { what: 'stderr', by: ['stderr'], side: 'stderr', describe: (run) => extentOf(run.stderr, run.truncated) },
  { what: 'Files', by: ['files'], describe: filesOf },
  { what: 'Time', by: ['time'], describe: (run) => (run.duration_ms === null ? 'unknown' : formatDuration(run.duration_ms)) },
  {
    what: 'Peak memory',
    by: ['memory'],
    describe: (run) => (run.peak_memory_bytes === null ? 'unknown' : formatBytes(run.peak_memory_bytes)),
  },
];

export function comparisonRows(comparison: RunComparison): ComparisonRow[] {
  const { a, b, differs } = comparison;
  return SOURCES.map(({ what, by, side, describe }) => ({
    what,
    a: describe(a, comparison),
    b: describe(b, comparison),
    differs: by.some((each) => differs.includes(each)),
    side: side ?? null,
  }));
}

function engineOf({ engine, image_digest }: Execution): string {
  return image_digest ? `${engine}, image ${image_digest.replace(/^sha256:/, '').slice(0, 12)}` : engine;
}

/** `3 files, 12 KiB; different: plot.png`, and what was left out. */
function filesOf({ files, files_left_out }: Execution, comparison: RunComparison): string {
  const bytes = files.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
  const extent = files.length === 0 ? 'none' : `${files.length} ${files.length === 1 ? 'file' : 'files'}, ${formatBytes(bytes)}`;
  const different = comparison.files.map(({ name }) => name).filter((name) => files.some((file) => file.name === name));
  return [extent, ...(different.length > 0 ? [`different: ${different.join(', ')}`] : []), ...files_left_out.map(leftOutWords)].join('; ');
}

/** `3 lines, 120 B`; `truncated` if not all output is stored. */
function extentOf(output: string, truncated: boolean): string {
  if (output === '') return 'empty';
  const lines = plainText(output).replace(/\n$/, '').split('\n').length;
  const size = formatBytes(new TextEncoder().encode(output).byteLength);
  return `${lines.toLocaleString('en')} ${lines === 1 ? 'line' : 'lines'}, ${size}${truncated ? ', truncated' : ''}`;
}
