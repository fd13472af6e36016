/**
 * Opens the document of a script: what the server has, plus text that was
 * typed but not saved when the page was last closed.
 */
import { UUID } from '@lumino/coreutils';
import type { ScriptDetail } from '@ved/catalog/contract';
import { ApiError } from '@ved/core/browser';
import type { UnsavedStore, UnsavedText } from '../unsaved/unsaved-store.ts';
import { type ScriptClient, ScriptDocument } from './script-document.ts';
import { PlainTextBuffer, type TextBuffer } from './text-buffer.ts';

/** What a tab shows; stored in the layout. */
export interface ScriptTarget {
  /** Null for a new script, which `key` names. */
  readonly scriptId: number | null;
  /** An older version, read-only; null for the newest. */
  readonly versionId: number | null;
  readonly key: string;
}

export interface OpenedDocument<B extends TextBuffer> {
  readonly document: ScriptDocument;
  readonly buffer: B;
  /** When the restored unsaved text was typed; null when there was none. */
  readonly restoredFrom: Date | null;
}

export interface OpenContext<B extends TextBuffer> {
  readonly client: ScriptClient;
  readonly unsaved: UnsavedStore;
  readonly canEdit: boolean;
  /** The store of unsaved text could not be read; the script opens without it. */
  readonly onStorageError: (error: unknown) => void;
  /** Creates the buffer that an editor shows, once Monaco is loaded. */
  readonly createBuffer: (key: string, text: string, options: { checked: boolean }) => Promise<B>;
}

/** The script was deleted while there was unsaved text for it. */
export class ScriptDeleted extends Error {
  override readonly name = 'ScriptDeleted';

  constructor() {
    super('It was deleted. You still have unsaved text: restore the script, or open the text as a new script.');
  }
}

/** Throws the server's error, or `ScriptDeleted`. `initial` is the text of a new script; defaults to the template. */
export async function openDocument<B extends TextBuffer>(
  target: ScriptTarget,
  context: OpenContext<B>,
  initial?: string,
): Promise<OpenedDocument<B>> {
  const readOnly = !context.canEdit || target.versionId !== null;
  const { content, testData } = readOnly ? { content: null, testData: null } : await takeUnsaved(target.key, context);
  const { detail, newest, text } = await load(target, context.client, content ?? testData, initial).catch((error: unknown) => {
    throw isGone(error) && (content ?? testData) ? new ScriptDeleted() : error;
  });
  const buffer = await context.createBuffer(target.key, text, { checked: target.versionId === null });
  const document = new ScriptDocument({
    client: context.client,
    key: target.key,
    detail,
    content: buffer,
    testData: new PlainTextBuffer(detail?.test_data ?? ''),
    pinned: target.versionId !== null,
    readOnly,
  });
  document.newer = newest;
  document.restoreUnsaved({ content: content?.text, testData: testData?.text });
  return { document, buffer, restoredFrom: document.dirty ? new Date((content ?? testData)?.atMs ?? Date.now()) : null };
}

async function takeUnsaved(key: string, { unsaved, onStorageError }: Pick<OpenContext<TextBuffer>, 'unsaved' | 'onStorageError'>) {
  try {
    const [content, testData] = await Promise.all([unsaved.take(key, 'content'), unsaved.take(key, 'test-data')]);
    return { content, testData };
  } catch (error) {
    onStorageError(error);
    return { content: null, testData: null };
  }
}

interface Loaded {
  readonly detail: ScriptDetail | null;
  /** The newest version, when the unsaved text was typed over an older one. */
  readonly newest: ScriptDetail | null;
  readonly text: string;
}

async function load(
  { scriptId, versionId }: ScriptTarget,
  client: ScriptClient,
  unsaved: UnsavedText | null,
  initial?: string,
): Promise<Loaded> {
  if (scriptId === null) return { detail: null, newest: null, text: initial ?? (await client.template()).content };
  const detail = await client.getScript({ params: { id: scriptId }, query: versionId === null ? {} : { version: versionId } });
  const baseVersionId = unsaved?.baseVersionId ?? detail.version.id;
  if (versionId !== null || baseVersionId === detail.version.id) return { detail, newest: null, text: detail.content };
  try {
    const base = await client.getScript({ params: { id: scriptId }, query: { version: baseVersionId } });
    return { detail: base, newest: detail, text: base.content };
  } catch (error) {
    if (!isGone(error)) throw error;
    // The base of the unsaved text is unknown: use the newest version instead, and let a person decide before anything is saved over it.
    return { detail, newest: detail, text: detail.content };
  }
}

/** Whether the server has no such script, or no such version of it. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** The name of a target in the layout: that of its script as soon as there is one. */
export function layoutName({ scriptId, versionId, key }: ScriptTarget): string {
  return scriptId === null ? key : savedTarget(scriptId, versionId).key;
}

/** The target of a script that was never saved. */
export function newTarget(key = `new-${UUID.uuid4()}`): ScriptTarget {
  return { scriptId: null, versionId: null, key };
}

/** Whether a key can belong to a script that was never saved: it becomes part of addresses. */
export function isNewKey(key: unknown): key is string {
  return typeof key === 'string' && /^new-[\w-]{1,64}$/.test(key);
}

/** The target of a saved script. */
export function savedTarget(scriptId: number, versionId: number | null = null): ScriptTarget {
  return { scriptId, versionId, key: versionId === null ? String(scriptId) : `${scriptId}@${versionId}` };
}
