/** Scripts and their versions, as every route and event speaks of them. */

import { Timestamp } from '@ved/core/contract';
import { z } from 'zod';
import { LastRun, RunStatus } from './last-run.ts';

/** The largest text of a script, in bytes of UTF-8. */
export const CONTENT_LIMIT_BYTES = 1024 * 1024;
/** The largest test data, in bytes of UTF-8. */
export const TEST_DATA_LIMIT_BYTES = 16 * 1024 * 1024;

/** Characters of a script's name; a longer first line of a docstring ends in `…` there. */
export const NAME_LIMIT = 200;
/** Characters of a description that are kept; the docstring itself is in the script. */
export const DESCRIPTION_LIMIT = 32_768;
/** Characters of a description in the list of scripts, which everybody gets whole. */
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
  /** The interaction with the assistant that wrote (part of) it, as the save said; null when none. */
  provenance: z.unknown().nullable(),
});
export type VersionInfo = z.infer<typeof VersionInfo>;

/** A version as its script's history shows it. */
export const ListedVersion = VersionInfo.extend({
  /** When it was on prod, oldest first. */
  on_prod: z.array(
    z.object({
      merged_at: Timestamp,
      merged_by: z.string(),
      git_commit_hash: z.string(),
      /** Null while it is there. */
      until: Timestamp.nullable(),
      /** Who took the script off prod then; null when another version took its place, or while it is there. */
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
  /** Live scripts that began with this version. */
  forks: z.array(z.object({ script_id: z.number().int(), ordering_number: z.number(), descriptive_name: z.string() })),
});
export type ListedVersion = z.infer<typeof ListedVersion>;

/** Where the newest version stands against prod. */
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
  /** The newest version of each other editor that prod lacks, newest first; empty when only the newest version is waiting, or nothing. */
  other_unmerged: z.array(
    z.object({
      committer: z.string(),
      version_id: z.number().int(),
      major: z.number().int(),
      minor: z.number().int(),
      /** `none`: nothing of the script is on prod. */
      state: z.enum(['none', 'ahead', 'conflict']),
      /** Whether it went into the script's newest version, and so goes to prod with it. */
      in_newest: z.boolean(),
    }),
  ),
});
export type ScriptSummary = z.infer<typeof ScriptSummary>;

/** A script that was deleted and can be restored. */
export const DeletedScript = z.object({
  id: z.number().int(),
  /** The number that it had. */
  ordering_number: z.number(),
  descriptive_name: z.string(),
  /** Of its newest version. */
  major: z.number().int(),
  minor: z.number().int(),
  deleted_at: Timestamp,
  /** Null for deletions by a ved that did not keep it. */
  deleted_by: z.string().nullable(),
  /** Whether prod runs it again once it is restored, and in which version. */
  prod_version: z.object({ id: z.number().int(), major: z.number().int(), minor: z.number().int() }).nullable(),
  /** Who has its number now; null when it is free. */
  taken_by: z.object({ id: z.number().int(), ordering_number: z.number(), descriptive_name: z.string() }).nullable(),
  /** The number that it gets when it is restored without naming one; null when none is left. */
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
  /** Null until a run of it ended. */
  last_run: LastRun.nullable(),
  test_data: z.string(),
  // Beyond the fixed shape:
  /** Syntax errors in the content; empty when it parses. */
  diagnostics: z.array(Diagnostic),
  prod_version: z.object({ id: z.number().int(), major: z.number().int(), minor: z.number().int() }).nullable(),
  prod_state: ProdState,
  /** The newest version, which differs from `version` when an older one was asked for. */
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

/** What a merge would bring to prod, were it made now. */
export const MergePreview = z.object({
  /** `version`: that version as it is; `merge`: a new version, made of it and of what prod runs; `nothing`: prod has it already. */
  outcome: z.enum(['version', 'merge', 'nothing']),
  /** The version that the merge is asked for. */
  version_id: z.number().int(),
  /** The text that prod would run. */
  content: z.string(),
  /** From what prod runs now to that text; empty when nothing of the script is on prod. */
  hunks: z.array(DiffHunk),
  /** What prod runs now; null when nothing of the script. */
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
