/** Turns the request into texts. Each file is accepted or refused by itself; only the limits on the total refuse the whole import. */

import {
  CONTENT_LIMIT_BYTES,
  IMPORT_FILES_LIMIT,
  IMPORT_TOTAL_LIMIT_BYTES,
  type ImportRequest,
  importKind,
  TEST_DATA_LIMIT_BYTES,
} from '@ved/catalog/contract';
import { Breather, base64Bytes } from '@ved/core/server';
import { importTooLarge, notBase64 } from '../problems.ts';
import { comparePaths, ignoreReason, isHidden, pathRefusal, stemOf } from './import-path.ts';
import { decodeText, type Refusal } from './import-text.ts';
import { tooLarge, type ZipEntry, zipEntries } from './zip-entries.ts';

export type ImportItem = { readonly path: string } & (
  | { readonly kind: 'script'; readonly text: string; readonly testData: string }
  | { readonly kind: 'test-data'; readonly text: string; readonly scriptPath: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'ignored'; readonly detail: string }
);

/** The files sent, sorted by path. Throws 413 `catalog/import-too-large`. */
export async function unpack(files: ImportRequest['files']): Promise<ImportItem[]> {
  const intake = new Intake();
  for (const { path, content_base64 } of files) {
    const bytes = () => bytesOf(path, content_base64);
    if (importKind(path) === 'zip' && pathRefusal(path) === null && !isHidden(path)) await intake.takeZip(path, bytes());
    else await intake.take(path, plainFile(path, bytes));
  }
  return joinTestData(await inOrder(intake.items));
}

/** Items sorted between two yields to the event loop: comparing two paths takes up to a microsecond. */
const SORTED_PER_TURN = 1000;

