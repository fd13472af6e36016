/**
 * Requests the diagnostics of a model when its text changes, and sets them as
 * markers. Pulling avoids the delay before the server pushes them: the time from
 * key to squiggle is several times shorter.
 *
 * There is at most one request per model; changes during it trigger another one
 * after the response, so that a fast typist never builds up a queue.
 */
import * as monaco from 'monaco-editor/editor';
import type * as lsp from 'vscode-languageserver-protocol';
import type { LspClient } from './client.ts';
import { toMarker } from './convert.ts';

const MARKER_OWNER = 'language-service';

/** A `performance` measure from a change (or an opening) to its markers; `detail` has `{uri, version, count}`. Only the newest is kept. */
const KEY_TO_MARKERS = 'ved:key-to-markers';

interface PendingRequest {
  /** When the oldest text without a response was typed. */
  readonly sinceMs: number;
  readonly again: boolean;
}

export class PullDiagnostics implements monaco.IDisposable {
  private readonly underWay = new Map<monaco.editor.ITextModel, PendingRequest>();
  private disposed = false;

  constructor(
    private readonly client: LspClient,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The markers of this model are out of date. */
  ask(model: monaco.editor.ITextModel): void {
    if (!this.client.capabilities.diagnosticProvider || this.disposed) return;
    const pending = this.underWay.get(model);
    const sinceMs = performance.now();
    if (pending) {
      this.underWay.set(model, { sinceMs, again: true });
      return;
    }
    this.underWay.set(model, { sinceMs, again: false });
    this.pull(model, sinceMs).catch(this.onError);
  }

  private async pull(model: monaco.editor.ITextModel, sinceMs: number): Promise<void> {
    const version = model.getVersionId();
    try {
      const report = await this.client.request<lsp.DocumentDiagnosticReport>('textDocument/diagnostic', {
        textDocument: { uri: model.uri.toString() },
      });
      if (this.disposed || model.isDisposed() || version !== model.getVersionId() || report?.kind !== 'full') return;
      monaco.editor.setModelMarkers(
        model,
        MARKER_OWNER,
        report.items.map((item) => toMarker(item, monaco.Uri.parse)),
      );
      measure(model, version, report.items.length, sinceMs);
    } finally {
      const again = this.underWay.get(model)?.again;
      this.underWay.delete(model);
      if (again && !model.isDisposed()) this.ask(model);
    }
  }

  dispose(): void {
    this.disposed = true;
    for (const model of monaco.editor.getModels()) monaco.editor.setModelMarkers(model, MARKER_OWNER, []);
  }
}

function measure(model: monaco.editor.ITextModel, version: number, count: number, sinceMs: number): void {
  performance.clearMeasures(KEY_TO_MARKERS);
  performance.measure(KEY_TO_MARKERS, { start: sinceMs, detail: { uri: model.uri.toString(), version, count } });
}
