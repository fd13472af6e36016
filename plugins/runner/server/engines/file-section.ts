/**
 * Takes apart what a sandbox hands over of `/tmp/out`, behind the last word on
 * how the script ended. Any number of
 *   `f NAME_BYTES DATA_BYTES\n`, the name, the data          a file
 *   `x REASON COUNT NAMES_BYTES\n`, names between NULs       what was left out
 * then `.\n`. A sandbox that says more than it may, or anything else, is not
 * listened to any further: nothing is held beyond the bounds.
 */
import type { Artefact } from '../../contract/engine.ts';
import { FILE_LIMITS, LeftOutReason, printableName } from '../../contract/files.ts';

/** Longer than any header. */
const HEADER_BYTES = 64;
const HEADER = /^(?:f (?<name>\d{1,5}) (?<data>\d{1,9})|x (?<reason>[a-z]{1,16}) (?<count>\d{1,6}) (?<names>\d{1,5})|\.)$/;
/** Of one name, or of those that are named as left out: paths are no longer on Linux. */
const NAME_BYTES = 4096;
const NEWLINE = 10;

/** The sandbox broke the form. */
export class BadSection extends Error {}

interface Expected {
  readonly bytes: number;
  made(body: Buffer): Artefact;
}

export class FileSection {
  #chunks: Buffer[] = [];
  #held = 0;
  #expected: Expected | null = null;
  #files = 0;
  #bytes = 0;
  #notices = 0;
  #done = false;

  /** Whether its end has come. */
  get done(): boolean {
    return this.#done;
  }

  /** What came behind its end. */
  get rest(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** Takes what came next. Throws BadSection. */
  *read(chunk: Buffer): Generator<Artefact, void, undefined> {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    while (!this.#done) {
      this.#expected ??= this.#header();
      if (!this.#expected || this.#held < this.#expected.bytes) return;
      const { bytes, made } = this.#expected;
      this.#expected = null;
      yield made(this.#take(bytes));
    }
  }

  #header(): Expected | null {
    if (this.#done) return null;
    const held = this.#joined();
    const end = held.subarray(0, HEADER_BYTES).indexOf(NEWLINE);
    if (end < 0) {
      if (held.length >= HEADER_BYTES) throw new BadSection('a header without an end');
      return null;
    }
    const line = this.#take(end + 1).toString('latin1', 0, end);
    const header = HEADER.exec(line)?.groups;
    if (!header) throw new BadSection('a header that is none');
    if (line === '.') this.#done = true;
    else return header.name === undefined ? this.#notice(header) : this.#file(Number(header.name), Number(header.data));
    return null;
  }

  #file(nameBytes: number, dataBytes: number): Expected {
    this.#files += 1;
    this.#bytes += dataBytes;
    if (this.#files > FILE_LIMITS.files || this.#bytes > FILE_LIMITS.bytes || nameBytes > NAME_BYTES)
      throw new BadSection('more files than may be');
    return { bytes: nameBytes + dataBytes, made: (body) => fileOf(body.subarray(0, nameBytes), body.subarray(nameBytes)) };
  }

  #notice({ reason, count, names }: { [group: string]: string | undefined }): Expected {
    const known = LeftOutReason.safeParse(reason);
    const nameBytes = Number(names);
    this.#notices += 1;
    if (!known.success || nameBytes > NAME_BYTES || this.#notices > LeftOutReason.options.length)
      throw new BadSection('more left out than may be');
    const named = (body: Buffer): string[] => (body.length === 0 ? [] : body.toString('utf8').split('\0').map(printableName));
    return {
      bytes: nameBytes,
      made: (body) => ({ type: 'left-out', reason: known.data, count: Number(count), names: named(body) }),
    };
  }

  #joined(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!;
  }

  #take(bytes: number): Buffer {
    const held = this.#joined();
    this.#chunks = [held.subarray(bytes)];
    this.#held -= bytes;
    return held.subarray(0, bytes);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether the name is one is for whoever keeps it; one that is no text is none. */
function fileOf(name: Buffer, data: Buffer): Artefact {
  try {
    return { type: 'file', name: utf8.decode(name), data };
  } catch {
    return { type: 'left-out', reason: 'name', count: 1, names: [printableName(name.toString('utf8'))] };
  }
}
