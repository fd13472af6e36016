/**
 * Collects what an engine returns from `/tmp/out`, and enforces the limits again: the
 * engine may be a plugin's, and its data come from where an untrusted script ran.
 */
import { webcrypto } from 'node:crypto';
import {
  type Artefact,
  FILE_LIMITS,
  type FileArtefact,
  isFileName,
  type LeftOut,
  type LeftOutReason,
  printableName,
  type RunFile,
} from '@ved/runner/contract';

/** Names recorded per reason for files that were left out. */
export const NAMED = 3;

/** A file with its bytes, on its way to the store. */
export interface NewFile extends Readonly<RunFile> {
  readonly data: Uint8Array;
}

export interface NewFiles {
  readonly files: readonly NewFile[];
  readonly leftOut: readonly LeftOut[];
}

export const NO_FILES: NewFiles = { files: [], leftOut: [] };

export class GatheredFiles {
  private readonly files = new Map<string, Uint8Array>();
  private readonly leftOut = new Map<LeftOutReason, LeftOut>();
  private bytes = 0;

  add(artefact: Artefact): void {
    if (artefact.type === 'left-out') this.leave(artefact.reason, artefact.count, artefact.names);
    else this.take(artefact);
  }

  /** Hashes off the event loop, which 16 MiB would block for some 40 ms. */
  async end(): Promise<NewFiles> {
    const files = await Promise.all(
      [...this.files].map(async ([name, data]) => {
        const digest = await webcrypto.subtle.digest('SHA-256', data as Uint8Array<ArrayBuffer>);
        return { name, data, media_type: mediaTypeOf(name), size_bytes: data.byteLength, sha256: Buffer.from(digest).toString('hex') };
      }),
    );
    return { files, leftOut: [...this.leftOut.values()] };
  }

  private take({ name, data }: FileArtefact): void {
    const reason = this.refusal(name, data.byteLength);
    if (reason !== null) {
      this.leave(reason, 1, [name]);
      return;
    }
    this.files.set(name, data);
    this.bytes += data.byteLength;
  }

  private refusal(name: string, bytes: number): LeftOutReason | null {
    if (!isFileName(name) || this.files.has(name)) return 'name';
    if (this.files.size >= FILE_LIMITS.files) return 'many';
    return this.bytes + bytes > FILE_LIMITS.bytes ? 'large' : null;
  }

  private leave(reason: LeftOutReason, count: number, names: readonly string[]): void {
    const known = this.leftOut.get(reason) ?? { reason, count: 0, names: [] };
    const named = [...known.names, ...names.map(printableName)].slice(0, NAMED);
    this.leftOut.set(reason, { reason, count: known.count + count, names: named });
  }
}

/** Records that the server could not store the files: a run must be able to end even on a full disk. */
export function notStored({ files, leftOut }: NewFiles): NewFiles {
  if (files.length === 0) return { files, leftOut };
  const names = files.slice(0, NAMED).map(({ name }) => name);
  return { files: [], leftOut: [...leftOut, { reason: 'storage', count: files.length, names }] };
}

/** Anything else is binary and is downloaded. */
const BY_EXTENSION: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  svg: 'image/svg+xml',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  json: 'application/json',
  geojson: 'application/json',
  ipynb: 'application/json',
  html: 'text/html',
  htm: 'text/html',
  txt: 'text/plain',
  log: 'text/plain',
  md: 'text/plain',
  py: 'text/plain',
  sql: 'text/plain',
  xml: 'text/plain',
  yaml: 'text/plain',
  yml: 'text/plain',
  toml: 'text/plain',
  ini: 'text/plain',
  jsonl: 'text/plain',
  ndjson: 'text/plain',
};

function mediaTypeOf(name: string): string {
  const extension = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension]! : 'application/octet-stream';
}
