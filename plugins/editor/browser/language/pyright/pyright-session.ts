/**
 * One life of the Pyright worker, from boot to end: its connection, the
 * documents it was told of, its markers and its features. After `dispose`
 * nothing of it is left in Monaco; the next life is another object.
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

  /** `onFailure` is called at most once, with what broke, unless disposed before. */
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

  /** Resolves when the server answers and every open script was handed over. */
  async start(): Promise<void> {
    const { client } = this;
    client.connection.listen();
    await client.notify('ved/boot', { typeshedUrl: this.addresses.typeshedUrl, files: pyrightConfigFile });
    await client.initialize();
    const diagnostics = new PullDiagnostics(client, (error) => this.fail(error));
    // Stubs are the server's own files: it is asked about them, and never told of them.
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
      definitionFeature((uri) => this.makeStubModel(uri)),
      registerReferences,
      registerHighlights,
      registerOutline,
      registerRename,
      registerCodeActions,
    ];
    const selector = { language: 'python', scheme: 'file' };
    return features.flatMap((register) => register(this.client, selector) ?? []);
  }

  /** A definition may lie in a stub, which no model holds yet. */
  private async makeStubModel(uri: string): Promise<void> {
    const text = monaco.editor.getModel(monaco.Uri.parse(uri)) ? null : await this.readFile(uri);
    // Asked for twice at once, it may have come meanwhile.
    if (text !== null && !monaco.editor.getModel(monaco.Uri.parse(uri))) {
      monaco.editor.createModel(text, 'python', monaco.Uri.parse(uri));
    }
  }

  private fail(error: unknown): void {
    const tell = this.onFailure;
    this.onFailure = () => undefined;
    tell(error);
  }

  dispose(): void {
    this.onFailure = () => undefined;
    for (const disposable of this.disposables.splice(0)) disposable.dispose();
    this.client.connection.dispose();
    this.worker.terminate();
  }
}
