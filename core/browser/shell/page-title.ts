/** The page's title: what the current tab shows, so that two browser tabs and the history can be told apart. */
import { ILabShell } from '@jupyterlab/application';
import type { Title, Widget } from '@lumino/widgets';
import type { VedPlugin } from '../app/ved-plugin.ts';

const NAME = 'ved';

export const pageTitlePlugin: VedPlugin<void> = {
  id: '@ved/core:page-title',
  autoStart: true,
  requires: [ILabShell],
  activate: (_app, shell: ILabShell) => {
    let shown: Title<Widget> | null = null;
    const show = () => {
      const label = shown?.label.trim();
      document.title = label ? `${label} · ${NAME}` : NAME;
    };
    const follow = () => {
      const main = [...shell.widgets('main')];
      const current = main.find((widget) => widget === shell.currentWidget);
      // A panel outside the Main Area has the focus: keep the title of the last tab.
      if (!current && main.some(({ title }) => title === shown)) return;
      shown?.changed.disconnect(show);
      shown = current?.title ?? null;
      shown?.changed.connect(show);
      show();
    };
    shell.currentChanged.connect(follow);
    follow();
  },
};
