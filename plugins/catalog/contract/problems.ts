/** The problem codes of the catalog, including those of merging. */
import type { ProblemTable } from '@ved/core/contract';

const ANY_COMMIT = 'any route that writes a version or prod';

export const catalogProblems = {
  'catalog/bad-number': { status: 422, meaning: 'Not a valid script number. Use 0.01 to 99999.99 with at most two decimals.' },
  'catalog/bad-text': {
    status: 422,
    meaning: 'The text, the test data or the message contains half a character (a lone surrogate), or the message contains NUL. Remove it.',
  },
  'catalog/behind': {
    status: 503,
    meaning: 'An earlier version is in git, but the database cannot record it yet, so nothing new can be saved. Try again in a moment.',
    where: ANY_COMMIT,
  },
  'catalog/content-too-large': { status: 413, meaning: 'The script is larger than 1 MiB. Move data into its test data.' },
  'catalog/disk-full': {
    status: 507,
    meaning: 'The disk is full. The last save is in git and gets its version when there is space. Free some space and save again.',
    where: ANY_COMMIT,
  },
  'catalog/import-refused': {
    status: 422,
    meaning: 'Some files were refused, so nothing was imported; `files` says why. Fix them, or set `leave_out_refused`.',
  },
  'catalog/import-too-large': {
    status: 413,
    meaning: 'The import exceeds the limit on text, files or scripts. Import in parts.',
  },
  'catalog/moved-twice': { status: 422, meaning: 'The request moves a script twice. Name each script once.' },
  'catalog/no-number-left': {
    status: 409,
    meaning: 'There is no free group after the last one. Choose a free number, or move the last group to a lower number.',
  },
  'catalog/no-such-script': {
    status: 404,
    meaning: 'There is no live script with this id. If it was deleted, it can be restored.',
  },
  'catalog/no-such-version': {
    status: 404,
    meaning: 'The script has no version with this id. `GET /api/scripts/:id/versions` lists them.',
  },
  'catalog/not-base64': { status: 400, meaning: 'The content of a file is not valid base64. Encode its bytes, with padding.' },
  'catalog/not-empty': { status: 409, meaning: 'The catalog already has scripts. Samples can only be loaded into an empty catalog.' },
  'catalog/not-on-prod': { status: 404, meaning: 'The script is not on prod, so there is nothing to compare with. Merge it first.' },
  'catalog/nothing-on-prod': { status: 409, meaning: 'The script is not on prod, so it cannot be taken off prod.' },
  'catalog/nothing-to-import': { status: 422, meaning: 'None of the files is a script. Choose `.py` files, or a zip that contains some.' },
  'catalog/number-taken': {
    status: 409,
    meaning: 'The number is taken by another live script (`taken_by`), or the request uses it twice. Use `next_free`, or another number.',
  },
  'catalog/order-changed': {
    status: 409,
    meaning: 'A script no longer has the number in `from`, so nothing was moved. Reload the list and move again.',
  },
  'catalog/provenance-too-deep': { status: 422, meaning: 'The provenance is nested more than 32 levels deep. Flatten it.' },
  'catalog/provenance-too-large': { status: 413, meaning: 'The provenance is larger than 64 KiB of JSON. Make it smaller.' },
  'catalog/stale': {
    status: 409,
    meaning: 'The save is not based on the newest version, which is in `current`. Compare the two, then save on top of it or fork.',
  },
  'catalog/test-data-too-large': { status: 413, meaning: 'The test data are larger than 16 MiB. Make them smaller.' },

  'git/duplicate': {
    status: 409,
    meaning: 'Another script on prod (`twin_id`) is the same program. Set `allow_duplicate` only if both should run.',
  },
  'git/merge-conflict': {
    status: 409,
    meaning:
      'The version and prod changed the same lines; see `base`, `ours`, `theirs` and `conflicts`. Resolve the conflicts, then merge the result.',
  },
  'git/prod-moved': { status: 409, meaning: 'Prod has changed since the request saw it. Look at what is on prod now, and try again.' },
} as const satisfies ProblemTable;

declare module '@ved/core/contract' {
  interface ProblemTables {
    catalog: typeof catalogProblems;
  }
}
