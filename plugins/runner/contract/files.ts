/**
 * Files that a script leaves in `/tmp/out`: which of them are stored with a run, and
 * the text about those left out. The limits are the same on every engine.
 */
import { z } from 'zod';

/** Where a script writes files to be stored with its run. It exists and is empty when the script starts. */
export const OUT_FOLDER = '/tmp/out';

const MIB = 2 ** 20;

/** Enforced in the sandbox, to avoid useless transfers, and again by the server, which does not trust the sandbox. */
export const FILE_LIMITS = {
  /** Files of one run. */
  files: 64,
  /** Of all files of one run together. */
  bytes: 16 * MIB,
  /** Nested folders, not counting `/tmp/out`. */
  folders: 8,
  /** Of a name including its folders, in UTF-8: the limit of common file systems. */
  nameBytes: 255,
} as const;

/** Why something in `/tmp/out` is not stored; `retention` means that it was, for a while. */
export const LeftOutReason = z.enum(['link', 'special', 'deep', 'name', 'unreadable', 'many', 'large', 'handover', 'storage', 'retention']);
export type LeftOutReason = z.infer<typeof LeftOutReason>;

/** What was left out for one reason. */
export const LeftOut = z.object({
  reason: LeftOutReason,
  /** 0 if unknown. */
  count: z.number().int().nonnegative(),
  /** The first few, relative to `/tmp/out`; unprintable characters are replaced. */
  names: z.array(z.string()),
});
export type LeftOut = z.infer<typeof LeftOut>;

/** A file as the record of a run lists it. */
export const RunFile = z.object({
  /** Relative to `/tmp/out`, with `/` between folders; unique within the run. */
  name: z.string(),
  /** By the file extension; `application/octet-stream` if unknown. */
  media_type: z.string(),
  size_bytes: z.number().int(),
  sha256: z.string(),
});
export type RunFile = z.infer<typeof RunFile>;

/** The data of the event `files` of `/api/runs/:id/events`; the same members as in a run. */
export const RunFiles = z.object({ files: z.array(RunFile), files_left_out: z.array(LeftOut) });
export type RunFiles = z.infer<typeof RunFiles>;

/** Letters, digits, symbols and plain spaces, like Python's `str.isprintable`: no controls, no bidirectional marks. */
const PRINTABLE = /^(?:[^\p{C}\p{Z}]| )+$/u;

/** Whether a name can be displayed, sent in a header, zipped and saved on any system, and stays within its folder. */
export function isFileName(name: string): boolean {
  if (!PRINTABLE.test(name) || name.includes('\\')) return false;
  if (utf8Length(name) > FILE_LIMITS.nameBytes) return false;
  const parts = name.split('/');
  return parts.length <= FILE_LIMITS.folders + 1 && parts.every((part) => part !== '' && part !== '.' && part !== '..');
}

function utf8Length(text: string): number {
  return encodeURIComponent(text).replace(/%../g, '.').length;
}

/** Makes any name safe to display. */
export function printableName(name: string): string {
  return Array.from(name, (character) => (PRINTABLE.test(character) ? character : '\ufffd'))
    .slice(0, FILE_LIMITS.nameBytes)
    .join('');
}

const LEFT_OUT_WORDS: Record<LeftOutReason, string> = {
  link: 'symbolic and hard links are not stored',
  special: 'not a regular file',
  deep: `nested in more than ${FILE_LIMITS.folders} folders`,
  name: `the name is not UTF-8, not printable or longer than ${FILE_LIMITS.nameBytes} bytes`,
  unreadable: 'could not be read',
  many: `more than ${FILE_LIMITS.files} files`,
  large: `over ${FILE_LIMITS.bytes / MIB} MiB in total`,
  handover: 'the engine did not transfer them completely',
  storage: 'the server could not store them',
  retention: 'to make room for files of newer runs',
};

/** Such as `3 files left out: over 16 MiB in total`, or `3 files removed: to make room for files of newer runs`. */
export function leftOutWords({ reason, count }: Pick<LeftOut, 'reason' | 'count'>): string {
  const thing = reason === 'deep' ? 'folder' : 'file';
  const what = count === 0 ? 'Files' : `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;
  return `${what} ${reason === 'retention' ? 'removed' : 'left out'}: ${LEFT_OUT_WORDS[reason]}`;
}
