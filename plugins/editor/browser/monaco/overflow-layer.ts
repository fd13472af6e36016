/**
 * Where an editor's suggestions, hovers and rename box live: a layer on the
 * body, because the dock panel would clip them. Monaco listens for keys only on
 * the editor, so keys pressed in the layer (Enter in the rename box) are
 * forwarded to it.
 */
import type * as monaco from 'monaco-editor/editor';

export class OverflowLayer implements monaco.IDisposable {
  readonly node = document.createElement('div');

  /** `container` is the element that the editor is created in. */
  constructor(private readonly container: HTMLElement) {
    this.node.className = 'monaco-editor ved-EditorOverflow';
    this.node.addEventListener('keydown', (event) => this.forward(event));
    document.body.append(this.node);
  }

  private forward(event: KeyboardEvent): void {
    // The copy does not bubble past the editor: the workspace gets the original.
    const copy = new KeyboardEvent(event.type, { ...keyOf(event), bubbles: false, cancelable: true });
    if (this.container.dispatchEvent(copy)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  dispose(): void {
    this.node.remove();
  }
}

function keyOf({ key, code, keyCode, ctrlKey, shiftKey, altKey, metaKey }: KeyboardEvent): KeyboardEventInit {
  return { key, code, keyCode, ctrlKey, shiftKey, altKey, metaKey };
}
