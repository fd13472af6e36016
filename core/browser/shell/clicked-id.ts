/** Finds what a context menu was opened on. */
import type { JupyterFrontEnd } from '@jupyterlab/application';

/** The number in a data attribute (`vedScriptId` for `data-ved-script-id`) of the clicked element or one of its ancestors; null when there is none. */
export function clickedId(app: JupyterFrontEnd, attribute: string): number | null {
  const clicked = app.contextMenuHitTest((node) => node.dataset[attribute] !== undefined);
  return clicked ? Number(clicked.dataset[attribute]) : null;
}
