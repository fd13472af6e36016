/** The panel's head: its name, and what begins something new. */
import { CommandToolbarButtonComponent } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';

/** `added` are other plugins' commands. What this person may not do is left out. */
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
