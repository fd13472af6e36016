/**
 * A Monaco model as the text of a document. The language service identifies the
 * model by its URI. The model has one kind of line ending; the text keeps those
 * that it came with.
 */
import { Signal } from '@lumino/signaling';
import { LineEnds, shownText, withLineEnds } from '@ved/core/text';
import * as monaco from 'monaco-editor/editor';
import { scriptUri } from '../documents/script-uri.ts';
import type { TextBuffer } from '../documents/text-buffer.ts';

export class ScriptBuffer implements TextBuffer {
  private readonly changedSignal = new Signal<this, void>(this);
  private origin: LineEnds;
  private given: LineEnds | null = null;
  private known: { readonly revision: number; readonly text: string } | null = null;

  /** `text` is what the model was created from. */
  constructor(
    readonly model: monaco.editor.ITextModel,
    text = model.getValue(),
  ) {
    this.origin = new LineEnds(text);
    model.onDidChangeContent(() => this.changedSignal.emit());
  }

  get changed() {
    return this.changedSignal;
  }

  get text(): string {
    const { revision, known } = this;
    if (known?.revision === revision) return known.text;
    const text = withLineEnds(this.model.getValue(monaco.editor.EndOfLinePreference.LF), this.origin, this.given);
    this.known = { revision, text };
    return text;
  }

  get length(): number {
    const isPlain = this.given === null && this.origin.mark === '' && this.origin.onlyEnd === '\n';
    return isPlain ? this.model.getValueLength(monaco.editor.EndOfLinePreference.LF) : this.text.length;
  }

  get revision(): number {
    return this.model.getAlternativeVersionId();
  }

  get isDisposed(): boolean {
    return this.model.isDisposed();
  }

  /** Edits only what differs, so that cursors and folds elsewhere stay. */
  replaceAll(text: string): void {
    const edit = smallestEdit(this.model, shownText(text));
    if (!edit) return;
    this.model.pushStackElement();
    this.model.pushEditOperations([], [edit], () => null);
    this.model.pushStackElement();
  }

  adopt(text: string): void {
    this.markSaved(text);
    this.replaceAll(text);
  }

  restore(text: string): void {
    this.given = new LineEnds(text);
    this.known = null;
    this.replaceAll(text);
  }

  markSaved(text: string): void {
    this.origin = new LineEnds(text);
    this.given = null;
    this.known = null;
  }

  dispose(): void {
    this.model.dispose();
    Signal.clearData(this);
  }
}

/** One edit without the common start and end; null when nothing differs. */
function smallestEdit(model: monaco.editor.ITextModel, text: string): monaco.editor.IIdentifiedSingleEditOperation | null {
  const before = model.getValue(monaco.editor.EndOfLinePreference.LF);
  if (before === text) return null;
  const limit = Math.min(before.length, text.length);
  let start = 0;
  while (start < limit && before[start] === text[start]) start += 1;
  let end = 0;
  while (end < limit - start && before[before.length - 1 - end] === text[text.length - 1 - end]) end += 1;
  const range = monaco.Range.fromPositions(model.getPositionAt(start), model.getPositionAt(before.length - end));
  return { range, text: text.slice(start, text.length - end) };
}

/** A model whose lines end in `\n` on every system; Monaco would use the more common ending. */
function createModel(text: string, language: string, uri?: monaco.Uri): monaco.editor.ITextModel {
  const model = monaco.editor.createModel(shownText(text), language, uri);
  model.setEOL(monaco.editor.EndOfLineSequence.LF);
  return model;
}

/** The language service checks live scripts, but not read-only ones. */
export function createScriptBuffer(key: string, text: string, options: { checked: boolean }): ScriptBuffer {
  const uri = monaco.Uri.parse(scriptUri(key, options.checked));
  // Left by a tab that was closed while it was opening: nothing shows it, and a URI can have only one model.
  const left = monaco.editor.getModel(uri);
  if (left && !left.isAttachedToEditor()) left.dispose();
  return new ScriptBuffer(createModel(text, 'python', uri), text);
}

/** A text that is only shown, unknown to the language service. */
export function createTextBuffer(text: string, language: 'python' | 'plaintext'): ScriptBuffer {
  return new ScriptBuffer(createModel(text, language), text);
}

/** The buffer of a file that the language service opened, such as a stub; null when there is none. */
export function findBuffer(uri: string): ScriptBuffer | null {
  const model = monaco.editor.getModel(monaco.Uri.parse(uri));
  return model && new ScriptBuffer(model);
}
