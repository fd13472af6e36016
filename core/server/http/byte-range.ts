/** Parses a `Range` header (RFC 9110, section 14). */

export interface ByteRange {
  readonly start: number;
  /** The last byte, inclusive. */
  readonly end: number;
}

const ONE_RANGE = /^bytes=[ \t]*(?:(?<first>\d+)-(?<last>\d*)|-(?<suffix>\d+))[ \t]*$/i;

/**
 * The requested range; `unsatisfiable` when it is outside the file. Null when the
 * whole file is to be sent: for a missing or malformed header (such as
 * `bytes=5-2`), another unit, or several ranges, which no client of ved uses.
 */
export function byteRange(header: string | undefined, sizeBytes: number): ByteRange | 'unsatisfiable' | null {
  const groups = ONE_RANGE.exec(header ?? '')?.groups;
  if (!groups) return null;
  if (groups.suffix !== undefined) {
    const length = Math.min(Number(groups.suffix), sizeBytes);
    return length === 0 ? 'unsatisfiable' : { start: sizeBytes - length, end: sizeBytes - 1 };
  }
  const start = Number(groups.first);
  const last = groups.last ? Number(groups.last) : Number.POSITIVE_INFINITY;
  if (last < start) return null;
  return start >= sizeBytes ? 'unsatisfiable' : { start, end: Math.min(last, sizeBytes - 1) };
}
