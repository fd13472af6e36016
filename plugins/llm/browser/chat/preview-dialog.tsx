/** Shows exactly what would leave the machine, as the server would send it. */
import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import { createClient, PanelError, PanelLoading, useLoaded } from '@ved/core/browser';
import { useCallback } from 'react';
import { type CompletionRequest, llmRoutes, type Preview } from '../../contract/index.ts';

const client = createClient(llmRoutes);

export async function showPreview(request: CompletionRequest): Promise<void> {
  const dialog = new Dialog({
    title: 'What will be sent',
    body: ReactWidget.create(<PreviewView request={request} />),
    buttons: [Dialog.okButton({ label: 'Close' })],
  });
  dialog.addClass('ved-PreviewDialog');
  await dialog.launch();
  dialog.dispose();
}

function PreviewView({ request }: { readonly request: CompletionRequest }): JSX.Element {
  const load = useCallback((signal: AbortSignal) => client.preview({ body: request }, { signal }), [request]);
  const preview = useLoaded(load);
  if (preview.state === 'loading') return <PanelLoading label="Loading the preview" />;
  if (preview.state === 'failed')
    return <PanelError what="The preview could not be loaded." error={preview.error} onRetry={preview.reload} />;
  return <Messages {...preview.value} />;
}

function Messages({ messages, verdicts }: Preview): JSX.Element {
  return (
    <div className="ved-Preview">
      {verdicts.map((verdict) => (
        <p key={verdict.guardrail} className={verdict.allowed ? 'ved-Preview-allowed' : 'ved-Preview-refused'}>
          {verdict.allowed ? '✓' : '✗ Would be refused:'} {verdict.detail}
        </p>
      ))}
      {messages.map((message, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
        <section key={index} aria-label={`Message ${index + 1}, ${message.role}`}>
          <h3>{message.role}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long text scrolls, also by keyboard */}
          <pre tabIndex={0}>{message.content}</pre>
        </section>
      ))}
    </div>
  );
}
