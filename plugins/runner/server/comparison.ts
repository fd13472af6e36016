/** What differs between two runs. */
import type { Execution, RunComparison, RunFile } from '@ved/runner/contract';

type Difference = RunComparison['differs'][number];

/** Times and sizes are never the same twice; nearer than this they say nothing. */
const NOISE_FRACTION = 0.1;
const NOISE_MS = 10;
const NOISE_BYTES = 1024 * 1024;

/** Time and memory do not make two runs differ in what they did. */
export function compareRuns(a: Execution, b: Execution, code: { readonly a: string; readonly b: string }): RunComparison {
  const files = differingFiles(a, b);
  const found: Record<Difference, boolean> = {
    code: code.a !== code.b,
    input: a.input_sha256 !== b.input_sha256,
    engine: a.engine !== b.engine || a.image_digest !== b.image_digest,
    interpreter: a.interpreter !== b.interpreter,
    status: a.status !== b.status,
    exit_code: a.exit_code !== b.exit_code,
    stdout: a.stdout !== b.stdout,
    stderr: a.stderr !== b.stderr,
    files: files.length > 0 || leftOut(a) !== leftOut(b) || [a, b].some(wereRemoved),
    time: isFar(a.duration_ms, b.duration_ms, NOISE_MS),
    memory: isFar(a.peak_memory_bytes, b.peak_memory_bytes, NOISE_BYTES),
  };
  const differs = (Object.keys(found) as Difference[]).filter((key) => found[key]);
  const identical = differs.every((key) => key === 'time' || key === 'memory');
  return { a, b, identical, differs, files, code: { ...code } };
}

/** By name; a file with the same bytes in both is not among them. */
function differingFiles(a: Execution, b: Execution): RunComparison['files'] {
  const sides = [a, b].map(({ files }) => new Map(files.map((file) => [file.name, file])));
  const [inA, inB] = sides as [Map<string, RunFile>, Map<string, RunFile>];
  return [...new Set([...inA.keys(), ...inB.keys()])]
    .map((name) => ({ name, a: inA.get(name) ?? null, b: inB.get(name) ?? null }))
    .filter((file) => file.a?.sha256 !== file.b?.sha256);
}

/** What was left out counts as well: it is not known to be the same. */
function leftOut({ files_left_out }: Execution): string {
  return files_left_out.map(({ reason, count }) => `${reason} ${count}`).join();
}

/** Of files that went nobody knows any more whether they were the same. */
function wereRemoved({ files_left_out }: Execution): boolean {
  return files_left_out.some(({ reason }) => reason === 'retention');
}

function isFar(a: number | null, b: number | null, noise: number): boolean {
  if (a === null || b === null) return a !== b;
  return Math.abs(a - b) > Math.max(noise, NOISE_FRACTION * Math.max(a, b));
}
