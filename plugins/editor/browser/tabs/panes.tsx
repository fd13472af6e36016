/** What a tab shows instead of its editor: that it is on its way, or why it is not there. */
import { ReactWidget } from '@jupyterlab/ui-components';
import { PanelAction, PanelError, PanelLoading, PanelMessage } from '@ved/core/browser';

export function loadingPane(): ReactWidget {
  return ReactWidget.create(<PanelLoading label="Loading the script" lines={8} />);
}

export function errorPane(error: unknown, retry: () => void): ReactWidget {
  return ReactWidget.create(<PanelError what="This script could not be opened." error={error} onRetry={retry} />);
}

/** The script was deleted while text for it was not saved. */
export function gonePane(reason: string, actions: { readonly restore: () => void; readonly openAsNew: () => void }): ReactWidget {
  const buttons = (
    <>
      <PanelAction primary onClick={actions.restore}>
        Restore the script
      </PanelAction>
      <PanelAction onClick={actions.openAsNew}>Open my text as a new script</PanelAction>
    </>
  );
  return ReactWidget.create(
    <div role="alert">
      <PanelMessage title="This script is no longer there." actions={buttons}>
        {reason}
      </PanelMessage>
    </div>,
  );
}
