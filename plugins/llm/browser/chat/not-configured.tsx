/** What the panel shows when the server has no key for the model. */
import { PanelAction, PanelMessage } from '@ved/core/browser';

export function NotConfigured({ detail, onRetry }: { readonly detail: string | null; readonly onRetry: () => void }): JSX.Element {
  return (
    <PanelMessage title="The assistant needs an API key" actions={<PanelAction onClick={onRetry}>Check again</PanelAction>}>
      <p>{detail}</p>
      <pre className="ved-Assistant-example">OPENROUTER_API_KEY=… npm start</pre>
    </PanelMessage>
  );
}
