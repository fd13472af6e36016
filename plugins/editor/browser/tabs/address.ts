/** `/editor/new` and `/editor/:id` in the address bar: opened from it, and shown in it. */
import { Notification } from '@jupyterlab/apputils';
import type { PageAddress } from '@ved/core/browser';
import type { ScriptTabs } from './script-tabs.ts';

const NEW_PATH = '/editor/new';
/** No more digits than a number holds exactly. */
const SCRIPT_PATH = /^\/editor\/(\d{1,15})$/;

/** Whether a path names a script or a new one. */
export function isScriptPath(path: string): boolean {
  return path === NEW_PATH || SCRIPT_PATH.test(path);
}

export interface AddressOptions {
  readonly restored: Promise<unknown>;
  /** New scripts that were not saved are back, or there are none. */
  readonly recovered: Promise<unknown>;
  readonly canEdit: boolean;
}

/**
 * Until `restored`, tabs come back in any order and the address is somebody's
 * wish; from then on it follows the current tab. Who may not write is given no
 * new script, which they could not keep.
 */
export function followAddress(tabs: ScriptTabs, address: PageAddress, { restored, recovered, canEdit }: AddressOptions): void {
  address.onPath(/^\/editor\/new$/, () => {
    if (canEdit) void recovered.then(() => openNew(tabs));
    else Notification.info('Only editors can make scripts.', { autoClose: 5000 });
  });
  address.onPath(SCRIPT_PATH, ([, id]) => void tabs.open(Number(id)));
  void restored.then(() => {
    tabs.currentChanged.connect(() => show(tabs, address));
    if (address.path === '/') show(tabs, address);
  });
}

/** A new script that is open already is shown again: going back in the browser makes no other. */
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
