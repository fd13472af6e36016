/** Updates the open scripts when others save, move or delete. */
import { catalogChanged } from '@ved/catalog/contract';
import { ApiError, type LiveEvents, ServerUnreachable } from '@ved/core/browser';
import type { OpenScript } from './open-script.ts';
import type { ScriptTabs } from './script-tabs.ts';

/** Also follows what this person does on another page; `username` is needed only to recognise their own deletions. */
export function followOthers(tabs: ScriptTabs, events: LiveEvents, username: string): void {
  events.on(catalogChanged, ({ script_ids, kind, by }) => {
    for (const tab of tabs.tabs) {
      const { script } = tab;
      if (!script || script.scriptId === null || !script_ids.includes(script.scriptId)) continue;
      if (kind !== 'deleted') refresh(script);
      else if (by === username && !script.dirty) tab.dispose();
      else script.document.markDeleted(by);
    }
  });
  events.resumed.connect(() => tabs.all.forEach(refresh));
}

function refresh({ document }: OpenScript): void {
  document.refresh().catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) document.markDeleted('Somebody');
    // The banner says that the server is unreachable; when it is back, everything is fetched again.
    else if (!(error instanceof ServerUnreachable)) throw error;
  });
}
