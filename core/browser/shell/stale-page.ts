/** Offers a reload when a part of the page can no longer be fetched, which usually means that the server was updated. */
import { Notification } from '@jupyterlab/apputils';
import type { VedPlugin } from '../app/ved-plugin.ts';

export const stalePagePlugin: VedPlugin<void> = {
  id: '@ved/core:stale-page',
  autoStart: true,
  activate: () => {
    // Sent by Vite's loader; the caller's own import still rejects.
    window.addEventListener('vite:preloadError', () => {
      Notification.warning('A part of the page could not be loaded. If ved was updated, reload the page.', {
        autoClose: false,
        actions: [{ label: 'Reload', callback: () => window.location.reload() }],
      });
    });
  },
};
