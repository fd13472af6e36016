/** Shown in the Main Area while it is empty: a few commands to start with, and their keys. */
import { ILabShell } from '@jupyterlab/application';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { VedPlugin } from '../app/ved-plugin.ts';

/** The number of File menu entries to offer. */
const OFFERED = 3;

interface Offer {
  readonly command: string;
  readonly args?: ReadonlyPartialJSONObject;
}

export const startHintPlugin: VedPlugin<void> = {
  id: '@ved/core:start-hint',
  autoStart: true,
  requires: [ILabShell, IMainMenu],
  activate: (app, shell: ILabShell, menu: IMainMenu) => {
    void app.restored.then(() => {
      const host = document.getElementById('jp-main-dock-panel');
      const offers = [...offersOf(menu, app.commands), { command: 'workspace:show-palette' }];
      const hint = hintNode(offers, app.commands);
      host?.append(hint);
      const show = () => {
        hint.hidden = !shell.isEmpty('main');
      };
      show();
      shell.layoutModified.connect(show);
    });
  },
};

/** Core knows no plugin, so it takes the first entries of the File menu. */
function offersOf(menu: IMainMenu, commands: CommandRegistry): Offer[] {
  return menu.fileMenu.items
    .filter((item) => item.type === 'command' && commands.isVisible(item.command, item.args) && commands.isEnabled(item.command, item.args))
    .slice(0, OFFERED)
    .map(({ command, args }) => ({ command, args }));
}

function hintNode(offers: readonly Offer[], commands: CommandRegistry): HTMLElement {
  const list = document.createElement('ul');
  list.className = 'ved-StartHint';
  for (const { command, args } of offers) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = commands.label(command, args);
    button.addEventListener('click', () => void commands.execute(command, args));
    const entry = document.createElement('li');
    entry.append(button);
    const binding = commands.keyBindings.find((one) => one.command === command);
    if (binding) {
      const keys = document.createElement('kbd');
      keys.textContent = binding.keys.map((key) => CommandRegistry.formatKeystroke(key)).join(' ');
      entry.append(keys);
    }
    list.append(entry);
  }
  return list;
}
