/** A script in an editor, as the rest of the workspace sees it: its document and its view. */
import { type ISignal, Signal } from '@lumino/signaling';
import { scriptName, type VersionInfo, versionName } from '@ved/catalog/contract';
import type { EditorLines, ScriptEditor } from '../../contract/index.ts';
import type { ScriptDocument } from '../documents/script-document.ts';
import type { MonacoParts } from '../monaco-loader.ts';

export type CodeView = InstanceType<MonacoParts['CodeView']>;

export class OpenScript implements ScriptEditor {
  private readonly changedSignal = new Signal<this, void>(this);
  private readonly closedSignal = new Signal<this, void>(this);

  /** `saveAsking` saves and asks when the person must decide. */
  constructor(
    readonly document: ScriptDocument,
    readonly view: CodeView,
    private readonly saveAsking: (script: OpenScript) => Promise<boolean>,
  ) {
    document.changed.connect(() => this.changedSignal.emit());
    view.selectionChanged.connect(() => this.changedSignal.emit());
  }

  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  get scriptId(): number | null {
    return this.document.scriptId;
  }

  get version(): VersionInfo | null {
    return this.document.version;
  }

  get title(): string {
    const { detail } = this.document;
    if (!detail) return 'New script';
    return this.document.pinned ? `${scriptName(detail)} (${versionName(detail.version)})` : scriptName(detail);
  }

  get text(): string {
    return this.document.content.buffer.text;
  }

  get savedText(): string {
    return this.document.detail?.content ?? '';
  }

  get lines(): EditorLines {
    return this.view.lines;
  }

  get closed(): ISignal<this, void> {
    return this.closedSignal;
  }

  get dirty(): boolean {
    return this.document.dirty;
  }

  get unsaved() {
    return this.document.unsaved;
  }

  get readOnly(): boolean {
    return this.document.readOnly;
  }

  get pinned(): boolean {
    return this.document.pinned;
  }

  get selection(): string {
    return this.view.selection;
  }

  insert(text: string): void {
    if (!this.readOnly) this.view.insert(text);
  }

  replaceAll(text: string): void {
    if (!this.readOnly) this.document.content.buffer.replaceAll(text);
  }

  save(): Promise<boolean> {
    return this.saveAsking(this);
  }

  revealLine(line: number): void {
    this.view.revealLine(line);
  }

  dispose(): void {
    this.closedSignal.emit();
    Signal.clearData(this);
    this.view.dispose();
    this.document.dispose();
  }
}
