/** A run and its inputs, as in every route and event. */
import { RunStatus } from '@ved/catalog/contract';
import { Timestamp } from '@ved/core/contract';
import { z } from 'zod';
import { LeftOut, RunFile } from './files.ts';

/** Whether a run has ended. */
export function isFinal(status: RunStatus): boolean {
  return status !== 'queued' && status !== 'running';
}

export const Source = z.enum(['prod', 'draft']);
export type Source = z.infer<typeof Source>;

/** The limits of a run. An engine's limitations say which of these it cannot enforce. */
export const RunLimits = z.object({
  timeout_ms: z.number().int(),
  memory_bytes: z.number().int(),
  /** Processors; a fraction is a share of one. */
  cpus: z.number(),
  /** Of stdout and stderr together; the run is ended when it exceeds this. */
  output_bytes: z.number().int(),
});
export type RunLimits = z.infer<typeof RunLimits>;

export const Execution = z.object({
  id: z.number().int(),
  script_id: z.number().int(),
  /** The version that ran, or the one that the draft's text was based on. */
  script_version_id: z.number().int(),
  pass_id: z.number().int().nullable(),
  status: RunStatus,
  /** Python's exit code; null if it did not end by itself. Negative for a signal. */
  exit_code: z.number().int().nullable(),
  stdout: z.string(),
  stderr: z.string(),
  /** Whether stdout or stderr is incomplete: only the first and the last 512 KiB of each are stored, with a line between that says how much is missing. */
  truncated: z.boolean(),
  started_at: Timestamp,
  finished_at: Timestamp.nullable(),
  duration_ms: z.number().nullable(),
  interpreter: z.string(),
  engine: z.string(),
  image_digest: z.string().nullable(),
  git_commit_hash: z.string(),
  input_sha256: z.string(),
  peak_memory_bytes: z.number().nullable(),
  started_by: z.string(),
  // In addition to the fixed shape:
  source: Source,
  /** Version label such as `0.4`. */
  version_label: z.string(),
  /** Whether the text that ran is not a saved version. The text is stored with the run. */
  unsaved: z.boolean(),
  /** Whether its test data differed from those saved with the script. They are stored with the run. */
  unsaved_test_data: z.boolean(),
  queued_at: Timestamp,
  /** Why a run waits or ended as it did, if the status alone does not explain it; for people. */
  reason: z.string().nullable(),
  /** The last line of stderr of a failed run, as displayed, cut after 500 characters; null if it failed for another reason, or before this was stored. */
  error_line: z.string().nullable(),
  /** What isolated the script from the machine and from other runs; for people. */
  isolation: z.string(),
  /** Whether its sandbox was used by an earlier run of the same lane, and was verified to be clean. */
  reused: z.boolean(),
  limits: RunLimits,
  /** Packages that were installed for it, as `name==version`; null if none or unknown. */
  packages: z.array(z.string()).nullable(),
  /** The number of files from `/tmp/out` stored with it. */
  file_count: z.number().int(),
  files: z.array(RunFile),
  files_left_out: z.array(LeftOut),
});
export type Execution = z.infer<typeof Execution>;

export const RunListItem = Execution.omit({ stdout: true, stderr: true, files: true, files_left_out: true });
export type RunListItem = z.infer<typeof RunListItem>;
