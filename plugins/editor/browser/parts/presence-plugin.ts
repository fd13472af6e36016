/** Who else has a script open: this page says what it has, the tabs show the others. */
import { LiveEvents, type VedPlugin, Workspace } from '@ved/core/browser';
import { PresenceAnnouncer } from '../presence/announcer.ts';
import { OthersPresent } from '../presence/others-present.ts';
import { keepTitle } from '../tabs/tab-title.ts';
import { PageIdentity, ScriptTabs } from '../tokens.ts';

export const presencePlugin: VedPlugin<void> = {
  id: '@ved/editor:presence',
  autoStart: true,
  requires: [ScriptTabs, LiveEvents, Workspace, PageIdentity],
  activate: (_app, tabs: ScriptTabs, events: LiveEvents, workspace: Workspace, page: PageIdentity) => {
    // Without an answer nobody is shown as present; the next event tells all.
    const others = new OthersPresent(workspace.session.username, () => undefined);
    const announcer = new PresenceAnnouncer(page.id, () =>
      tabs.all.flatMap(({ scriptId, dirty, document }) => (scriptId === null || document.pinned ? [] : [{ script_id: scriptId, dirty }])),
    );
    tabs.scriptOpened.connect((_, tab) => {
      keepTitle(tab, others);
      tab.script!.changed.connect(() => announcer.update());
      tab.disposed.connect(() => announcer.update());
      announcer.update();
    });
    others.follow(events);
  },
};
