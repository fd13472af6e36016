/** HTTP routes of the catalog and of versions. */
import { defineRoutes, Id } from '@ved/core/contract';
import { z } from 'zod';
import {
  BlameLine,
  DeletedScript,
  ListedVersion,
  MergePreview,
  OrderingNumber,
  ScriptDetail,
  ScriptDiff,
  ScriptSummary,
} from './scripts.ts';

/** Content (1 MiB) and test data (16 MiB); JSON escapes at most double ordinary text. */
const BODY_LIMIT_BYTES = 2 * 17 * 1024 * 1024;

const idParams = z.object({ id: Id });
const DiffSide = z.union([z.enum(['prod', 'draft']), Id]);

export const catalogRoutes = defineRoutes({
  listScripts: {
    method: 'GET',
    path: '/api/scripts',
    access: 'viewer',
    summary: 'Live scripts by ordering number; `q` searches name, description and content',
    // SQLite ends a pattern at NUL, and would then match everything.
    query: z.object({
      q: z
        .string()
        .max(500)
        .regex(/^[^\0]*$/, 'must not contain NUL')
        .optional(),
    }),
    response: z.array(ScriptSummary),
  },
  createScript: {
    method: 'POST',
    path: '/api/scripts',
    access: 'editor',
    summary: 'Create a script at version 0.1',
    body: z
      .object({ content: z.string().optional(), ordering_number: OrderingNumber.optional(), test_data: z.string().optional() })
      .prefault({}),
    bodyLimitBytes: BODY_LIMIT_BYTES,
    response: ScriptDetail,
    status: 201,
    problems: [
      'catalog/number-taken',
      'catalog/bad-number',
      'catalog/no-number-left',
      'catalog/content-too-large',
      'catalog/test-data-too-large',
      'catalog/bad-text',
    ],
  },
  reorder: {
    method: 'PATCH',
    path: '/api/scripts/order',
    access: 'editor',
    summary: 'Give scripts new numbers, all or nothing',
    body: z.object({
      moves: z
        .array(
          z.object({
            id: z.number().int().positive(),
            ordering_number: OrderingNumber,
            /** The number that the client last saw. When the script has a different one by now, nothing is moved. */
            from: OrderingNumber.optional(),
          }),
        )
        .min(1)
        .max(20000),
    }),
    response: z.array(ScriptSummary),
    problems: ['catalog/no-such-script', 'catalog/number-taken', 'catalog/order-changed', 'catalog/bad-number', 'catalog/moved-twice'],
  },
  listDeleted: {
    method: 'GET',
    path: '/api/scripts/deleted',
    access: 'viewer',
    summary: 'Deleted scripts that can be restored, the latest deletion first, at most 1,000',
    response: z.array(DeletedScript),
  },
  getScript: {
    method: 'GET',
    path: '/api/scripts/:id',
    access: 'viewer',
    summary: 'A script at its newest version, or at `version`',
    params: idParams,
    query: z.object({ version: Id.optional() }),
    response: ScriptDetail,
    problems: ['catalog/no-such-script', 'catalog/no-such-version'],
  },
  saveScript: {
    method: 'PUT',
    path: '/api/scripts/:id',
    access: 'editor',
    summary: 'Save a new version (minor + 1)',
    params: idParams,
    body: z.object({
      content: z.string(),
      base_version_id: z.number().int().positive().optional(),
      message: z.string().max(10_000).optional(),
      test_data: z.string().optional(),
      provenance: z.unknown().optional(),
    }),
    bodyLimitBytes: BODY_LIMIT_BYTES,
    response: ScriptDetail,
    problems: [
      'catalog/no-such-script',
      'catalog/stale',
      'catalog/content-too-large',
      'catalog/test-data-too-large',
      'catalog/provenance-too-large',
      'catalog/provenance-too-deep',
      'catalog/bad-text',
    ],
  },
  deleteScript: {
    method: 'DELETE',
    path: '/api/scripts/:id',
    access: 'editor',
    summary: 'Delete a script; its versions stay',
    params: idParams,
    response: z.object({ ok: z.literal(true) }),
    problems: ['catalog/no-such-script'],
  },
  restoreScript: {
    method: 'POST',
    path: '/api/scripts/:id/restore',
    access: 'editor',
    summary: 'Undo a deletion',
    params: idParams,
    // Without a number: its old number or, when that is taken, the next free one of its group.
    body: z.object({ ordering_number: OrderingNumber.optional() }).prefault({}),
    // Its old number when that is taken and it got another one; null otherwise.
    response: ScriptDetail.extend({ renumbered_from: z.number().nullable() }),
    problems: ['catalog/no-such-script', 'catalog/no-number-left', 'catalog/number-taken', 'catalog/bad-number'],
  },
  forkScript: {
    method: 'POST',
    path: '/api/scripts/:id/fork',
    access: 'editor',
    summary: 'Create a new script with the same content',
    params: idParams,
    body: z.object({ version_id: z.number().int().positive().optional(), content: z.string().optional() }).prefault({}),
    bodyLimitBytes: BODY_LIMIT_BYTES,
    response: ScriptDetail,
    status: 201,
    problems: [
      'catalog/no-such-script',
      'catalog/no-such-version',
      'catalog/no-number-left',
      'catalog/content-too-large',
      'catalog/bad-text',
    ],
  },
  bumpMajor: {
    method: 'POST',
    path: '/api/scripts/:id/bump-major',
    access: 'editor',
    summary: 'Number the newest version (major + 1).0',
    params: idParams,
    response: ScriptDetail,
    problems: ['catalog/no-such-script'],
  },
  mergeScript: {
    method: 'POST',
    path: '/api/scripts/:id/merge',
    access: 'editor',
    summary: 'Merge one script to prod',
    params: idParams,
    body: z
      .object({
        version_id: z.number().int().positive().optional(),
        allow_duplicate: z.boolean().optional(),
        /** The prod commit that the user saw, null for none. When prod has changed since, nothing is merged. */
        seen_prod_git_commit_hash: z.string().nullable().optional(),
        /** The text of a conflict resolved by hand, and the prod commit it was resolved against. */
        resolution: z.object({ content: z.string(), prod_git_commit_hash: z.string() }).optional(),
      })
      .prefault({}),
    bodyLimitBytes: BODY_LIMIT_BYTES,
    response: z.object({ ok: z.literal(true), version_id: z.number().int(), git_commit_hash: z.string() }),
    problems: [
      'catalog/no-such-script',
      'catalog/no-such-version',
      'catalog/content-too-large',
      'catalog/bad-text',
      'git/merge-conflict',
      'git/duplicate',
      'git/prod-moved',
    ],
  },
  previewMerge: {
    method: 'GET',
    path: '/api/scripts/:id/merge',
    access: 'editor',
    summary: 'Preview what a merge would put on prod now; changes nothing',
    params: idParams,
    query: z.object({ version_id: Id.optional() }),
    response: MergePreview,
    problems: ['catalog/no-such-script', 'catalog/no-such-version', 'git/merge-conflict'],
  },
  unpublishScript: {
    method: 'POST',
    path: '/api/scripts/:id/unpublish',
    access: 'editor',
    summary: 'Take a script off prod; its versions and runs stay',
    params: idParams,
    body: z
      .object({
        /** The prod commit that the user saw. When prod has changed since, nothing is taken off. */
        seen_prod_git_commit_hash: z.string().optional(),
      })
      .prefault({}),
    response: ScriptDetail,
    problems: ['catalog/no-such-script', 'catalog/nothing-on-prod', 'git/prod-moved'],
  },
  revertScript: {
    method: 'POST',
    path: '/api/scripts/:id/revert',
    access: 'editor',
    summary: "Save an old version's content as a new version",
    params: idParams,
    body: z.object({ version_id: z.number().int().positive() }),
    response: ScriptDetail,
    problems: ['catalog/no-such-script', 'catalog/no-such-version'],
  },
  listVersions: {
    method: 'GET',
    path: '/api/scripts/:id/versions',
    access: 'viewer',
    summary: 'Versions, newest first, each with its forks and when it was on prod',
    params: idParams,
    response: z.array(ListedVersion),
    problems: ['catalog/no-such-script'],
  },
  diffScript: {
    method: 'GET',
    path: '/api/scripts/:id/diff',
    access: 'viewer',
    summary: 'Compare two versions, prod or the draft (the newest version)',
    params: idParams,
    query: z.object({ from: DiffSide, to: DiffSide }),
    response: ScriptDiff,
    problems: ['catalog/no-such-script', 'catalog/no-such-version', 'catalog/not-on-prod'],
  },
  blameScript: {
    method: 'GET',
    path: '/api/scripts/:id/blame',
    access: 'viewer',
    summary: 'Which version each line comes from',
    params: idParams,
    query: z.object({ version: Id.optional() }),
    response: z.array(BlameLine),
    problems: ['catalog/no-such-script', 'catalog/no-such-version'],
  },
  exportScripts: {
    method: 'GET',
    path: '/api/export.zip',
    access: 'viewer',
    summary: 'The live scripts at their newest versions, with a manifest',
    response: 'binary',
  },
  template: {
    method: 'GET',
    path: '/api/catalog/template',
    access: 'viewer',
    summary: 'The initial text of a new script',
    response: z.object({ content: z.string() }),
  },
  samples: {
    method: 'POST',
    path: '/api/catalog/samples',
    access: 'editor',
    summary: 'Fill an empty catalog with sample scripts',
    response: z.array(ScriptSummary),
    status: 201,
    problems: ['catalog/not-empty'],
  },
});
