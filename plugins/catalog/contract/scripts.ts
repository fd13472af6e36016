/** Schemas of scripts and their versions, shared by routes and events. */

import { Timestamp } from '@ved/core/contract';
import { z } from 'zod';
import { LastRun, RunStatus } from './last-run.ts';

/** The largest text of a script, in bytes of UTF-8. */
export const CONTENT_LIMIT_BYTES = 1024 * 1024;
/** The largest test data, in bytes of UTF-8. */
export const TEST_DATA_LIMIT_BYTES = 16 * 1024 * 1024;

/** Characters of a script's name; a longer first line of a docstring is cut and ends in `…`. */
export const NAME_LIMIT = 200;
/** Characters of a description that are stored; the whole docstring is in the script. */
export const DESCRIPTION_LIMIT = 32_768;
/** Characters of a description in the list of scripts, which every client loads whole. */
export const LIST_DESCRIPTION_LIMIT = 2000;

/** A JSON number with at most two decimals, 0.01 to 99999.99; unique among live scripts. 3.1 is 3.10. */
export const OrderingNumber = z.number();

export const VersionInfo = z.object({
  id: z.number().int(),
  major: z.number().int(),
  minor: z.number().int(),
  committer: z.string(),
  branch: z.string(),
  created_at: Timestamp,
  git_commit_hash: z.string(),
  /** Set on the first version of a fork only. */
  parent_script_id: z.number().int().nullable(),
  parent_version_id: z.number().int().nullable(),
  message: z.string().nullable(),
  // Beyond the fixed shape:
  /** The version that this one was made from; null on the first. */
  base_version_id: z.number().int().nullable(),
  /** The assistant interaction that wrote it or part of it, as sent with the save; null when none. */
  provenance: z.unknown().nullable(),
});
export type VersionInfo = z.infer<typeof VersionInfo>;

/** A version in a script's history. */
export const ListedVersion = VersionInfo.extend({
  /** When it was on prod, oldest first. */
  on_prod: z.array(
    z.object({
      merged_at: Timestamp,
      merged_by: z.string(),
      git_commit_hash: z.string(),
      /** Null while it is on prod. */
      until: Timestamp.nullable(),
      /** Who took the script off prod; null when another version replaced it, or while it is on prod. */
      taken_off_by: z.string().nullable(),
    }),
  ),
  /** What the first version of a fork was made from; null for all others. */
  forked_from: z
    .object({
      script_id: z.number().int(),
      version_id: z.number().int(),
      major: z.number().int(),
      minor: z.number().int(),
      ordering_number: z.number(),
      descriptive_name: z.string(),
      deleted: z.boolean(),
    })
    .nullable(),
  /** Live scripts that were forked from this version. */
  forks: z.array(z.object({ script_id: z.number().int(), ordering_number: z.number(), descriptive_name: z.string() })),
});
export type ListedVersion = z.infer<typeof ListedVersion>;

/** How the newest version compares to prod. */
export const ProdState = z.enum(['none', 'same', 'ahead', 'conflict']);
export type ProdState = z.infer<typeof ProdState>;

export const ScriptSummary = z.object({
  id: z.number().int(),
  ordering_number: z.number(),
  descriptive_name: z.string(),
  description: z.string(),
  major: z.number().int(),
  minor: z.number().int(),
  last_modified: Timestamp,
  last_run_at: Timestamp.nullable(),
  last_run_exit_code: z.number().int().nullable(),
  last_run_status: RunStatus.nullable(),
  prod_version: z.object({ id: z.number().int(), major: z.number().int(), minor: z.number().int() }).nullable(),
  // Beyond the fixed shape:
  version_id: z.number().int(),
  committer: z.string(),
  prod_state: ProdState,
  /** Each other editor's newest version that is not on prod yet, newest first; empty when at most the newest version is not on prod. */
  other_unmerged: z.array(
    z.object({
      committer: z.string(),
      version_id: z.number().int(),
      major: z.number().int(),
      minor: z.number().int(),
      /** `none`: the script is not on prod. */
      state: z.enum(['none', 'ahead', 'conflict']),
      /** Whether the script's newest version includes it, and so takes it to prod. */
      in_newest: z.boolean(),
    }),
  ),
});
export type ScriptSummary = z.infer<typeof ScriptSummary>;

/** A deleted script, which can be restored. */
export const DeletedScript = z.object({
  id: z.number().int(),
  /** The number it had. */
  ordering_number: z.number(),
  descriptive_name: z.string(),
  /** Of its newest version. */
  major: z.number().int(),
  minor: z.number().int(),
  deleted_at: Timestamp,
  /** Null for deletions by an older ved, which did not record it. */
  deleted_by: z.string().nullable(),
  /** The version that is on prod again after a restore; null when none. */
  prod_version: z.object({ id: z.number().int(), major: z.number().int(), minor: z.number().int() }).nullable(),
  /** The script that has its number now; null when the number is free. */
  taken_by: z.object({ id: z.number().int(), ordering_number: z.number(), descriptive_name: z.string() }).nullable(),
  /** The number it gets when it is restored without choosing one; null when none is left. */
  restores_as: z.number().nullable(),
});
export type DeletedScript = z.infer<typeof DeletedScript>;

export const Diagnostic = z.object({
  line: z.number().int(),
  column: z.number().int(),
  message: z.string(),
});
export type Diagnostic = z.infer<typeof Diagnostic>;

export const ScriptDetail = z.object({
  id: z.number().int(),
  ordering_number: z.number(),
  descriptive_name: z.string(),
  description: z.string(),
  content: z.string(),
  version: VersionInfo,
  /** Null until a run of it has finished. */
  last_run: LastRun.nullable(),
  test_data: z.string(),
  // Beyond the fixed shape:
  /** Syntax errors in the content; empty when it parses. */
  diagnostics: z.array(Diagnostic),
  prod_version: z.object({ id: z.number().int(), major: z.number().int(), minor: z.number().int() }).nullable(),
  prod_state: ProdState,
  /** The newest version; differs from `version` when an older one was requested. */
  latest_version_id: z.number().int(),
});
export type ScriptDetail = z.infer<typeof ScriptDetail>;

const DiffHunk = z.object({
  old_start: z.number().int(),
  old_lines: z.number().int(),
  new_start: z.number().int(),
  new_lines: z.number().int(),
  lines: z.array(z.string()),
});

export const ScriptDiff = z.object({
  from: z.string(),
  to: z.string(),
  patch: z.string(),
  hunks: z.array(DiffHunk),
  // Beyond the fixed shape: both whole texts, for a side-by-side view.
  from_text: z.string(),
  to_text: z.string(),
});
export type ScriptDiff = z.infer<typeof ScriptDiff>;

/** What a merge would put on prod now. */
export const MergePreview = z.object({
  /** `version`: the version as it is; `merge`: a new version that merges it with prod's; `nothing`: prod has it already. */
  outcome: z.enum(['version', 'merge', 'nothing']),
  /** The version to be merged. */
  version_id: z.number().int(),
  /** The text that prod would run. */
  content: z.string(),
  /** The changes from prod's text to that text; empty when the script is not on prod. */
  hunks: z.array(DiffHunk),
  /** The version on prod now; null when the script is not on prod. */
  prod_version: z.object({ id: z.number().int(), major: z.number().int(), minor: z.number().int() }).nullable(),
  prod_git_commit_hash: z.string().nullable(),
});
export type MergePreview = z.infer<typeof MergePreview>;

export const BlameLine = z.object({
  version_id: z.number().int(),
  committer: z.string(),
  interaction_id: z.number().int().nullable(),
});
export type BlameLine = z.infer<typeof BlameLine>;
