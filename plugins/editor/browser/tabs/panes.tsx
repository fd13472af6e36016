/** What a tab shows instead of its editor: that it is loading, or why it failed. */
import { ReactWidget } from '@jupyterlab/ui-components';
import { PanelAction, PanelError, PanelLoading, PanelMessage } from '@ved/core/browser';

export function loadingPane(): ReactWidget {
  return ReactWidget.create(<PanelLoading label="Loading the script" lines={8} />);
}

export function errorPane(error: unknown, retry: () => void): ReactWidget {
  return ReactWidget.create(<PanelError what="This script could not be opened." error={error} onRetry={retry} />);
}

/** The script was deleted while there was unsaved text for it. */
export function deletedPane(reason: string, actions: { readonly restore: () => void; readonly openAsNew: () => void }): ReactWidget {
  const buttons = (
    <>
      <PanelAction primary onClick={actions.restore}>
        Restore script
      </PanelAction>
      <PanelAction onClick={actions.openAsNew}>Open my text as new script</PanelAction>
    </>
  );
  return ReactWidget.create(
    <div role="alert">
      <PanelMessage title="This script no longer exists" actions={buttons}>
        {reason}
      </PanelMessage>
    </div>,
  );
}
