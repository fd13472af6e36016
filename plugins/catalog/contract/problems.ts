/** The problem codes of the catalog, those of merging among them. */
import type { ProblemTable } from '@ved/core/contract';

const ANY_COMMIT = 'any route that writes a version or prod';

export const catalogProblems = {
  'catalog/bad-number': { status: 422, meaning: 'The number cannot be that of a script. Use 0.01 to 99999.99 with at most two decimals.' },
  'catalog/bad-text': {
    status: 422,
    meaning: 'The text, the test data or the message holds half of a character (a lone surrogate), or the message NUL. Remove it.',
  },
  'catalog/behind': {
    status: 503,
    meaning: 'An earlier version is in git and the database cannot record it yet, so nothing new is saved. Try again in a moment.',
    where: ANY_COMMIT,
  },
  'catalog/content-too-large': { status: 413, meaning: 'The script is larger than 1 MiB. Move data into its test data.' },
  'catalog/disk-full': {
    status: 507,
    meaning: 'The disk is full. The last save is in git and gets its version when there is room; make room and save again.',
    where: ANY_COMMIT,
  },
  'catalog/import-refused': {
    status: 422,
    meaning: 'Files of the import are refused, so nothing was imported; `files` says why. Correct them, or set `leave_out_refused`.',
  },
  'catalog/import-too-large': {
    status: 413,
    meaning: 'The import has more text, files or scripts than one import takes. Import in parts.',
  },
  'catalog/moved-twice': { status: 422, meaning: 'The reorder names a script twice. Name each once.' },
  'catalog/no-number-left': {
    status: 409,
    meaning: 'There is no group after the last one. Give a free number, or move the last group down.',
  },
  'catalog/no-such-script': {
    status: 404,
    meaning: 'There is no live script with this id. It may have been deleted, and can then be restored.',
  },
  'catalog/no-such-version': {
    status: 404,
    meaning: 'The script has no version with this id. `GET /api/scripts/:id/versions` lists them.',
  },
  'catalog/not-base64': { status: 400, meaning: 'The content of a file is not base64. Encode its bytes, padding included.' },
  'catalog/not-empty': { status: 409, meaning: 'The catalog has scripts already, and samples are for an empty one.' },
  'catalog/not-on-prod': { status: 404, meaning: 'Nothing of the script is on prod, so there is nothing to compare with. Merge it first.' },
  'catalog/nothing-on-prod': { status: 409, meaning: 'Nothing of the script is on prod, so there is nothing to take off.' },
  'catalog/nothing-to-import': { status: 422, meaning: 'None of the files becomes a script. Choose `.py` files, or a zip with some.' },
  'catalog/number-taken': {
    status: 409,
    meaning: 'Another live script has the number (`taken_by`), or the request gives it twice. Take `next_free`, or another number.',
  },
  'catalog/order-changed': {
    status: 409,
    meaning: 'A script does not have the number that the move says, so nothing was moved. Look at the list and move again.',
  },
  'catalog/provenance-too-deep': { status: 422, meaning: 'The provenance is nested more than 32 levels deep. Flatten it.' },
  'catalog/provenance-too-large': { status: 413, meaning: 'The provenance is larger than 64 KiB of JSON. Keep less in it.' },
  'catalog/stale': {
    status: 409,
    meaning: 'The save is not based on the newest version, which is in `current`. Compare, then save over it or fork.',
  },
  'catalog/test-data-too-large': { status: 413, meaning: 'The test data are larger than 16 MiB. Use less.' },

  'git/duplicate': {
    status: 409,
    meaning: 'Another script on prod (`twin_id`) has the same program. Set `allow_duplicate` only if both shall run.',
  },
  'git/merge-conflict': {
    status: 409,
    meaning:
      'The version and prod changed the same lines; `base`, `ours`, `theirs` and `conflicts` have both sides. Resolve, then merge the result.',
  },
  'git/prod-moved': { status: 409, meaning: 'Prod is not what the request says it saw. Look at what is there now, and decide again.' },
} as const satisfies ProblemTable;

declare module '@ved/core/contract' {
  interface ProblemTables {
    catalog: typeof catalogProblems;
  }
}
