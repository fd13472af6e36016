/**
 * Files that a script leaves in `/tmp/out`: what of them is kept with a run, and
 * how that is said to a person. Bounds are the same on every engine.
 */
import { z } from 'zod';

/** Where a script writes the files that are kept with its run. It is there, and empty, when the script begins. */
export const OUT_FOLDER = '/tmp/out';

const MIB = 2 ** 20;

/** Held to inside the sandbox, so that nothing needless is sent, and again by the server, which does not take a sandbox's word. */
export const FILE_LIMITS = {
  /** Files of one run. */
  files: 64,
  /** Of all files of one run together. */
  bytes: 16 * MIB,
  /** Folders above a file, `/tmp/out` apart. */
  folders: 8,
  /** Of a name with its folders, in UTF-8: what file systems take of a name. */
  nameBytes: 255,
} as const;

/** Why something in `/tmp/out` is not kept; `retention` of what was, for a while. */
export const LeftOutReason = z.enum(['link', 'special', 'deep', 'name', 'unreadable', 'many', 'large', 'handover', 'storage', 'retention']);
export type LeftOutReason = z.infer<typeof LeftOutReason>;

/** What was left out for one reason. */
export const LeftOut = z.object({
  reason: LeftOutReason,
  /** 0 when nobody knows how many there were. */
  count: z.number().int().nonnegative(),
  /** The first few, relative to `/tmp/out`; what cannot be printed is replaced. */
  names: z.array(z.string()),
});
export type LeftOut = z.infer<typeof LeftOut>;

/** A file as the record of a run lists it. */
export const RunFile = z.object({
  /** Relative to `/tmp/out`, with `/` between folders; unique within the run. */
  name: z.string(),
  /** By the name's extension; `application/octet-stream` for what is not known. */
  media_type: z.string(),
  size_bytes: z.number().int(),
  sha256: z.string(),
});
export type RunFile = z.infer<typeof RunFile>;

/** The data of the event `files` of `/api/runs/:id/events`; the same members as a run has. */
export const RunFiles = z.object({ files: z.array(RunFile), files_left_out: z.array(LeftOut) });
export type RunFiles = z.infer<typeof RunFiles>;

/** Letters, digits, signs and plain spaces, as Python's `str.isprintable` has it: no controls, no marks that turn the direction of text. */
const PRINTABLE = /^(?:[^\p{C}\p{Z}]| )+$/u;

/** Whether a name can be shown, sent in a header, zipped and saved on any system, and stays in its folder. */
export function isFileName(name: string): boolean {
  if (!PRINTABLE.test(name) || name.includes('\\')) return false;
  if (utf8Length(name) > FILE_LIMITS.nameBytes) return false;
  const parts = name.split('/');
  return parts.length <= FILE_LIMITS.folders + 1 && parts.every((part) => part !== '' && part !== '.' && part !== '..');
}

function utf8Length(text: string): number {
  return encodeURIComponent(text).replace(/%../g, '.').length;
}

/** A name that is no file's, made fit to be shown. */
export function printableName(name: string): string {
  return Array.from(name, (character) => (PRINTABLE.test(character) ? character : '\ufffd'))
    .slice(0, FILE_LIMITS.nameBytes)
    .join('');
}

const LEFT_OUT_WORDS: Record<LeftOutReason, string> = {
  link: 'symbolic and hard links are not followed',
  special: 'not a regular file',
  deep: `in more than ${FILE_LIMITS.folders} folders`,
  name: `a name that is not UTF-8, cannot be printed or is longer than ${FILE_LIMITS.nameBytes} bytes`,
  unreadable: 'could not be read',
  many: `more than ${FILE_LIMITS.files} files`,
  large: `over ${FILE_LIMITS.bytes / MIB} MiB together`,
  handover: 'the engine did not hand them over whole',
  storage: 'the server could not store them',
  retention: 'made room for those of newer runs',
};

/** Such as `3 files left out: over 16 MiB together`, or `3 files removed: made room for those of newer runs`. */
export function leftOutWords({ reason, count }: Pick<LeftOut, 'reason' | 'count'>): string {
  const thing = reason === 'deep' ? 'folder' : 'file';
  const what = count === 0 ? 'Files' : `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;
  return `${what} ${reason === 'retention' ? 'removed' : 'left out'}: ${LEFT_OUT_WORDS[reason]}`;
}
