/** Opens scripts from `/editor/new` and `/editor/:id` in the address bar, and keeps the address bar up to date. */
import { Notification } from '@jupyterlab/apputils';
import type { PageAddress } from '@ved/core/browser';
import type { ScriptTabs } from './script-tabs.ts';

const NEW_PATH = '/editor/new';
/** At most as many digits as a number represents exactly. */
const SCRIPT_PATH = /^\/editor\/(\d{1,15})$/;

/** Whether a path names a script or a new one. */
export function isScriptPath(path: string): boolean {
  return path === NEW_PATH || SCRIPT_PATH.test(path);
}

export interface AddressOptions {
  readonly restored: Promise<unknown>;
  /** Resolves when unsaved new scripts are restored, if there are any. */
  readonly recovered: Promise<unknown>;
  readonly canEdit: boolean;
}

/**
 * Until `restored`, tabs are restored in any order and the address says what to
 * open; from then on it follows the current tab. People who cannot write get no
 * new script, because they could not save it.
 */
export function followAddress(tabs: ScriptTabs, address: PageAddress, { restored, recovered, canEdit }: AddressOptions): void {
  address.onPath(/^\/editor\/new$/, () => {
    if (canEdit) void recovered.then(() => openNew(tabs));
    else Notification.info('Only editors can create scripts.', { autoClose: 5000 });
  });
  address.onPath(SCRIPT_PATH, ([, id]) => void tabs.open(Number(id)));
  void restored.then(() => {
    tabs.currentChanged.connect(() => show(tabs, address));
    if (address.path === '/') show(tabs, address);
  });
}

/** Shows a new script that is already open: going back in the browser does not create another. */
function openNew(tabs: ScriptTabs): void {
  const unsaved = tabs.tabs.find(({ target }) => target.scriptId === null);
  if (unsaved) tabs.activate(unsaved);
  else void tabs.openNew();
}

function show(tabs: ScriptTabs, address: PageAddress): void {
  const target = tabs.tracker.currentWidget?.target;
  if (!target) address.show('/');
  else address.show(target.scriptId === null ? NEW_PATH : `/editor/${target.scriptId}`);
}
