/** Taking scripts in from files, folders and zips: what is sent, what each file becomes, and the limits. */
import { Base64, defineRoutes } from '@ved/core/contract';
import { z } from 'zod';

/** Of the texts of one import together, unpacked. */
export const IMPORT_TOTAL_LIMIT_BYTES = 32 * 1024 * 1024;
/** Scripts of one import. */
export const IMPORT_SCRIPTS_LIMIT = 1000;
/** Files of one import, those in zips and those that are ignored too. */
export const IMPORT_FILES_LIMIT = 10_000;
/** Base64 takes a third more than what it holds; the rest is for names. */
const BODY_LIMIT_BYTES = Math.ceil((IMPORT_TOTAL_LIMIT_BYTES * 4) / 3) + 2 * 1024 * 1024;

/** Beside `3.01_load.py`, `3.01_load.test-data.txt` holds its test data, as exports name them. */
export const TEST_DATA_SUFFIX = '.test-data.txt';

/** What a path is to an import. Of `other` files the content is never looked at and need not be sent. */
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
        /** With `/` between folders; only the last part gives a number. */
        path: z.string(),
        /** The bytes. A `.zip` is opened; a zip inside a zip is not. */
        content_base64: Base64,
      }),
    )
    .min(1),
  /** Imports the rest although some files are refused; without it nothing is. */
  leave_out_refused: z.boolean().optional(),
});
export type ImportRequest = z.infer<typeof ImportRequest>;

export const ImportedFile = z.object({
  /** As it was sent, composed (NFC); of an entry of a zip, `archive.zip/entry`. */
  path: z.string(),
  /**
   * `new`: a script with the number of its name, or the next group when it has
   * none. `renumbered`: a script with another number than its name says.
   * `test-data`: the test data of the script beside it.
   */
  outcome: z.enum(['new', 'renumbered', 'test-data', 'refused', 'ignored']),
  ordering_number: z.number().nullable(),
  descriptive_name: z.string().nullable(),
  /** Why, in a sentence; null where there is nothing to say. */
  detail: z.string().nullable(),
  /** Of a refusal, stable. */
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
  /** In the order of their paths, numbers inside them by value. */
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
    summary: 'What an import of these files would do; changes nothing',
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
    summary: 'Make a script of each file, all or none',
    body: ImportRequest,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    base64Members: ['content_base64'],
    response: ImportReport,
    status: 201,
    problems: ['catalog/import-too-large', 'catalog/not-base64', 'catalog/import-refused', 'catalog/nothing-to-import'],
  },
});
