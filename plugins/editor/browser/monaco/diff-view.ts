/** Two texts and what differs, as a Lumino widget. */
import { Widget } from '@lumino/widgets';
import * as monaco from 'monaco-editor/editor';
import type { TextSide } from '../../contract/index.ts';
import { OverflowLayer } from './overflow-layer.ts';
import { editorOptions } from './settings.ts';

export class DiffView extends Widget {
  private readonly editor: monaco.editor.IStandaloneDiffEditor;
  private readonly layer = new OverflowLayer(this.node);
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
      // A panel that a person made narrow stays side by side until they say otherwise.
      useInlineViewWhenSpaceIsLimited: false,
    });
    this.editor.setModel({ original: original!, modified: modified! });
    this.nameSides();
  }

  setInline(inline: boolean): void {
    this.editor.updateOptions({ renderSideBySide: !inline });
    this.nameSides();
  }

  /** Monaco empties the labels of both sides whenever it is given other options. */
  private nameSides(): void {
    this.editor.getOriginalEditor().updateOptions({ ariaLabel: this.left.title });
    this.editor.getModifiedEditor().updateOptions({ ariaLabel: this.right.title });
  }

  goToChange(direction: 'next' | 'previous'): void {
    this.editor.goToDiff(direction);
  }

  protected override onResize({ width, height }: Widget.ResizeMessage): void {
    this.editor.layout(width > 0 && height > 0 ? { width, height } : undefined);
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.editor.dispose();
    this.layer.dispose();
    for (const model of this.models) model.dispose();
    super.dispose();
  }
}
