/**
 * One open script: its text and test data, what the server has of both, and
 * saving. Knows no widgets and never asks: when a person must decide, its state
 * and the outcome of `save` say so.
 *
 * Invariant: only `revert` discards what was typed.
 */
import { type ISignal, Signal } from '@lumino/signaling';
import type { catalogRoutes, ScriptDetail, VersionInfo } from '@ved/catalog/contract';
import { ApiError, type Client } from '@ved/core/browser';
import { EditedText, type TextState } from './edited-text.ts';
import type { TextBuffer } from './text-buffer.ts';

export type ScriptClient = Pick<
  Client<typeof catalogRoutes>,
  'getScript' | 'createScript' | 'saveScript' | 'forkScript' | 'restoreScript' | 'template'
>;

export type SaveOutcome =
  | { readonly kind: 'saved' }
  /** Somebody else saved; the document's `newer` is their version. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface ScriptDocumentOptions {
  readonly client: ScriptClient;
  /** Identifies the document among this person's documents: `12`, `12@34` for an old version, `new-…` before the first save. */
  readonly key: string;
  /** Null for a new script. */
  readonly detail: ScriptDetail | null;
  readonly content: TextBuffer;
  readonly testData: TextBuffer;
  /** Always shows this version, whatever is saved later. */
  readonly pinned: boolean;
  readonly readOnly: boolean;
}

export class ScriptDocument {
  readonly key: string;
  readonly pinned: boolean;
  readonly readOnly: boolean;
  readonly content: EditedText;
  readonly testData: EditedText;
  /** A version that somebody saved over the one that this text is based on; null when there is none. */
  newer: ScriptDetail | null = null;
  /** The version shown before somebody else's replaced it while there were no unsaved changes; null when there is none. */
  overtaken: ScriptDetail | null = null;
  /** Who deleted the script; null while it exists. */
  deletedBy: string | null = null;
  /** Why the last save failed; null when it did not. */
  failure: unknown = null;
  savedAt: Date | null = null;
  private readonly client: ScriptClient;
  private known: ScriptDetail | null;
  private saveUnderWay: Promise<SaveOutcome> | null = null;
  private readonly changedSignal = new Signal<this, void>(this);

  constructor(options: ScriptDocumentOptions) {
    this.client = options.client;
    this.key = options.key;
    this.pinned = options.pinned;
    this.readOnly = options.readOnly;
    this.known = options.detail;
    this.content = new EditedText(options.content, options.detail?.content ?? options.content.text);
    this.testData = new EditedText(options.testData, options.detail?.test_data ?? '');
    for (const buffer of [options.content, options.testData]) buffer.changed.connect(() => this.changedSignal.emit());
  }

  /** Something visible changed: a text, what the server has, a failure. */
  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  /** What the server last returned for the version that this text is based on; null for a new script. */
  get detail(): ScriptDetail | null {
    return this.known;
  }

  get scriptId(): number | null {
    return this.known?.id ?? null;
  }

  /** The key that unsaved text is stored under: a new script's own key until it is saved, then the script's id. */
  get unsavedKey(): string {
    return String(this.scriptId ?? this.key);
  }

  get version(): VersionInfo | null {
    return this.known?.version ?? null;
  }

  get dirty(): boolean {
    return !this.readOnly && (this.content.dirty || this.testData.dirty);
  }

  /** The texts that the server does not have yet; each null when it does. */
  get unsaved(): { readonly text: string | null; readonly testData: string | null } {
    const unsavedOf = ({ dirty, buffer }: EditedText): string | null => (dirty && !this.readOnly ? buffer.text : null);
    return { text: unsavedOf(this.content), testData: unsavedOf(this.testData) };
  }

  get saving(): boolean {
    return this.saveUnderWay !== null;
  }

  /** Saves both texts, over `newer` with `overwrite`. One save at a time: a second one waits for the first. */
  async save(options: { overwrite?: boolean } = {}): Promise<SaveOutcome> {
    await this.saveUnderWay;
    if (this.scriptId !== null && !this.dirty && !options.overwrite) return { kind: 'saved' };
    return this.saveStates({ content: this.content.capture(), testData: this.testData.capture(), overwrite: options.overwrite });
  }

  /** Saves only the test data: the script keeps its version, and unsaved text stays unsaved. */
  async saveTestData(): Promise<SaveOutcome> {
    await this.saveUnderWay;
    if (this.scriptId === null) return this.save();
    if (!this.testData.dirty) return { kind: 'saved' };
    return this.saveStates({ content: null, testData: this.testData.capture() });
  }

