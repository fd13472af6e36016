/** Where the lines of an editor are on the screen, and the column next to them. */
import { Signal } from '@lumino/signaling';
import type * as monaco from 'monaco-editor/editor';
import type { EditorLines } from '../../contract/index.ts';

/** Follows the editor until the editor is disposed. */
export class MonacoLines implements EditorLines {
  readonly scrolled = new Signal<this, void>(this);
  readonly moved = new Signal<this, void>(this);

  constructor(
    private readonly editor: monaco.editor.IStandaloneCodeEditor,
    readonly showBeside: (element: HTMLElement | null) => void,
  ) {
    editor.onDidScrollChange(({ scrollTopChanged }) => scrollTopChanged && this.scrolled.emit());
    const moved = () => this.moved.emit();
    editor.onDidContentSizeChange(moved);
    editor.onDidLayoutChange(moved);
    editor.onDidChangeHiddenAreas(moved);
    editor.onDidDispose(() => Signal.clearData(this));
  }

  get scrollTop(): number {
    return this.editor.getScrollTop();
  }

  get contentHeight(): number {
    return this.editor.getScrollHeight();
  }

  get viewHeight(): number {
    return this.editor.getLayoutInfo().height;
  }

  get lineHeight(): number {
    return this.editor.getLineHeightForPosition({ lineNumber: 1, column: 1 });
  }

  get cursorLine(): number {
    return this.editor.getPosition()?.lineNumber ?? 1;
  }

  top(line: number): number {
    return this.editor.getTopForLineNumber(line);
  }

  bottom(line: number): number {
    return this.editor.getBottomForLineNumber(line);
  }

  scrollBy(pixels: number): void {
    this.editor.setScrollTop(this.editor.getScrollTop() + pixels);
  }

  reveal(line: number): void {
    this.editor.revealLineInCenterIfOutsideViewport(line);
  }

  focusText(): void {
    this.editor.focus();
  }
}
