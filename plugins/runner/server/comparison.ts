/** What differs between two runs. */
import type { Execution, RunComparison, RunFile } from '@ved/runner/contract';

type Difference = RunComparison['differs'][number];

/** Times and sizes are never the same twice; smaller differences are noise. */
const NOISE_FRACTION = 0.1;
const NOISE_MS = 10;
const NOISE_BYTES = 1024 * 1024;

/** `identical` ignores time and memory. */
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

/** By name, without files that have the same bytes in both. */
function differingFiles(a: Execution, b: Execution): RunComparison['files'] {
  const sides = [a, b].map(({ files }) => new Map(files.map((file) => [file.name, file])));
  const [inA, inB] = sides as [Map<string, RunFile>, Map<string, RunFile>];
  return [...new Set([...inA.keys(), ...inB.keys()])]
    .map((name) => ({ name, a: inA.get(name) ?? null, b: inB.get(name) ?? null }))
    .filter((file) => file.a?.sha256 !== file.b?.sha256);
}

/** Files that were left out count too: they may differ. */
function leftOut({ files_left_out }: Execution): string {
  return files_left_out.map(({ reason, count }) => `${reason} ${count}`).join();
}

/** Removed files can no longer be compared. */
function wereRemoved({ files_left_out }: Execution): boolean {
  return files_left_out.some(({ reason }) => reason === 'retention');
}

function isFar(a: number | null, b: number | null, noise: number): boolean {
  if (a === null || b === null) return a !== b;
  return Math.abs(a - b) > Math.max(noise, NOISE_FRACTION * Math.max(a, b));
}
