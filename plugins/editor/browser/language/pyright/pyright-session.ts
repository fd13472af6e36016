/**
 * One Pyright worker, from boot to end: its connection, the documents it was
 * sent, its markers and its features. After `dispose` nothing of it is left in
 * Monaco; a restart creates a new session.
 */
import * as monaco from 'monaco-editor/editor';
import { BrowserMessageReader, BrowserMessageWriter, createMessageConnection } from 'vscode-jsonrpc/browser';
import { isScriptUri, SCRIPTS_FOLDER } from '../../documents/script-uri.ts';
import { LspClient } from '../lsp/client.ts';
import { DocumentSync } from '../lsp/document-sync.ts';
import { registerCodeActions } from '../lsp/features/code-actions.ts';
import { registerCompletion } from '../lsp/features/completion.ts';
import type { RegisterFeature } from '../lsp/features/feature.ts';
import { registerHover } from '../lsp/features/hover.ts';
import { definitionFeature, registerHighlights, registerOutline, registerReferences } from '../lsp/features/navigation.ts';
import { registerRename } from '../lsp/features/rename.ts';
import { registerSignatureHelp } from '../lsp/features/signature-help.ts';
import { PullDiagnostics } from '../lsp/pull-diagnostics.ts';
import { applyWorkspaceEdit } from '../lsp/workspace-edit.ts';
import { pyrightConfigFile, pyrightSettings } from './pyright-settings.ts';

export interface PyrightAddresses {
  readonly workerUrl: string;
  readonly typeshedUrl: string;
}

export class PyrightSession implements monaco.IDisposable {
  private readonly worker: Worker;
  private readonly client: LspClient;
  private readonly disposables: monaco.IDisposable[] = [];

  /** `onFailure` is called at most once, with the error, and never after `dispose`. */
  constructor(
    private readonly addresses: PyrightAddresses,
    private onFailure: (error: unknown) => void,
  ) {
    this.worker = new Worker(addresses.workerUrl, { name: 'pyright' });
    this.worker.onerror = (event) => this.fail(new Error(event.message || 'its worker could not be loaded'));
    const connection = createMessageConnection(new BrowserMessageReader(this.worker), new BrowserMessageWriter(this.worker));
    this.client = new LspClient(connection, {
      rootUri: `file://${SCRIPTS_FOLDER}`,
      settings: pyrightSettings,
      applyEdit: applyWorkspaceEdit,
    });
  }

  /** Resolves when the server answers and has received every open script. */
  async start(): Promise<void> {
    const { client } = this;
    client.connection.listen();
    await client.notify('ved/boot', { typeshedUrl: this.addresses.typeshedUrl, files: pyrightConfigFile });
    await client.initialize();
    const diagnostics = new PullDiagnostics(client, (error) => this.fail(error));
    // Stubs are the server's own files: never send it their text.
    const documents = new DocumentSync(
      client,
      ({ uri }) => isScriptUri(uri),
      (model) => diagnostics.ask(model),
    );
    client.diagnosticsStale.connect(() => {
      for (const model of documents.models) diagnostics.ask(model);
    });
    this.disposables.push(diagnostics, documents, ...this.features());
  }

  readFile(uri: string): Promise<string | null> {
    return this.client.request<string>('ved/readFile', { uri });
  }

  private features(): monaco.IDisposable[] {
    const features: RegisterFeature[] = [
      registerCompletion,
      registerHover,
      registerSignatureHelp,
      definitionFeature((uri) => this.createStubModel(uri)),
      registerReferences,
      registerHighlights,
      registerOutline,
      registerRename,
      registerCodeActions,
    ];
    const selector = { language: 'python', scheme: 'file' };
    return features.flatMap((register) => register(this.client, selector) ?? []);
  }

  /** A definition may be in a stub that has no model yet. */
  private async createStubModel(uri: string): Promise<void> {
    const text = monaco.editor.getModel(monaco.Uri.parse(uri)) ? null : await this.readFile(uri);
    // A concurrent call may have created it in the meantime.
    if (text !== null && !monaco.editor.getModel(monaco.Uri.parse(uri))) {
      monaco.editor.createModel(text, 'python', monaco.Uri.parse(uri));
    }
  }

  private fail(error: unknown): void {
    const notify = this.onFailure;
    this.onFailure = () => undefined;
    notify(error);
  }

  dispose(): void {
    this.onFailure = () => undefined;
    for (const disposable of this.disposables.splice(0)) disposable.dispose();
    this.client.connection.dispose();
    this.worker.terminate();
  }
}
