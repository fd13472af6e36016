/**
 * Git objects as bytes: their ids and the entries of trees. Trees are never
 * parsed into lists: one entry is spliced into the bytes, so a save with ten
 * thousand scripts costs little more than one SHA-1.
 */
import { createHash } from 'node:crypto';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

/** An object and its id. `framed` is what git hashes and stores: type, size, NUL, content. */
export interface GitObject {
  readonly oid: string;
  readonly type: ObjectType;
  readonly content: Buffer;
  readonly framed: Buffer;
}

export function makeObject(type: ObjectType, content: Buffer): GitObject {
  const framed = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  return { oid: createHash('sha1').update(framed).digest('hex'), type, content: framed.subarray(framed.length - content.length), framed };
}

const OID_BYTES = 20;
const SPACE = 0x20;
const SLASH = Buffer.from('/');
const FOLDER_MODE = Buffer.from('40000 ');
const FILE_MODE = '100644';

/** The position of one entry in the bytes of a tree. */
interface EntrySpan {
  readonly start: number;
  readonly nameStart: number;
  /** The NUL after the name; the object's id follows it. */
  readonly nameEnd: number;
  readonly end: number;
}

function spanAt(tree: Buffer, start: number): EntrySpan {
  const nameStart = tree.indexOf(SPACE, start) + 1;
  const nameEnd = tree.indexOf(0, nameStart);
  const end = nameEnd + 1 + OID_BYTES;
  if (nameStart === 0 || nameEnd < 0 || end > tree.length)
    throw new Error('a tree of the scripts repository ends in the middle of an entry');
  return { start, nameStart, nameEnd, end };
}

function* spans(tree: Buffer): Generator<EntrySpan> {
  for (let at = 0; at < tree.length; ) {
    const span = spanAt(tree, at);
    yield span;
    at = span.end;
  }
}

function isFolder(tree: Buffer, span: EntrySpan): boolean {
  return tree.compare(FOLDER_MODE, 0, FOLDER_MODE.length, span.start, span.nameStart) === 0;
}

/** The id of the file `name` in a tree; null when there is none. */
export function findFile(tree: Buffer, name: string): string | null {
  const wanted = Buffer.from(name);
  for (const span of spans(tree)) {
    if (tree.compare(wanted, 0, wanted.length, span.nameStart, span.nameEnd) !== 0 || isFolder(tree, span)) continue;
    return tree.toString('hex', span.nameEnd + 1, span.end);
  }
  return null;
}

/** Whether an entry sorts after a file of this name: by bytes, and a folder as if its name ended in a slash. */
function comesAfter(tree: Buffer, span: EntrySpan, wanted: Buffer): boolean {
  if (!isFolder(tree, span)) return tree.compare(wanted, 0, wanted.length, span.nameStart, span.nameEnd) > 0;
  return Buffer.concat([tree.subarray(span.nameStart, span.nameEnd), SLASH]).compare(wanted) > 0;
}

/** The tree with the file `name` set to `oid`, at its position in git's order; replaces any entry of that name. */
export function withFile(tree: Buffer, name: string, oid: string): Buffer {
  const wanted = Buffer.from(name);
  const entry = Buffer.concat([Buffer.from(`${FILE_MODE} ${name}\0`), Buffer.from(oid, 'hex')]);
  const before: Buffer[] = [];
  const after: Buffer[] = [];
  let side = before;
  let from = 0;
  for (const span of spans(tree)) {
    if (tree.compare(wanted, 0, wanted.length, span.nameStart, span.nameEnd) === 0) {
      side.push(tree.subarray(from, span.start));
      from = span.end;
    } else if (side === before && comesAfter(tree, span, wanted)) {
      before.push(tree.subarray(from, span.start));
      from = span.start;
      side = after;
    }
  }
  side.push(tree.subarray(from));
  return Buffer.concat([...before, entry, ...after]);
}

/** The tree without the file `name`; unchanged when it has none. */
export function withoutFile(tree: Buffer, name: string): Buffer {
  const wanted = Buffer.from(name);
  for (const span of spans(tree)) {
    if (tree.compare(wanted, 0, wanted.length, span.nameStart, span.nameEnd) !== 0 || isFolder(tree, span)) continue;
    return Buffer.concat([tree.subarray(0, span.start), tree.subarray(span.end)]);
  }
  return tree;
}