  /** Forks the script with what was typed, and returns to the newest version. Throws the server's error. */
  async moveToFork(): Promise<ScriptDetail> {
    const { content, testData } = this;
    const body = { version_id: this.version?.id, content: content.buffer.text };
    let fork = await this.client.forkScript({ params: { id: this.scriptId! }, body });
    if (testData.dirty) {
      const save = { content: fork.content, base_version_id: fork.version.id, test_data: testData.buffer.text };
      fork = await this.client.saveScript({ params: { id: fork.id }, body: save });
    }
    await this.revert();
    return fork;
  }

  /** Discards what was typed and shows the newest version. */
  async revert(): Promise<void> {
    if (this.scriptId === null) return;
    const detail = this.newer ?? (await this.client.getScript({ params: { id: this.scriptId } }));
    this.content.adopt(detail.content);
    this.testData.adopt(detail.test_data);
    this.become(detail);
  }

  /** Restores text that was not saved when the page was closed; nothing is sent. */
  restoreUnsaved(unsaved: { content?: string; testData?: string }): void {
    if (unsaved.content !== undefined) this.content.buffer.restore(unsaved.content);
    if (unsaved.testData !== undefined) this.testData.buffer.restore(unsaved.testData);
  }

  /** Picks up what others did: a clean text follows the newest version, a dirty one stays and `newer` is set. */
  async refresh(): Promise<void> {
    await this.saveUnderWay;
    if (this.scriptId === null || this.pinned) return;
    const { known, newer } = this;
    const detail = await this.client.getScript({ params: { id: this.scriptId } });
    if (this.saving) return;
    // A save or another request was answered in the meantime, so this response may be older.
    if (this.known !== known || this.newer !== newer) return this.refresh();
    this.deletedBy = null;
    // The same text under a new name (a new major version) does not affect what was typed.
    if (detail.version.id === this.version?.id || detail.content === this.content.savedText) this.known = detail;
    else if (this.content.dirty) this.newer = detail;
    else {
      const before = this.known;
      this.content.adopt(detail.content);
      this.become(detail);
      if (before && before.version.committer !== detail.version.committer) this.overtaken ??= before;
    }
    if (!this.testData.dirty) this.testData.adopt(detail.test_data);
    this.changedSignal.emit();
  }

  /** The person has seen that somebody's version replaced theirs. */
  acceptOvertaken(): void {
    this.overtaken = null;
    this.changedSignal.emit();
  }

  /** Somebody deleted it; the text stays. */
  markDeleted(by: string): void {
    this.deletedBy = by;
    this.changedSignal.emit();
  }

  /** Undoes the deletion. */
  async undelete(): Promise<void> {
    await this.client.restoreScript({ params: { id: this.scriptId! }, body: {} });
    await this.refresh();
  }

  dispose(): void {
    this.content.buffer.dispose();
    this.testData.buffer.dispose();
    Signal.clearData(this);
  }

  private saveStates(states: SaveStates): Promise<SaveOutcome> {
    this.saveUnderWay = this.send(states).finally(() => {
      this.saveUnderWay = null;
      this.changedSignal.emit();
    });
    this.changedSignal.emit();
    return this.saveUnderWay;
  }

  private async send(states: SaveStates): Promise<SaveOutcome> {
    try {
      const detail = await this.put(states);
      if (states.content) this.content.markSaved({ ...states.content, text: detail.content });
      this.testData.markSaved(states.testData);
      this.savedAt = new Date();
      this.overtaken = null;
      this.become(detail);
      return { kind: 'saved' };
    } catch (error) {
      return this.refused(error);
    }
  }

  private async refused(error: unknown): Promise<SaveOutcome> {
    try {
      if (!(error instanceof ApiError && error.is('catalog/stale'))) throw error;
      this.newer = await this.client.getScript({ params: { id: this.scriptId! } });
      return { kind: 'stale' };
    } catch (reason) {
      this.failure = reason;
      return { kind: 'failed', error: reason };
    }
  }

  private put({ content, testData, overwrite }: SaveStates): Promise<ScriptDetail> {
    const test_data = testData.text === this.testData.savedText ? undefined : testData.text;
    if (this.scriptId === null) return this.client.createScript({ body: { content: content!.text, test_data } });
    const base = overwrite && this.newer ? this.newer : this.known!;
    const body = { content: content?.text ?? this.content.savedText, base_version_id: base.version.id, test_data };
    return this.client.saveScript({ params: { id: this.scriptId }, body });
  }

  private become(detail: ScriptDetail): void {
    this.known = detail;
    this.newer = null;
    this.failure = null;
    this.changedSignal.emit();
  }
}

interface SaveStates {
  /** Null: sends what the server has, so that no version is created. */
  readonly content: TextState | null;
  readonly testData: TextState;
  readonly overwrite?: boolean;
}
