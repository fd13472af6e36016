/** A Monaco model as the text of a document. The model's address is what the language service knows it by. */
import { Signal } from '@lumino/signaling';
import * as monaco from 'monaco-editor/editor';
import { scriptUri } from '../documents/script-uri.ts';
import type { TextBuffer } from '../documents/text-buffer.ts';

export class ScriptBuffer implements TextBuffer {
  private readonly changedSignal = new Signal<this, void>(this);

  constructor(readonly model: monaco.editor.ITextModel) {
    model.onDidChangeContent(() => this.changedSignal.emit());
  }

  get changed() {
    return this.changedSignal;
  }

  get text(): string {
    return this.model.getValue(undefined, true);
  }

  get length(): number {
    return this.model.getValueLength(undefined, true);
  }

  get revision(): number {
    return this.model.getAlternativeVersionId();
  }

  get isDisposed(): boolean {
    return this.model.isDisposed();
  }

  /** Only the lines that differ are touched, so that cursors and folds elsewhere stay. */
  replaceAll(text: string): void {
    const edit = smallestEdit(this.model, text);
    if (!edit) return;
    this.model.pushStackElement();
    this.model.pushEditOperations([], [edit], () => null);
    this.model.pushStackElement();
  }

  dispose(): void {
    this.model.dispose();
    Signal.clearData(this);
  }
}

/** One edit without the common beginning and end; null when nothing differs. */
function smallestEdit(model: monaco.editor.ITextModel, text: string): monaco.editor.IIdentifiedSingleEditOperation | null {
  const before = model.getValue();
  if (before === text) return null;
  const limit = Math.min(before.length, text.length);
  let start = 0;
  while (start < limit && before[start] === text[start]) start += 1;
  let end = 0;
  while (end < limit - start && before[before.length - 1 - end] === text[text.length - 1 - end]) end += 1;
  const range = monaco.Range.fromPositions(model.getPositionAt(start), model.getPositionAt(before.length - end));
  return { range, text: text.slice(start, text.length - end) };
}

/** Live scripts are checked by the language service; what is read-only is only shown. */
export function createScriptBuffer(key: string, text: string, options: { checked: boolean }): ScriptBuffer {
  const uri = monaco.Uri.parse(scriptUri(key, options.checked));
  return new ScriptBuffer(monaco.editor.createModel(text, 'python', uri));
}

/** A text that is only shown, and that no language service knows. */
export function createTextBuffer(text: string, language: 'python' | 'plaintext'): ScriptBuffer {
  return new ScriptBuffer(monaco.editor.createModel(text, language));
}

/** The buffer of a file that the language service opened, such as a stub; null when there is none. */
export function findBuffer(uri: string): ScriptBuffer | null {
  const model = monaco.editor.getModel(monaco.Uri.parse(uri));
  return model && new ScriptBuffer(model);
}
