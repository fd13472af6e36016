/** Shown while there are no scripts: explains numbers and groups, and how to start. */
import type { CommandRegistry } from '@lumino/commands';

export function EmptyCatalog({ commands, canEdit }: { commands: CommandRegistry; canEdit: boolean }): JSX.Element {
  return (
    <div className="ved-CatalogEmpty">
      <p>
        <strong>No scripts yet.</strong>
      </p>
      <p>Each script has a number, such as 3.02. The queue runs in number order.</p>
      <p>Scripts with the same integer part form a group and run in parallel.</p>
      <p>Each group waits for the previous one to finish.</p>
      {canEdit ? (
        <div className="ved-CatalogEmpty-actions">
          {commands.isVisible('catalog:new') && (
            <button type="button" className="jp-mod-styled jp-mod-accept" onClick={() => void commands.execute('catalog:new')}>
              New script
            </button>
          )}
          <button type="button" className="jp-mod-styled" onClick={() => void commands.execute('catalog:load-samples')}>
            Load samples
          </button>
          <button type="button" className="jp-mod-styled" onClick={() => void commands.execute('catalog:import')}>
            Import…
          </button>
          <button type="button" className="jp-mod-styled" onClick={() => void commands.execute('catalog:deleted')}>
            Deleted scripts…
          </button>
        </div>
      ) : (
        <p>An editor can add the first one.</p>
      )}
    </div>
  );
}
