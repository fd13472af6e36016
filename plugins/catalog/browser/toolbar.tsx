/** The panel's header: its title, New Script, and commands of other plugins. */
import { CommandToolbarButtonComponent } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';

/** `added` are other plugins' commands. Commands that the user may not execute are hidden. */
export function CatalogToolbar({ commands, added }: { commands: CommandRegistry; added: readonly string[] }): JSX.Element {
  return (
    <div className="ved-PanelHead" role="toolbar" aria-label="Catalog">
      <h2>Catalog</h2>
      {['catalog:new', ...added]
        .filter((id) => commands.isVisible(id))
        .map((id) => (
          <CommandToolbarButtonComponent key={id} commands={commands} id={id} label="" />
        ))}
    </div>
  );
}
