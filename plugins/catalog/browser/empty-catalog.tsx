/** The first thing that a team sees: what numbers and groups are, and how to begin. */
import type { CommandRegistry } from '@lumino/commands';

export function EmptyCatalog({ commands, canEdit }: { commands: CommandRegistry; canEdit: boolean }): JSX.Element {
  return (
    <div className="ved-CatalogEmpty">
      <p>
        <strong>No scripts yet.</strong>
      </p>
      <p>Each script has a number, such as 3.02, and the queue runs in their order.</p>
      <p>Scripts with the same integer part are a group: they run at once.</p>
      <p>The next group waits until the one before has ended.</p>
      {canEdit ? (
        <div className="ved-CatalogEmpty-actions">
          {commands.isVisible('catalog:new') && (
            <button type="button" className="jp-mod-styled jp-mod-accept" onClick={() => void commands.execute('catalog:new')}>
              New script
            </button>
          )}
          <button type="button" className="jp-mod-styled" onClick={() => void commands.execute('catalog:load-samples')}>
            Load the samples
          </button>
          <button type="button" className="jp-mod-styled" onClick={() => void commands.execute('catalog:import')}>
            Import…
          </button>
          <button type="button" className="jp-mod-styled" onClick={() => void commands.execute('catalog:deleted')}>
            Deleted scripts…
          </button>
        </div>
      ) : (
        <p>An editor can add the first.</p>
      )}
    </div>
  );
}
