/**
 * The trailers of a commit, from which a row lost in a crash can be recovered.
 * `Ved-Version` is for people and their tools; `Ved-Record` is the rest of the row
 * as one line of JSON. Versions are referred to by number, since ids belong to one
 * database.
 */
import { z } from 'zod';

const Label = z.string().regex(/^\d+\.\d+$/);

const VersionRecord = z.object({
  kind: z.enum(['create', 'save', 'fork', 'revert', 'merge']),
  message: z.string().nullable(),
  provenance: z.unknown().nullable(),
  /** The version that this one was made from. */
  base: Label.nullable(),
  /** For a merge: the version that was on prod. */
  merged: Label.nullable(),
  /** For a fork: the script and version it was forked from. */
  parent: z.object({ script_id: z.number().int(), version: Label }).nullable(),
  /** For a script's first version: the file it was imported from. */
  file_name: z.string().optional(),
});
export type VersionRecord = z.infer<typeof VersionRecord>;

/** The record of a commit on prod, in addition to the version. */
const MergeRecord = z.object({ kind: z.literal('prod'), duplicate_of: z.number().int().nullable() });
export type MergeRecord = z.infer<typeof MergeRecord>;

/** The record of a commit that takes a script off prod. */
const RemovalRecord = z.object({ kind: z.literal('off-prod') });
export type RemovalRecord = z.infer<typeof RemovalRecord>;

const AnyRecord = z.union([VersionRecord, MergeRecord, RemovalRecord]);
type AnyRecord = z.infer<typeof AnyRecord>;

/** Which version of which script. */
export interface VersionNumber {
  readonly scriptId: number;
  readonly major: number;
  readonly minor: number;
}

type Trailers = Readonly<Record<string, string>>;

export function encodeTrailers(number: VersionNumber, record: AnyRecord): Trailers {
  return { 'Ved-Version': `${number.scriptId}@${number.major}.${number.minor}`, 'Ved-Record': JSON.stringify(record) };
}

/** Null for a commit without a version, such as one that a person made with git. */
export function decodeTrailers(trailers: Trailers): { number: VersionNumber; record: AnyRecord } | null {
  const number = /^(\d+)@(\d+)\.(\d+)$/.exec(trailers['Ved-Version'] ?? '');
  const record = AnyRecord.safeParse(parseJson(trailers['Ved-Record'] ?? ''));
  if (!number || !record.success) return null;
  return { number: { scriptId: Number(number[1]), major: Number(number[2]), minor: Number(number[3]) }, record: record.data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `3.4` as numbers. */
export function parseLabel(label: string): { major: number; minor: number } {
  const [major, minor] = label.split('.').map(Number) as [number, number];
  return { major, minor };
}
