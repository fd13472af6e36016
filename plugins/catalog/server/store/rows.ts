/** Rows of the catalog's tables, and their conversion to what clients get. */
import type { LastRun, ProdState, RunStatus, VersionInfo } from '@ved/catalog/contract';

/** How a version was created. A `bump` shares its commit with the version before it. */
export type VersionKind = 'create' | 'save' | 'fork' | 'bump' | 'revert' | 'merge';

export interface ScriptRow {
  readonly id: number;
  /** Hundredths. */
  readonly ordering: number;
  readonly created_at: string;
  readonly created_by: string;
  readonly deleted_at: string | null;
  readonly deleted_by: string | null;
  /** Its name when it has no docstring: the file that it was imported from. */
  readonly file_name: string | null;
  readonly latest_version_id: number;
  readonly prod_state: ProdState;
  /** Null when no run has ended since ved records it. */
  readonly last_run_id: number | null;
  readonly last_run_at: string | null;
  readonly last_run_exit_code: number | null;
  readonly last_run_status: RunStatus | null;
}

export interface VersionRow {
  readonly id: number;
  readonly script_id: number;
  readonly major: number;
  readonly minor: number;
  readonly kind: VersionKind;
  readonly committer: string;
  readonly branch: string;
  readonly created_at: string;
  readonly git_commit_hash: string;
  readonly parent_script_id: number | null;
  readonly parent_version_id: number | null;
  readonly base_version_id: number | null;
  readonly merged_version_id: number | null;
  readonly message: string | null;
  /** JSON. */
  readonly provenance: string | null;
  readonly name: string;
  readonly description: string;
  /** JSON. */
  readonly diagnostics: string;
  /** Digest of the whole save request; null for versions created otherwise or recovered from git. */
  readonly save_digest: string | null;
}

export interface ProdRow {
  readonly script_id: number;
  readonly version_id: number;
  readonly git_commit_hash: string;
  readonly content: string;
  readonly fingerprint: string;
}

/** The last run of any version, for the script's detail. */
export function lastRun(script: ScriptRow): LastRun | null {
  const { last_run_id: id, last_run_status: status, last_run_exit_code: exit_code, last_run_at: finished_at } = script;
  return id === null || status === null ? null : { id, status, exit_code, finished_at };
}

/** `3.4` */
export function versionLabel(version: { readonly major: number; readonly minor: number }): string {
  return `${version.major}.${version.minor}`;
}

export function versionInfo(row: VersionRow): VersionInfo {
  return {
    id: row.id,
    major: row.major,
    minor: row.minor,
    committer: row.committer,
    branch: row.branch,
    created_at: row.created_at,
    git_commit_hash: row.git_commit_hash,
    parent_script_id: row.parent_script_id,
    parent_version_id: row.parent_version_id,
    message: row.message,
    base_version_id: row.base_version_id,
    provenance: row.provenance === null ? null : JSON.parse(row.provenance),
  };
}
