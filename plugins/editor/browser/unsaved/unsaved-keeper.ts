/**
 * Writes what is typed in one document to the store: at the first key, then at
 * intervals, and when the page is hidden. Forgets it when the document is saved
 * or its changes are discarded.
 */
import type { IDisposable } from '@lumino/disposable';
import type { EditedText } from '../documents/edited-text.ts';
import type { ScriptDocument } from '../documents/script-document.ts';
import type { Part, UnsavedStore } from './unsaved-store.ts';

/** A crash loses at most this much typing. */
const CONTENT_INTERVAL_MS = 300;
/** Test data may be 16 MiB. */
const TEST_DATA_INTERVAL_MS = 2000;

/** `beforeunload` leaves time to write while the person is asked; the others cover pages that close without asking. */
const LEAVING_EVENTS = ['beforeunload', 'pagehide', 'visibilitychange'];

export class UnsavedKeeper implements IDisposable {
  private readonly parts: PartKeeper[];
  isDisposed = false;

  constructor(
    private readonly document: ScriptDocument,
    store: UnsavedStore,
    onError: (error: unknown) => void,
  ) {
    this.parts = [
      new PartKeeper(document, document.content, 'content', CONTENT_INTERVAL_MS, store, onError),
      new PartKeeper(document, document.testData, 'test-data', TEST_DATA_INTERVAL_MS, store, onError),
    ];
    document.changed.connect(this.update, this);
    // Restored text stays in the store until the keeper has written it itself.
    if (document.dirty) this.update();
    for (const event of LEAVING_EVENTS) window.addEventListener(event, this.flush, { capture: true });
  }

  /** The person discarded the text. */
  async discard(): Promise<void> {
    this.dispose();
    await Promise.all(this.parts.map((part) => part.forget()));
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.document.changed.disconnect(this.update, this);
    for (const event of LEAVING_EVENTS) window.removeEventListener(event, this.flush, { capture: true });
    for (const part of this.parts) part.stop();
  }

  private update(): void {
    for (const part of this.parts) part.update();
  }

  private readonly flush = () => {
    for (const part of this.parts) part.flush();
  };
}

/** One of the two texts. */
class PartKeeper {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private writtenRevision: number | null = null;
  /** The key it is stored under; null when nothing is stored. */
  private keptKey: string | null = null;

  constructor(
    private readonly document: ScriptDocument,
    private readonly text: EditedText,
    private readonly part: Part,
    private readonly intervalMs: number,
    private readonly store: UnsavedStore,
    private readonly onError: (error: unknown) => void,
  ) {}

  update(): void {
    if (!this.text.dirty) {
      this.stop();
      this.forget().catch(this.onError);
      return;
    }
    if (this.timer || this.text.buffer.revision === this.writtenRevision) return;
    this.write();
    this.timer = setTimeout(() => {
      this.timer = null;
      this.update();
    }, this.intervalMs);
  }

  flush(): void {
    if (this.text.dirty && this.text.buffer.revision !== this.writtenRevision) this.write();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  async forget(): Promise<void> {
    const key = this.keptKey;
    this.keptKey = null;
    this.writtenRevision = null;
    if (key !== null) await this.store.forget(key, this.part);
  }

  private write(): void {
    const { text, revision } = this.text.capture();
    this.writtenRevision = revision;
    // A new script that was edited while it was being saved now has an id.
    if (this.keptKey !== null && this.keptKey !== this.document.unsavedKey) this.store.forget(this.keptKey, this.part).catch(this.onError);
    this.keptKey = this.document.unsavedKey;
    const unsaved = { text, baseVersionId: this.document.version?.id ?? null, atMs: Date.now() };
    this.store.put(this.keptKey, this.part, unsaved).catch(this.onError);
  }
}
