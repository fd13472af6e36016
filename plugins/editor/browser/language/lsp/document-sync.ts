/** Tells the server when the scripts' models are opened, changed and closed. */
import * as monaco from 'monaco-editor/editor';
import type { LspClient } from './client.ts';
import { toLspRange } from './convert.ts';

export class DocumentSync implements monaco.IDisposable {
  private readonly open = new Map<monaco.editor.ITextModel, monaco.IDisposable>();
  private readonly created: monaco.IDisposable;

  /** `wants` says which models the server gets; `onChanged` is called after the server was sent a text. */
  constructor(
    private readonly client: LspClient,
    private readonly wants: (model: monaco.editor.ITextModel) => boolean,
    private readonly onChanged: (model: monaco.editor.ITextModel) => void,
  ) {
    this.created = monaco.editor.onDidCreateModel((model) => this.add(model));
    for (const model of monaco.editor.getModels()) this.add(model);
  }

  get models(): Iterable<monaco.editor.ITextModel> {
    return this.open.keys();
  }

  private add(model: monaco.editor.ITextModel): void {
    if (!this.wants(model)) return;
    const uri = model.uri.toString();
    void this.client.notify('textDocument/didOpen', {
      textDocument: { uri, languageId: model.getLanguageId(), version: model.getVersionId(), text: model.getValue() },
    });
    const changes = model.onDidChangeContent((event) => {
      void this.client.notify('textDocument/didChange', {
        textDocument: { uri, version: event.versionId },
        contentChanges: event.changes.map((change) => ({ range: toLspRange(change.range), text: change.text })),
      });
      this.onChanged(model);
    });
    const disposal = model.onWillDispose(() => this.remove(model));
    this.open.set(model, {
      dispose: () => {
        changes.dispose();
        disposal.dispose();
      },
    });
    this.onChanged(model);
  }

  private remove(model: monaco.editor.ITextModel): void {
    this.open.get(model)?.dispose();
    this.open.delete(model);
    void this.client.notify('textDocument/didClose', { textDocument: { uri: model.uri.toString() } });
  }

  dispose(): void {
    this.created.dispose();
    for (const listeners of this.open.values()) listeners.dispose();
    this.open.clear();
  }
}
