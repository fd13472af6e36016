/** Detects errors caused by a full disk, from files or SQLite. */

/** No space left, quota exceeded, or SQLite's code for either. */
const DISK_FULL_CODES: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);
/** Errors are wrapped a few times at most; guards against a cycle of causes. */
const DEEPEST_CAUSE = 5;

/** Also checks the causes of an error. */
export function isDiskFull(error: unknown): boolean {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < DEEPEST_CAUSE; cause = cause.cause, depth += 1) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== undefined && DISK_FULL_CODES.has(code)) return true;
  }
  return false;
}
