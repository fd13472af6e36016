/** Importing scripts from files, folders and zips: the request, the report of each file, and the limits. */
import { Base64, defineRoutes } from '@ved/core/contract';
import { z } from 'zod';

/** The total size of the texts of one import, unpacked. */
export const IMPORT_TOTAL_LIMIT_BYTES = 32 * 1024 * 1024;
/** The most scripts in one import. */
export const IMPORT_SCRIPTS_LIMIT = 1000;
/** The most files in one import, including files in zips and ignored ones. */
export const IMPORT_FILES_LIMIT = 10_000;
/** Base64 is a third larger than the bytes it encodes; the rest is for names. */
const BODY_LIMIT_BYTES = Math.ceil((IMPORT_TOTAL_LIMIT_BYTES * 4) / 3) + 2 * 1024 * 1024;

/** The test data of `3.01_load.py` are in `3.01_load.test-data.txt` next to it, as in exports. */
export const TEST_DATA_SUFFIX = '.test-data.txt';

/** What an import takes a file for. The content of `other` files is never read and need not be sent. */
export type ImportKind = 'script' | 'test-data' | 'zip' | 'other';

export function importKind(path: string): ImportKind {
  const name = path.toLowerCase();
  if (name.endsWith('.py')) return 'script';
  if (name.endsWith(TEST_DATA_SUFFIX)) return 'test-data';
  return name.endsWith('.zip') ? 'zip' : 'other';
}

export const ImportRequest = z.object({
  files: z
    .array(
      z.object({
        /** With `/` between folders; the number is read from the last part only. */
        path: z.string(),
        /** The bytes. A `.zip` is opened; a zip inside a zip is not. */
        content_base64: Base64,
      }),
    )
    .min(1),
  /** Import the rest when some files are refused; without it, nothing is imported then. */
  leave_out_refused: z.boolean().optional(),
});
export type ImportRequest = z.infer<typeof ImportRequest>;

export const ImportedFile = z.object({
  /** As sent, in NFC; `archive.zip/entry` for an entry of a zip. */
  path: z.string(),
  /**
   * `new`: a script with the number in its name, or in a new group when the
   * name has none. `renumbered`: a script with a different number than its
   * name says. `test-data`: the test data of the script next to it.
   */
  outcome: z.enum(['new', 'renumbered', 'test-data', 'refused', 'ignored']),
  ordering_number: z.number().nullable(),
  descriptive_name: z.string().nullable(),
  /** Why, in a sentence; null when there is nothing to explain. */
  detail: z.string().nullable(),
  /** Why the file was refused; the codes are stable. */
  code: z
    .enum([
      'bad-path',
      'not-a-file',
      'too-large',
      'not-utf8',
      'lone-surrogate',
      'repeated-path',
      'bad-zip',
      'encrypted',
      'damaged',
      'no-number-left',
    ])
    .nullable(),
  /** Null before it is imported. */
  script_id: z.number().int().nullable(),
});
export type ImportedFile = z.infer<typeof ImportedFile>;
export type ImportRefusal = NonNullable<ImportedFile['code']>;

export const ImportReport = z.object({
  /** Sorted by path, numbers in paths by value. */
  files: z.array(ImportedFile),
  scripts: z.number().int(),
  refused: z.number().int(),
});
export type ImportReport = z.infer<typeof ImportReport>;

export const importRoutes = defineRoutes({
  previewImport: {
    method: 'POST',
    path: '/api/import/preview',
    access: 'editor',
    summary: 'Preview what an import of these files would do; changes nothing',
    body: ImportRequest,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    base64Members: ['content_base64'],
    response: ImportReport,
    problems: ['catalog/import-too-large', 'catalog/not-base64'],
  },
  importScripts: {
    method: 'POST',
    path: '/api/import',
    access: 'editor',
    summary: 'Create a script from each file, all or none',
    body: ImportRequest,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    base64Members: ['content_base64'],
    response: ImportReport,
    status: 201,
    problems: ['catalog/import-too-large', 'catalog/not-base64', 'catalog/import-refused', 'catalog/nothing-to-import'],
  },
});
