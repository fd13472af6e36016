/** `/editor/new` and `/editor/:id` in the address bar: opened from it, and shown in it. */
import type { PageAddress } from '@ved/core/browser';
import type { ScriptTabs } from './script-tabs.ts';

const NEW_PATH = '/editor/new';
const SCRIPT_PATH = /^\/editor\/(\d+)$/;

/** Whether a path names a script or a new one. */
export function isScriptPath(path: string): boolean {
  return path === NEW_PATH || SCRIPT_PATH.test(path);
}

/**
 * Until `restored`, tabs come back in any order and the address is somebody's
 * wish; from then on it follows the current tab. Who may not write is given no
 * new script, which they could not keep.
 */
export function followAddress(tabs: ScriptTabs, address: PageAddress, restored: Promise<unknown>, canEdit: boolean): void {
  // A failure is shown by the tab itself.
  const shownByTab = () => undefined;
  if (canEdit) address.onPath(/^\/editor\/new$/, () => void openNew(tabs).catch(shownByTab));
  address.onPath(SCRIPT_PATH, ([, id]) => void tabs.open(Number(id)).catch(shownByTab));
  void restored.then(() => {
    tabs.currentChanged.connect(() => show(tabs, address));
    if (address.path === '/') show(tabs, address);
  });
}

/** A new script that is open already is shown again: going back in the browser makes no other. */
async function openNew(tabs: ScriptTabs): Promise<void> {
  const unsaved = tabs.tabs.find(({ target }) => target.scriptId === null);
  if (unsaved) tabs.activate(unsaved);
  else await tabs.openNew();
}

function show(tabs: ScriptTabs, address: PageAddress): void {
  const target = tabs.tracker.currentWidget?.target;
  if (!target) address.show('/');
  else address.show(target.scriptId === null ? NEW_PATH : `/editor/${target.scriptId}`);
}
