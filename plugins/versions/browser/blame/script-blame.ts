/** Who wrote each line of an open script, kept up to date while the text is edited and saved. Knows no widgets. */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { catalogRoutes, VersionInfo } from '@ved/catalog/contract';
import type { Client } from '@ved/core/browser';
import type { ScriptEditor } from '@ved/editor/contract';
import { type AuthorRun, authorsNow, authorsOfSaved, editorLines, type LineAuthor, runsOf } from './line-authors.ts';

export type BlameClient = Pick<Client<typeof catalogRoutes>, 'blameScript' | 'listVersions'>;

/** A version that lines come from. */
export interface BlamedVersion extends VersionInfo {
  /** The id of the prompt in the assistant's log that wrote it; null when there is none. */
  readonly interactionId: number | null;
}

/** The saved text that blame was loaded for. */
interface Known {
  readonly versionId: number | null;
  readonly lines: readonly string[];
  readonly authors: readonly LineAuthor[];
  readonly versions: ReadonlyMap<number, BlamedVersion>;
}

/** For a script that was never saved. */
const NOTHING_SAVED: Known = { versionId: null, lines: [], authors: [], versions: new Map() };

export class ScriptBlame implements IDisposable {
  readonly changed = new Signal<this, void>(this);
  /** Why loading failed; null when it did not. */
  error: unknown = null;
  /** Empty until it is loaded. */
  runs: readonly AuthorRun[] = [];
  private known: Known | null = null;
  private asked: number | null | undefined;
  private frame = 0;
  private disposed = false;

  constructor(
    private readonly editor: ScriptEditor,
    private readonly client: BlameClient,
  ) {
    editor.changed.connect(this.follow, this);
    this.follow();
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    this.disposed = true;
    cancelAnimationFrame(this.frame);
    this.editor.changed.disconnect(this.follow, this);
    Signal.clearData(this);
  }

  /** Null for unsaved lines. */
  versionOf(run: AuthorRun): BlamedVersion | null {
    return run.author === 'unsaved' ? null : (this.known?.versions.get(run.author) ?? null);
  }

  retry(): void {
    this.asked = undefined;
    this.follow();
  }

  /** The text or its base version may have changed. Lines are compared once per frame, however fast somebody types. */
  private follow(): void {
    const versionId = this.editor.version?.id ?? null;
    if (this.asked !== versionId) void this.load(versionId);
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.compare());
  }

  private async load(versionId: number | null): Promise<void> {
    this.asked = versionId;
    try {
      const known = versionId === null ? NOTHING_SAVED : await this.ask(versionId);
      if (this.disposed || this.asked !== versionId) return;
      this.known = known;
      this.error = null;
    } catch (error) {
      if (this.disposed || this.asked !== versionId) return;
      this.error = error;
    }
    this.compare();
  }

  private async ask(versionId: number): Promise<Known> {
    const { scriptId, savedText } = this.editor;
    const params = { id: scriptId! };
    const [blame, versions] = await Promise.all([
      this.client.blameScript({ params, query: { version: versionId } }),
      this.client.listVersions({ params }),
    ]);
    const interactions = new Map(blame.map((line) => [line.version_id, line.interaction_id]));
    return {
      versionId,
      lines: editorLines(savedText),
      authors: authorsOfSaved(
        savedText,
        blame.map((line) => line.version_id),
      ),
      versions: new Map(versions.map((version) => [version.id, { ...version, interactionId: interactions.get(version.id) ?? null }])),
    };
  }

  private compare(): void {
    if (this.known) this.runs = runsOf(authorsNow(this.known.lines, this.known.authors, editorLines(this.editor.text)));
    this.changed.emit();
  }
}
