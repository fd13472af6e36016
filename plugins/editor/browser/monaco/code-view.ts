/** A Monaco editor as a Lumino widget. Owns the editor, not the buffer. */
import type { Message } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import * as monaco from 'monaco-editor/editor';
import { OverflowLayer } from './overflow-layer.ts';
import type { ScriptBuffer } from './script-buffer.ts';
import { editorOptions, indentation } from './settings.ts';

export class CodeView extends Widget {
  private readonly editor: monaco.editor.IStandaloneCodeEditor;
  private readonly layer = new OverflowLayer(this.node);
  private readonly selectionSignal = new Signal<this, void>(this);

  constructor(buffer: ScriptBuffer, options: { readOnly: boolean; label: string }) {
    super();
    this.addClass('ved-CodeView');
    buffer.model.updateOptions(indentation());
    this.editor = monaco.editor.create(this.node, {
      ...editorOptions(this.layer),
      model: buffer.model,
      readOnly: options.readOnly,
      // A viewer reads: no message that typing is refused, the text simply does not take it.
      domReadOnly: options.readOnly,
      ariaLabel: options.label,
    });
    this.editor.onDidChangeCursorSelection(() => this.selectionSignal.emit());
  }

  get selectionChanged() {
    return this.selectionSignal;
  }

  /** The selected text, empty when none. */
  get selection(): string {
    const range = this.editor.getSelection();
    return range ? this.editor.getModel()!.getValueInRange(range) : '';
  }

  /** Puts text over the selection, as one step that can be undone, and shows it. */
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

  protected override onResize({ width, height }: Widget.ResizeMessage): void {
    this.editor.layout(width > 0 && height > 0 ? { width, height } : undefined);
  }

  protected override onAfterShow(): void {
    this.editor.layout();
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
