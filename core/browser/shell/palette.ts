/** The command palette, as a dialog over the workspace. */
import { ICommandPalette, ModalCommandPalette } from '@jupyterlab/apputils';
import { CommandPaletteSvg } from '@jupyterlab/ui-components';
import { DisposableDelegate } from '@lumino/disposable';
import { CommandPalette } from '@lumino/widgets';
import type { VedPlugin } from '../app/ved-plugin.ts';
import type { Offered } from '../settings/shortcut-changes.ts';

/** A palette that exposes its items. */
interface OfferingPalette extends ICommandPalette {
  readonly offered: readonly Offered[];
}

/** The items of a palette; empty when it is not this one. */
export function offeredBy(palette: ICommandPalette): readonly Offered[] {
  return 'offered' in palette ? (palette as OfferingPalette).offered : [];
}

export const palettePlugin: VedPlugin<OfferingPalette> = {
  id: '@ved/core:palette',
  autoStart: true,
  provides: ICommandPalette,
  activate: (app) => {
    const palette = new CommandPalette({ commands: app.commands, renderer: CommandPaletteSvg.defaultRenderer });
    palette.id = 'command-palette';
    palette.inputNode.placeholder = 'Search commands';
    palette.inputNode.setAttribute('aria-label', 'Search commands');
    const modal = new ModalCommandPalette({ commandPalette: palette, restore: () => app.shell.currentWidget?.activate() });
    modal.attach();
    app.commands.addCommand('workspace:show-palette', { label: 'Show All Commands…', execute: () => modal.activate() });
    return {
      get offered() {
        return palette.items.map(({ command, args }) => ({ command, args }));
      },
      get placeholder() {
        return palette.inputNode.placeholder;
      },
      set placeholder(text) {
        palette.inputNode.placeholder = text;
      },
      activate: () => modal.activate(),
      addItem: (options) => {
        const item = palette.addItem(options);
        return new DisposableDelegate(() => palette.removeItem(item));
      },
    };
  },
};
