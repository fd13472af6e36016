/**
 * Asks for the diagnostics of a model when its text changes, and sets them as
 * markers. Asking skips the pause that the server keeps before it tells by
 * itself: from key to squiggle this is several times as fast.
 *
 * At most one question a model is under way; what changes meanwhile is asked
 * for after the answer, so that a fast typist never makes a queue.
 */
import * as monaco from 'monaco-editor/editor';
import type * as lsp from 'vscode-languageserver-protocol';
import type { LspClient } from './client.ts';
import { toMarker } from './convert.ts';

const MARKER_OWNER = 'language-service';

/** A `performance` measure from a change (or an opening) to its markers; `detail` has `{uri, version, count}`. Only the newest is kept. */
const KEY_TO_MARKERS = 'ved:key-to-markers';

interface Question {
  /** When the oldest text that has no answer yet came to be. */
  readonly sinceMs: number;
  readonly again: boolean;
}

export class PullDiagnostics implements monaco.IDisposable {
  private readonly underWay = new Map<monaco.editor.ITextModel, Question>();
  private disposed = false;

  constructor(
    private readonly client: LspClient,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The markers of this model are out of date. */
  ask(model: monaco.editor.ITextModel): void {
    if (!this.client.capabilities.diagnosticProvider || this.disposed) return;
    const question = this.underWay.get(model);
    const sinceMs = performance.now();
    if (question) {
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
