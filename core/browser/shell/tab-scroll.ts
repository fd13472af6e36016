/** Scrolls the tab bar when tabs do not fit: with the wheel, and to the current tab. */
import { ILabShell } from '@jupyterlab/application';
import type { VedPlugin } from '../app/ved-plugin.ts';

export const tabScrollPlugin: VedPlugin<void> = {
  id: '@ved/core:tab-scroll',
  autoStart: true,
  requires: [ILabShell],
  activate: (_app, shell: ILabShell) => {
    const showCurrent = () => {
      // Once the tab bar has drawn what changed.
      requestAnimationFrame(() => {
        for (const tab of shell.node.querySelectorAll('.lm-DockPanel-tabBar .lm-TabBar-tab.lm-mod-current'))
          tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      });
    };
    shell.currentChanged.connect(showCurrent);
    shell.layoutModified.connect(showCurrent);
    shell.node.addEventListener('wheel', scrollTabs, { passive: true });
  },
};

/** A wheel turns up and down; a row of tabs goes left and right. */
function scrollTabs({ target, deltaX, deltaY }: WheelEvent): void {
  const row = target instanceof Element && target.closest('.lm-DockPanel-tabBar .lm-TabBar-content');
  if (row && deltaX === 0) row.scrollLeft += deltaY;
}
