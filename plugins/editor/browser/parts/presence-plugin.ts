/** Presence: this page announces what it has open, and the tabs show who else has it open. */
import { LiveEvents, type VedPlugin, Workspace } from '@ved/core/browser';
import { PresenceAnnouncer, TypingWatch } from '../presence/announcer.ts';
import { OthersPresent } from '../presence/others-present.ts';
import { PresenceChip } from '../presence/presence-chip.ts';
import type { OpenScript } from '../tabs/open-script.ts';
import { keepTitle } from '../tabs/tab-title.ts';
import { PageIdentity, ScriptTabs } from '../tokens.ts';

export const presencePlugin: VedPlugin<void> = {
  id: '@ved/editor:presence',
  autoStart: true,
  requires: [ScriptTabs, LiveEvents, Workspace, PageIdentity],
  activate: (_app, tabs: ScriptTabs, events: LiveEvents, workspace: Workspace, page: PageIdentity) => {
    // If the request fails, nobody is shown as present; the next event has everybody.
    const others = new OthersPresent(workspace.session.username, () => undefined);
    const typing = new WeakMap<OpenScript, TypingWatch>();
    const announcer = new PresenceAnnouncer(page.id, () =>
      tabs.all.flatMap((script) =>
        script.scriptId === null || script.document.pinned
          ? []
          : [{ script_id: script.scriptId, dirty: script.dirty, typing: typing.get(script)?.isTyping ?? false }],
      ),
    );
    tabs.scriptOpened.connect((_, tab) => {
      keepTitle(tab, others);
      tab.toolbar.addItem('presence', new PresenceChip(tab, others));
      typing.set(tab.script!, new TypingWatch(tab.script!, () => announcer.update()));
      tab.script!.changed.connect(() => announcer.update());
      tab.disposed.connect(() => announcer.update());
      announcer.update();
    });
    others.follow(events);
  },
};
