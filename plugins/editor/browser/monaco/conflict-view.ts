/**
 * The panes of a conflict: ours and theirs read-only at the top, the editable
 * result below. The result's text is the only state: each unresolved conflict is
 * in it between markers, with buttons above that replace it.
 */
import { Signal } from '@lumino/signaling';
import { SplitPanel, Widget } from '@lumino/widgets';
import { type ConflictChoice, type ConflictSides, chosenLines, findConflicts, type MarkedConflict, mergeWithMarkers } from '@ved/core/text';
import * as monaco from 'monaco-editor/editor';
import type { TextSide } from '../../contract/index.ts';
import { conflictDecorations } from './conflict-decorations.ts';
import { OverflowLayer } from './overflow-layer.ts';
import { createTextBuffer, type ScriptBuffer } from './script-buffer.ts';
import { editorOptions } from './settings.ts';

/** A row of buttons with some padding. */
const ZONE_HEIGHT_PX = 26;
/** Space above a revealed conflict: its buttons and some lines. */
const CONTEXT_HEIGHT_PX = 80;

export class ConflictView extends SplitPanel {
  private readonly result: EditorPane;
  private readonly zones: string[] = [];
  private readonly decorations: monaco.editor.IEditorDecorationsCollection;
  private readonly conflictsSignal = new Signal<this, void>(this);
  private conflicts: MarkedConflict[] = [];

  constructor(private readonly sides: ConflictSides) {
    super({ orientation: 'vertical', spacing: 4 });
    this.addClass('ved-ConflictView');
    const above = new SplitPanel({ orientation: 'horizontal', spacing: 4 });
    above.addWidget(new EditorPane(sides.ours, true));
    above.addWidget(new EditorPane(sides.theirs, true));
    this.result = new EditorPane({ title: 'Result', text: mergeWithMarkers(sides) }, false);
    this.addWidget(above);
    this.addWidget(this.result);
    this.setRelativeSizes([2, 3]);
    this.decorations = this.result.editor.createDecorationsCollection();
    this.result.model.onDidChangeContent(() => this.update());
    this.showConflicts();
  }

  get text(): string {
    return this.result.buffer.text;
  }

  get undecided(): number {
    return this.conflicts.length;
  }

  get conflictsChanged() {
    return this.conflictsSignal;
  }

  goToConflict(direction: 'next' | 'previous'): void {
    const line = this.result.editor.getPosition()!.lineNumber;
    const after = this.conflicts.find(({ startLine }) => startLine > line);
    const before = this.conflicts.findLast(({ startLine }) => startLine < line);
    // Wraps around, as a search does.
    const target = direction === 'next' ? (after ?? this.conflicts[0]) : (before ?? this.conflicts.at(-1));
    if (target) this.reveal(target);
  }

  goToFirst(): void {
    if (this.conflicts[0]) this.reveal(this.conflicts[0]);
  }

  private reveal(target: MarkedConflict): void {
    const { editor } = this.result;
    editor.setPosition({ lineNumber: target.startLine, column: 1 });
    editor.setScrollTop(editor.getTopForLineNumber(target.startLine) - CONTEXT_HEIGHT_PX);
    editor.focus();
  }

  protected override onUpdateRequest(): void {
    this.showConflicts();
  }

  private showConflicts(): void {
    this.conflicts = findConflicts(this.text);
    this.decorations.set(this.conflicts.flatMap(conflictDecorations));
    this.result.editor.changeViewZones((zones) => {
      for (const id of this.zones.splice(0)) zones.removeZone(id);
      for (const conflict of this.conflicts) {
        this.zones.push(
          zones.addZone({ afterLineNumber: conflict.startLine - 1, heightInPx: ZONE_HEIGHT_PX, domNode: this.buttons(conflict) }),
        );
      }
    });
    this.conflictsSignal.emit();
  }

  private buttons(conflict: MarkedConflict): HTMLElement {
    const row = document.createElement('div');
    row.className = 'ved-ConflictView-choices';
    const { ours, theirs } = this.sides;
    row.append(
      this.button(`Take “${ours.title}”`, conflict, 'ours'),
      this.button(`Take “${theirs.title}”`, conflict, 'theirs'),
      this.button('Take both', conflict, 'both'),
    );
    // Monaco lays out the outer element as it likes.
    const zone = document.createElement('div');
    zone.className = 'ved-ConflictView-zone';
    zone.append(row);
    return zone;
  }

  private button(label: string, conflict: MarkedConflict, choice: ConflictChoice): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.dataset.vedChoice = choice;
    // Monaco would start a selection.
    button.addEventListener('mousedown', (event) => event.stopPropagation());
    button.addEventListener('click', () => this.decide(conflict, choice));
    return button;
  }

  private decide(conflict: MarkedConflict, choice: ConflictChoice): void {
    const { model, editor } = this.result;
    const lines = chosenLines(conflict, choice);
    const isLast = conflict.endLine === model.getLineCount();
    const range = isLast
      ? new monaco.Range(conflict.startLine, 1, conflict.endLine, model.getLineMaxColumn(conflict.endLine))
      : new monaco.Range(conflict.startLine, 1, conflict.endLine + 1, 1);
    const text = isLast ? lines.join('\n') : lines.map((line) => `${line}\n`).join('');
    editor.pushUndoStop();
    editor.executeEdits('conflict', [{ range, text }]);
    editor.pushUndoStop();
    this.showConflicts();
    this.goToConflict('next');
  }
}

/** One titled editor. */
class EditorPane extends Widget {
  readonly editor: monaco.editor.IStandaloneCodeEditor;
  readonly buffer: ScriptBuffer;
  private readonly host = document.createElement('div');
  private readonly layer = new OverflowLayer(this.host);

  get model(): monaco.editor.ITextModel {
    return this.buffer.model;
  }

  constructor({ title, text }: TextSide, readOnly: boolean) {
    super();
    this.addClass('ved-ConflictView-pane');
    const heading = document.createElement('div');
    heading.className = 'ved-ConflictView-title';
    heading.textContent = title;
    this.node.append(heading, this.host);
    this.buffer = createTextBuffer(text, 'python');
    this.editor = monaco.editor.create(this.host, { ...editorOptions(this.layer), model: this.model, readOnly, ariaLabel: title });
  }

  protected override onResize({ width, height }: Widget.ResizeMessage): void {
    const headingHeight = (this.node.firstElementChild as HTMLElement).offsetHeight;
    if (width > 0 && height > headingHeight) this.editor.layout({ width, height: height - headingHeight });
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.editor.dispose();
    this.layer.dispose();
    this.buffer.dispose();
    super.dispose();
  }
}
