/** The panel's head: its name, and what begins something new. */
import { CommandToolbarButtonComponent } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';

/** Shown when there is such a command and it is visible to this person. */
const COMMANDS = ['catalog:new', 'runner:run-queue'];

export function CatalogToolbar({ commands }: { commands: CommandRegistry }): JSX.Element {
  return (
    <div className="ved-PanelHead" role="toolbar" aria-label="Catalog">
      <h2>Catalog</h2>
      {COMMANDS.filter((id) => commands.hasCommand(id) && commands.isVisible(id)).map((id) => (
        <CommandToolbarButtonComponent key={id} commands={commands} id={id} label="" />
      ))}
    </div>
  );
}
