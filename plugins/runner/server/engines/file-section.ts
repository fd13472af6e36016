/**
 * Parses the files that a sandbox sends from `/tmp/out` after the script's exit. Any
 * number of
 *   `f NAME_BYTES DATA_BYTES\n`, the name, the data          a file
 *   `x REASON COUNT NAMES_BYTES\n`, names separated by NUL   what was left out
 * then `.\n`. Stops reading when a sandbox exceeds the limits or violates the format, so
 * that memory stays bounded.
 */
import type { Artefact } from '../../contract/engine.ts';
import { FILE_LIMITS, LeftOutReason, printableName } from '../../contract/files.ts';

/** No valid header is longer. */
const HEADER_BYTES = 64;
const HEADER = /^(?:f (?<name>\d{1,5}) (?<data>\d{1,9})|x (?<reason>[a-z]{1,16}) (?<count>\d{1,6}) (?<names>\d{1,5})|\.)$/;
/** Of one name, or of the names left out: the longest path on Linux. */
const NAME_BYTES = 4096;
const NEWLINE = 10;

/** The sandbox violated the format. */
export class BadSection extends Error {}

interface Expected {
  readonly bytes: number;
  made(body: Buffer): Artefact;
}

export class FileSection {
  private chunks: Buffer[] = [];
  private held = 0;
  private expected: Expected | null = null;
  private files = 0;
  private bytes = 0;
  private notices = 0;
  private isDone = false;

  /** Whether the end was read. */
  get done(): boolean {
    return this.isDone;
  }

  /** What followed the end. */
  get rest(): Buffer {
    return Buffer.concat(this.chunks);
  }

  /** Parses the next data. Throws BadSection. */
  *read(chunk: Buffer): Generator<Artefact, void, undefined> {
    if (chunk.length === 0) return;
    this.chunks.push(chunk);
    this.held += chunk.length;
    while (!this.isDone) {
      this.expected ??= this.header();
      if (!this.expected || this.held < this.expected.bytes) return;
      const { bytes, made } = this.expected;
      this.expected = null;
      yield made(this.take(bytes));
    }
  }

  private header(): Expected | null {
    if (this.isDone) return null;
    const held = this.joined();
    const end = held.subarray(0, HEADER_BYTES).indexOf(NEWLINE);
    if (end < 0) {
      if (held.length >= HEADER_BYTES) throw new BadSection('unterminated header');
      return null;
    }
    const line = this.take(end + 1).toString('latin1', 0, end);
    const header = HEADER.exec(line)?.groups;
    if (!header) throw new BadSection('invalid header');
    if (line === '.') this.isDone = true;
    else return header.name === undefined ? this.notice(header) : this.file(Number(header.name), Number(header.data));
    return null;
  }

  private file(nameBytes: number, dataBytes: number): Expected {
    this.files += 1;
    this.bytes += dataBytes;
    if (this.files > FILE_LIMITS.files || this.bytes > FILE_LIMITS.bytes || nameBytes > NAME_BYTES) throw new BadSection('too many files');
    return { bytes: nameBytes + dataBytes, made: (body) => fileOf(body.subarray(0, nameBytes), body.subarray(nameBytes)) };
  }

  private notice({ reason, count, names }: { [group: string]: string | undefined }): Expected {
    const known = LeftOutReason.safeParse(reason);
    const nameBytes = Number(names);
    this.notices += 1;
    if (!known.success || nameBytes > NAME_BYTES || this.notices > LeftOutReason.options.length)
      throw new BadSection('too many left-out entries');
    const named = (body: Buffer): string[] => (body.length === 0 ? [] : body.toString('utf8').split('\0').map(printableName));
    return {
      bytes: nameBytes,
      made: (body) => ({ type: 'left-out', reason: known.data, count: Number(count), names: named(body) }),
    };
  }

  private joined(): Buffer {
    if (this.chunks.length !== 1) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0]!;
  }

  private take(bytes: number): Buffer {
    const held = this.joined();
    this.chunks = [held.subarray(bytes)];
    this.held -= bytes;
    return held.subarray(0, bytes);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Only checks that the name is UTF-8; the receiver validates it further. */
function fileOf(name: Buffer, data: Buffer): Artefact {
  try {
    return { type: 'file', name: utf8.decode(name), data };
  } catch {
    return { type: 'left-out', reason: 'name', count: 1, names: [printableName(name.toString('utf8'))] };
  }
}
