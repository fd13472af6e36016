/** What a tab shows instead of its editor: that it is on its way, or why it is not there. */
import { ReactWidget } from '@jupyterlab/ui-components';
import { PanelError, PanelLoading } from '@ved/core/browser';

export function loadingPane(): ReactWidget {
  return ReactWidget.create(<PanelLoading label="Loading the script" lines={8} />);
}

export function errorPane(error: unknown, retry: () => void): ReactWidget {
  return ReactWidget.create(<PanelError what="This script could not be opened." error={error} onRetry={retry} />);
}
