/** Two texts and their differences, as a Lumino widget. */
import { Widget } from '@lumino/widgets';
import * as monaco from 'monaco-editor/editor';
import type { TextSide } from '../../contract/index.ts';
import { OverflowLayer } from './overflow-layer.ts';
import { editorOptions } from './settings.ts';

export class DiffView extends Widget {
  private readonly editor: monaco.editor.IStandaloneDiffEditor;
  private readonly layer = new OverflowLayer(this.node);
  private isCompared = false;
  private hasSize = false;
  private readonly models: monaco.editor.ITextModel[];

  constructor(
    private readonly left: TextSide,
    private readonly right: TextSide,
  ) {
    super();
    this.addClass('ved-DiffView');
    this.models = [left.text, right.text].map((text) => monaco.editor.createModel(text, 'python'));
    const [original, modified] = this.models;
    this.editor = monaco.editor.createDiffEditor(this.node, {
      ...editorOptions(this.layer),
      originalEditable: false,
      readOnly: true,
      hideUnchangedRegions: { enabled: true },
      renderOverviewRuler: false,
      // A narrow panel stays side by side until the person switches.
      useInlineViewWhenSpaceIsLimited: false,
    });
    this.editor.setModel({ original: original!, modified: modified! });
    this.nameSides();
    // The changes are known once both texts were compared.
    const first = this.editor.onDidUpdateDiff(() => {
      first.dispose();
      this.isCompared = true;
      this.showFirst();
    });
  }

  setInline(inline: boolean): void {
    this.editor.updateOptions({ renderSideBySide: !inline });
    this.nameSides();
  }

  /** Monaco clears the labels of both sides whenever its options change. */
  private nameSides(): void {
    this.editor.getOriginalEditor().updateOptions({ ariaLabel: this.left.title });
    this.editor.getModifiedEditor().updateOptions({ ariaLabel: this.right.title });
  }

  goToChange(direction: 'next' | 'previous'): void {
    this.editor.goToDiff(direction);
    const line = this.editor.getModifiedEditor().getPosition()?.lineNumber;
    const change = this.editor.getLineChanges()?.find((each) => each.modifiedStartLineNumber === line);
    if (change) this.reveal(change);
  }

  /** Once, when there is a change and the widget has a size. */
  private showFirst(): void {
    const [first] = this.editor.getLineChanges() ?? [];
    if (!this.isCompared || !this.hasSize || !first) return;
    this.isCompared = false;
    this.reveal(first);
  }

  /** Also horizontally: in a long line the changed words may be far from its start. */
  private reveal(change: monaco.editor.ILineChange): void {
    const words = change.charChanges?.find((each) => each.modifiedEndLineNumber > 0) ?? null;
    const isRemoved = change.modifiedEndLineNumber === 0;
    if (isRemoved && change.originalStartLineNumber > 0) {
      this.editor.getOriginalEditor().revealLineInCenterIfOutsideViewport(change.originalStartLineNumber);
    }
    const line = Math.max(1, change.modifiedStartLineNumber);
    const range = words
      ? new monaco.Range(words.modifiedStartLineNumber, words.modifiedStartColumn, words.modifiedEndLineNumber, words.modifiedEndColumn)
      : new monaco.Range(line, 1, line, 1);
    this.editor.getModifiedEditor().revealRangeInCenterIfOutsideViewport(range);
  }

  protected override onResize({ width, height }: Widget.ResizeMessage): void {
    this.hasSize = width > 0 && height > 0;
    this.editor.layout(this.hasSize ? { width, height } : undefined);
    this.showFirst();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.editor.dispose();
    this.layer.dispose();
    for (const model of this.models) model.dispose();
    super.dispose();
  }
}
