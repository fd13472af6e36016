/** A Monaco editor as a Lumino widget. Owns the editor, not the buffer. */
import type { Message } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import * as monaco from 'monaco-editor/editor';
import type { EditorLines } from '../../contract/index.ts';
import { MonacoLines } from './monaco-lines.ts';
import { OverflowLayer } from './overflow-layer.ts';
import type { ScriptBuffer } from './script-buffer.ts';
import { editorOptions, indentation } from './settings.ts';

export class CodeView extends Widget {
  readonly lines: EditorLines;
  private readonly host = document.createElement('div');
  private readonly editor: monaco.editor.IStandaloneCodeEditor;
  private readonly layer = new OverflowLayer(this.host);
  private side: HTMLElement | null = null;
  private readonly selectionSignal = new Signal<this, void>(this);

  constructor(buffer: ScriptBuffer, options: { readOnly: boolean; label: string }) {
    super();
    this.addClass('ved-CodeView');
    this.host.className = 'ved-CodeView-editor';
    this.node.append(this.host);
    buffer.model.updateOptions(indentation());
    this.editor = monaco.editor.create(this.host, {
      ...editorOptions(this.layer),
      model: buffer.model,
      readOnly: options.readOnly,
      // Viewers get no message that typing is refused; it just has no effect.
      domReadOnly: options.readOnly,
      ariaLabel: options.label,
    });
    this.editor.onDidChangeCursorSelection(() => this.selectionSignal.emit());
    this.lines = new MonacoLines(this.editor, (side) => this.setSide(side));
  }

  get selectionChanged() {
    return this.selectionSignal;
  }

  /** The selected text, empty when none. */
  get selection(): string {
    const range = this.editor.getSelection();
    return range ? this.editor.getModel()!.getValueInRange(range) : '';
  }

  /** Replaces the selection with text, as one undo step, and reveals it. */
  insert(text: string): void {
    const range = this.editor.getSelection();
    if (!range) return;
    this.editor.pushUndoStop();
    this.editor.executeEdits('insert', [{ range, text, forceMoveMarkers: true }]);
    this.editor.pushUndoStop();
    this.editor.revealPositionInCenterIfOutsideViewport(this.editor.getPosition()!);
    this.editor.focus();
  }

  revealLine(lineNumber: number, column = 1): void {
    this.editor.setPosition({ lineNumber, column });
    this.editor.revealLineInCenterIfOutsideViewport(lineNumber);
    this.editor.focus();
  }

  /** Runs one of Monaco's own actions, such as `undo` or `actions.find`. */
  run(action: string): void {
    this.editor.focus();
    this.editor.trigger('menu', action, null);
  }

  private setSide(side: HTMLElement | null): void {
    this.side?.remove();
    this.side = side;
    if (side) this.host.before(side);
    this.layOut(this.node.clientWidth, this.node.clientHeight);
  }

  protected override onResize({ width, height }: Widget.ResizeMessage): void {
    this.layOut(width, height);
  }

  protected override onAfterShow(): void {
    this.editor.layout();
  }

  /** When the size is unknown (below 0) or empty, Monaco measures it. */
  private layOut(width: number, height: number): void {
    const left = width - (this.side?.offsetWidth ?? 0);
    this.editor.layout(left > 0 && height > 0 ? { width: left, height } : undefined);
  }

  protected override onActivateRequest(_message: Message): void {
    this.editor.focus();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.editor.dispose();
    this.layer.dispose();
    super.dispose();
  }
}