/** Sorted by path, in runs that are merged in pairs. */
async function inOrder(items: readonly ImportItem[]): Promise<ImportItem[]> {
  const breather = new Breather();
  let runs: ImportItem[][] = [];
  for (let at = 0; at < items.length; at += SORTED_PER_TURN) {
    runs.push(items.slice(at, at + SORTED_PER_TURN).sort((a, b) => comparePaths(a.path, b.path)));
    await breather.breathe();
  }
  while (runs.length > 1) {
    const merged: ImportItem[][] = [];
    for (let at = 0; at < runs.length; at += 2) {
      merged.push(mergedRuns(runs[at]!, runs[at + 1] ?? []));
      await breather.breathe();
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function mergedRuns(one: readonly ImportItem[], other: readonly ImportItem[]): ImportItem[] {
  const merged: ImportItem[] = [];
  let [first, second] = [0, 0];
  while (first < one.length && second < other.length)
    merged.push(comparePaths(one[first]!.path, other[second]!.path) <= 0 ? one[first++]! : other[second++]!);
  return [...merged, ...one.slice(first), ...other.slice(second)];
}

/** Throws 400 for invalid base64. */
function bytesOf(path: string, content: string | Uint8Array): Buffer {
  const bytes = typeof content === 'string' ? base64Bytes(content) : content;
  if (bytes === null) throw notBase64(path);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function plainFile(path: string, bytes: () => Buffer): ZipEntry {
  const read = async (limitBytes: number): Promise<Buffer | Refusal> => {
    const content = bytes();
    return content.length > limitBytes ? tooLarge(limitBytes) : content;
  };
  return { path, isRegular: true, read };
}

class Intake {
  readonly items: ImportItem[] = [];
  private readonly seen = new Set<string>();
  private filesLeft = IMPORT_FILES_LIMIT;
  private bytesLeft = IMPORT_TOTAL_LIMIT_BYTES;
  private readonly breather = new Breather();

  async takeZip(path: string, bytes: Buffer): Promise<void> {
    try {
      for await (const entry of entriesOf(bytes)) await this.take(`${path}/${entry.path}`, entry);
    } catch (error) {
      if (!(error instanceof BadZip)) throw error;
      this.refuse(path, { code: 'bad-zip', detail: `The zip cannot be read (${error.message}).` });
    }
  }

  /** Accepts, skips or refuses one file. `sentPath` is for the report; `file.path` is its path inside the zip. */
  async take(sentPath: string, file: ZipEntry): Promise<void> {
    await this.breather.breathe();
    // macOS sends names in NFD; everybody else types NFC.
    const path = sentPath.normalize('NFC');
    this.filesLeft -= 1;
    if (this.filesLeft < 0) throw importTooLarge(`${IMPORT_FILES_LIMIT} files`);
    // First, so that a file that is skipped anyway never refuses the import.
    const ignored = importKind(file.path) === 'zip' ? 'A zip inside a zip is skipped.' : ignoreReason(file.path);
    if (ignored !== null && file.path !== '') {
      this.items.push({ path, kind: 'ignored', detail: ignored });
      return;
    }
    const badPath = pathRefusal(file.path);
    if (badPath !== null) return this.refuse(path, { code: 'bad-path', detail: badPath });
    if (!file.isRegular) return this.refuse(path, { code: 'not-a-file', detail: 'This is a link or a device, not a file.' });
    if (this.seen.has(path)) return this.refuse(path, { code: 'repeated-path', detail: 'Another file has the same path.' });
    this.seen.add(path);
    await this.takeText(path, file);
  }

  private async takeText(path: string, file: ZipEntry): Promise<void> {
    const isTestData = importKind(path) === 'test-data';
    const bytes = await file.read(isTestData ? TEST_DATA_LIMIT_BYTES : CONTENT_LIMIT_BYTES);
    if (!Buffer.isBuffer(bytes)) return this.refuse(path, bytes);
    this.bytesLeft -= bytes.length;
    if (this.bytesLeft < 0) throw importTooLarge(`${IMPORT_TOTAL_LIMIT_BYTES / 1024 / 1024} MiB of text`);
    const text = decodeText(bytes);
    if (typeof text !== 'string') return this.refuse(path, text);
    if (isTestData) this.items.push({ path, kind: 'test-data', text, scriptPath: `${stemOf(path)}.py` });
    else this.items.push({ path, kind: 'script', text, testData: '' });
  }

  private refuse(path: string, refusal: Refusal): void {
    this.items.push({ path, kind: 'refused', refusal });
  }
}

/** The bytes are not a readable zip. */
class BadZip extends Error {}

async function* entriesOf(bytes: Buffer): AsyncGenerator<ZipEntry> {
  const entries = zipEntries(bytes);
  for (;;) {
    const next = await entries.next().catch((cause: Error) => {
      throw new BadZip(cause.message, { cause });
    });
    if (next.done) return;
    yield next.value;
  }
}

/** Gives each script its test data; test data without a script are skipped. */
async function joinTestData(items: readonly ImportItem[]): Promise<ImportItem[]> {
  const breather = new Breather();
  const data = new Map<string, string>();
  const scripts = new Set<string>();
  for (const { path, ...item } of items) {
    await breather.breathe();
    if (item.kind === 'test-data') data.set(stemOf(path), item.text);
    if (item.kind === 'script') scripts.add(stemOf(path));
  }
  const joined: ImportItem[] = [];
  for (const item of items) {
    await breather.breathe();
    joined.push(joinedItem(item, data, scripts));
  }
  return joined;
}

function joinedItem(item: ImportItem, data: ReadonlyMap<string, string>, scripts: ReadonlySet<string>): ImportItem {
  if (item.kind === 'script') return { ...item, testData: data.get(stemOf(item.path)) ?? '' };
  if (item.kind !== 'test-data' || scripts.has(stemOf(item.path))) return item;
  return {
    path: item.path,
    kind: 'ignored',
    detail: `Test data without a script: ${item.scriptPath.split('/').at(-1)} is not imported.`,
  };
}
