/** Whether something failed because the disk is full: of files, or of SQLite. */

/** No space, no quota left, or SQLite's word for either. */
const DISK_FULL_CODES: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);
/** Errors are wrapped a few times at most; a circle of causes would never end. */
const DEEPEST_CAUSE = 5;

/** Looks through the causes of an error too. */
export function isDiskFull(error: unknown): boolean {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < DEEPEST_CAUSE; cause = cause.cause, depth += 1) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== undefined && DISK_FULL_CODES.has(code)) return true;
  }
  return false;
}
