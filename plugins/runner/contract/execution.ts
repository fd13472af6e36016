/** A run and what produced it, as every route and event speaks of it. */
import { RunStatus } from '@ved/catalog/contract';
import { Timestamp } from '@ved/core/contract';
import { z } from 'zod';
import { LeftOut, RunFile } from './files.ts';

/** A run that will not change any more. */
export function isFinal(status: RunStatus): boolean {
  return status !== 'queued' && status !== 'running';
}

export const Source = z.enum(['prod', 'draft']);
export type Source = z.infer<typeof Source>;

/** What a run was held to. An engine says in its limitations which of these it cannot hold a script to. */
export const RunLimits = z.object({
  timeout_ms: z.number().int(),
  memory_bytes: z.number().int(),
  /** Processors; a fraction is a share of one. */
  cpus: z.number(),
  /** Of stdout and stderr together, after which it is ended. */
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
  /** As Python left it; null when it never ended by itself. Negative for a signal. */
  exit_code: z.number().int().nullable(),
  stdout: z.string(),
  stderr: z.string(),
  /** Whether stdout or stderr lacks something: of each the first and the last 512 KiB are kept, and a line of its own says how much is missing between. */
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
  // Beyond the fixed shape:
  source: Source,
  /** Version label such as `0.4`; with `draft: true` when unsaved text ran. */
  version_label: z.string(),
  /** Whether the text that ran was not that of a saved version. Its text is kept with the run. */
  unsaved: z.boolean(),
  /** Whether it was given other test data than were saved with the script. They are kept with the run. */
  unsaved_test_data: z.boolean(),
  queued_at: Timestamp,
  /** Why a run ended as it did, where the status alone does not say; for a person. */
  reason: z.string().nullable(),
  /** The last line of stderr of a run that failed, as it is shown, cut after 500 characters; null when it failed for another reason, or before this was kept. */
  error_line: z.string().nullable(),
  /** What stood between the script and the machine, and between it and other runs; for a person. */
  isolation: z.string(),
  /** Whether its sandbox had carried out another run of the same lane before, and had proved that it was as new. */
  reused: z.boolean(),
  limits: RunLimits,
  /** Packages that were installed for it, as `name==version`; null when none were, or which is not known. */
  packages: z.array(z.string()).nullable(),
  /** How many files of `/tmp/out` are kept with it. */
  file_count: z.number().int(),
  files: z.array(RunFile),
  files_left_out: z.array(LeftOut),
});
export type Execution = z.infer<typeof Execution>;

export const RunListItem = Execution.omit({ stdout: true, stderr: true, files: true, files_left_out: true });
export type RunListItem = z.infer<typeof RunListItem>;
