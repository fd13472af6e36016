/**
 * Git deltas: encode a target as copies from a base and literal inserts. Two
 * versions of a script or a tree share their start, their end, and whole lines or
 * entries between, so only those are searched for.
 */

/** The size of a copy is encoded in two bytes; git does not write larger ones either. */
const COPY_LIMIT_BYTES = 0xffff;
/** The size of an insert is encoded in the seven bits beside the copy flag. */
const INSERT_LIMIT_BYTES = 0x7f;
const COPY_FLAG = 0x80;
/** Below this, inserting the bytes takes less space than copying them. */
const SHORTEST_COPY_BYTES = 8;
const NEWLINE = 0x0a;

/** Splits content into pieces: lines, or the entries of a tree. Returns the end of the piece that starts at `start`. */
export type Cut = (content: Buffer, start: number) => number;

export const cutLines: Cut = (content, start) => content.indexOf(NEWLINE, start) + 1 || content.length;
/** A tree entry ends 20 bytes after the NUL that follows its name. */
export const cutTreeEntries: Cut = (content, start) => {
  const nameEnd = content.indexOf(0, start);
  return nameEnd < 0 ? content.length : nameEnd + 21;
};

/** The delta that turns `base` into `target`. */
export function makeDelta(base: Buffer, target: Buffer, cut: Cut): Buffer {
  const out = new DeltaWriter(target);
  const ends = commonEnds(base, target);
  const head = lastCut(base, ends.head, cut);
  const { tail } = ends;
  out.copy(0, head);
  copyMiddle(out, base.subarray(head, base.length - tail), head, target.subarray(head, target.length - tail), head, cut);
  out.copy(base.length - tail, tail);
  return Buffer.concat([encodeSize(base.length), encodeSize(target.length), out.finish()]);
}

function commonEnds(a: Buffer, b: Buffer): { head: number; tail: number } {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  return { head, tail };
}

/** The last piece boundary at or before `limit`, so that the pieces of both contents are aligned. */
function lastCut(content: Buffer, limit: number, cut: Cut): number {
  let at = 0;
  for (let next = at; next <= limit && next < content.length; next = cut(content, at)) at = next;
  return at;
}

/** Copies the pieces of the target that the base also contains, and inserts the others; adjacent copies are merged. */
function copyMiddle(out: DeltaWriter, base: Buffer, baseOffset: number, target: Buffer, targetOffset: number, cut: Cut): void {
  const known = new Map<string, number>();
  for (const [start, end] of pieces(base, cut)) known.set(base.toString('latin1', start, end), start);
  for (const [start, end] of pieces(target, cut)) {
    const from = known.get(target.toString('latin1', start, end));
    if (from !== undefined && end - start >= SHORTEST_COPY_BYTES) out.copy(baseOffset + from, end - start);
    else out.insert(targetOffset + start, targetOffset + end);
  }
}

function* pieces(content: Buffer, cut: Cut): Generator<[number, number]> {
  for (let start = 0; start < content.length; ) {
    const end = Math.min(content.length, Math.max(start + 1, cut(content, start)));
    yield [start, end];
    start = end;
  }
}

/** Collects operations and merges adjacent ones. */
class DeltaWriter {
  private readonly parts: Buffer[] = [];
  private copyFrom = 0;
  private copySize = 0;
  private insertFrom = 0;
  private insertTo = 0;

  constructor(private readonly target: Buffer) {}

  copy(from: number, size: number): void {
    if (size === 0) return;
    this.flushInsert();
    if (this.copyFrom + this.copySize !== from) this.flushCopy();
    if (this.copySize === 0) this.copyFrom = from;
    this.copySize += size;
  }

  insert(from: number, to: number): void {
    this.flushCopy();
    if (this.insertTo !== from) this.flushInsert();
    if (this.insertTo === this.insertFrom) this.insertFrom = from;
    this.insertTo = to;
  }

  finish(): Buffer {
    this.flushCopy();
    this.flushInsert();
    return Buffer.concat(this.parts);
  }

  private flushCopy(): void {
    for (let done = 0; done < this.copySize; done += COPY_LIMIT_BYTES) {
      this.parts.push(encodeCopy(this.copyFrom + done, Math.min(COPY_LIMIT_BYTES, this.copySize - done)));
    }
    this.copySize = 0;
  }

  private flushInsert(): void {
    for (let from = this.insertFrom; from < this.insertTo; from += INSERT_LIMIT_BYTES) {
      const to = Math.min(this.insertTo, from + INSERT_LIMIT_BYTES);
      this.parts.push(Buffer.from([to - from]), this.target.subarray(from, to));
    }
    this.insertFrom = this.insertTo = 0;
  }
}

/** A byte of flags says which bytes of the offset and size follow; zero bytes are left out. */
function encodeCopy(offset: number, size: number): Buffer {
  const bytes = [0];
  let flags = COPY_FLAG;
  const values = [offset, offset >>> 8, offset >>> 16, offset >>> 24, size, size >>> 8];
  for (const [bit, value] of values.entries()) {
    if ((value & 0xff) === 0) continue;
    flags |= 1 << bit;
    bytes.push(value & 0xff);
  }
  bytes[0] = flags;
  return Buffer.from(bytes);
}

function encodeSize(size: number): Buffer {
  const bytes: number[] = [];
  for (let rest = size; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
