/**
 * One language server behind one JSON-RPC connection: the handshake, the
 * answers to the server's own requests, and requests that Monaco can cancel.
 * Leaves documents and features to the files next to it.
 */

import { Signal } from '@lumino/signaling';
import type * as monaco from 'monaco-editor/editor';
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc/browser';
import type * as lsp from 'vscode-languageserver-protocol';
import { clientCapabilities } from './client-capabilities.ts';

export interface LspClientOptions {
  readonly rootUri: string;
  /** Answers to `workspace/configuration`, by section. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Applies edits that the server asks for. */
  readonly applyEdit: (edit: lsp.WorkspaceEdit) => void;
}

export class LspClient {
  /** As announced; capabilities registered later are added. */
  capabilities: lsp.ServerCapabilities = {};
  /** The server says that diagnostics may have changed: pull them again. */
  readonly diagnosticsStale = new Signal<this, void>(this);

  constructor(
    readonly connection: MessageConnection,
    private readonly options: LspClientOptions,
  ) {
    this.answerServer();
  }

  /** The protocol's handshake. The connection must already be listening. */
  async initialize(): Promise<void> {
    const { rootUri } = this.options;
    const params: lsp.InitializeParams = {
      processId: null,
      rootUri,
      workspaceFolders: [{ uri: rootUri, name: 'scripts' }],
      capabilities: clientCapabilities,
    };
    const { capabilities } = await this.connection.sendRequest<lsp.InitializeResult>('initialize', params);
    this.capabilities = { ...capabilities, ...this.capabilities };
    await this.notify('initialized', {});
    await this.notify('workspace/didChangeConfiguration', { settings: {} });
  }

  notify(method: string, params: object): Promise<void> {
    return this.connection.sendNotification(method, params);
  }

  /** Null when the server has no answer or Monaco lost interest. */
  async request<R>(method: string, params: object, token?: monaco.CancellationToken): Promise<R | null> {
    try {
      if (!token) return await this.connection.sendRequest<R | null>(method, params);
      return await this.connection.sendRequest<R | null>(method, params, token as CancellationToken);
    } catch (error) {
      if (token?.isCancellationRequested) return null;
      throw error;
    }
  }

  /** A request about one position of one document. */
  requestAt<R>(method: string, model: monaco.editor.ITextModel, position: monaco.IPosition, token: monaco.CancellationToken, more = {}) {
    const at = { line: position.lineNumber - 1, character: position.column - 1 };
    return this.request<R>(method, { textDocument: { uri: model.uri.toString() }, position: at, ...more }, token);
  }

  private answerServer(): void {
    const { connection, options } = this;
    connection.onRequest('workspace/configuration', ({ items }: lsp.ConfigurationParams) =>
      items.map(({ section }) => options.settings[section ?? ''] ?? null),
    );
    connection.onRequest('client/registerCapability', ({ registrations }: lsp.RegistrationParams) => this.addCapabilities(registrations));
    connection.onRequest('client/unregisterCapability', () => null);
    connection.onRequest('window/workDoneProgress/create', () => null);
    connection.onRequest('workspace/diagnostic/refresh', () => {
      this.diagnosticsStale.emit();
      return null;
    });
    connection.onRequest('workspace/applyEdit', ({ edit }: lsp.ApplyWorkspaceEditParams) => {
      options.applyEdit(edit);
      return { applied: true };
    });
  }

  private addCapabilities(registrations: readonly lsp.Registration[]): null {
    const pulls = registrations.find(({ method }) => method === 'textDocument/diagnostic');
    if (pulls) {
      this.capabilities.diagnosticProvider = { interFileDependencies: true, workspaceDiagnostics: false };
      this.diagnosticsStale.emit();
    }
    return null;
  }
}
