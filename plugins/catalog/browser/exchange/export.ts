/** Downloads all scripts as a zip. */
import { Notification } from '@jupyterlab/apputils';
import { catalogRoutes } from '@ved/catalog/contract';
import { createClient } from '@ved/core/browser';

const client = createClient(catalogRoutes);

/** A request rather than a link, so that a lost session is restored and an error is shown. */
export async function exportScripts(): Promise<void> {
  try {
    const url = URL.createObjectURL(await client.exportScripts());
    const link = document.createElement('a');
    link.href = url;
    link.download = 'ved-scripts.zip';
    link.click();
    URL.revokeObjectURL(url);
  } catch (error) {
    Notification.error((error as Error).message, { autoClose: false });
  }
}
