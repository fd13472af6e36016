/**
 * Focuses a dialog when it is shown. One with a React body takes the focus only
 * once the page is idle; until then, Escape and Enter would go to what is behind
 * it.
 */
import { Dialog } from '@jupyterlab/apputils';
import { MessageLoop } from '@lumino/messaging';
import type { VedPlugin } from '../app/ved-plugin.ts';

export const dialogFocusPlugin: VedPlugin<void> = {
  id: '@ved/core:dialog-focus',
  autoStart: true,
  activate: () => {
    Dialog.tracker.widgetAdded.connect((_, dialog) => {
      dialog.node.tabIndex = -1;
      MessageLoop.installMessageHook(dialog, (_handler, { type }) => {
        if (type === 'after-attach') queueMicrotask(() => takeFocus(dialog.node));
        return true;
      });
    });
  },
};

function takeFocus(node: HTMLElement): void {
  if (!node.contains(document.activeElement)) node.focus();
}
