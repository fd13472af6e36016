/** Lists the deleted scripts, with who deleted each and when. A script is restored under its old number or, when that is taken, another one. */
import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import { catalogRoutes, type DeletedScript, versionName } from '@ved/catalog/contract';
import { createClient, PanelError, PanelLoading, RelativeTime } from '@ved/core/browser';
import { useCallback, useEffect, useState } from 'react';
import type { ScriptList } from './script-list.ts';

const client = createClient(catalogRoutes);

export interface DeletedScriptsProps {
  readonly list: ScriptList;
  readonly canEdit: boolean;
  /** Throws when the server refuses. */
  restore(scriptId: number, orderingNumber?: number): Promise<void>;
}

/** Resolves when the dialog is closed. */
export async function showDeletedScripts(props: DeletedScriptsProps): Promise<void> {
  await new Dialog({
    title: 'Deleted Scripts',
    body: ReactWidget.create(<DeletedScripts {...props} />),
    buttons: [Dialog.cancelButton({ label: 'Close' })],
  }).launch();
}

function DeletedScripts({ list, canEdit, restore }: DeletedScriptsProps): JSX.Element {
  const [scripts, setScripts] = useState<readonly DeletedScript[] | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const load = useCallback(() => {
    client.listDeleted().then(
      (deleted) => {
        setScripts(deleted);
        setError(null);
      },
      (reason: Error) => setError(reason),
    );
  }, []);
  // Any change of the list may be a deletion, a restored script, or a number that has been taken.
  useEffect(() => {
    load();
    list.changed.connect(load);
    return () => void list.changed.disconnect(load);
  }, [list, load]);

  if (error) return <PanelError what="The deleted scripts could not be loaded." error={error} onRetry={load} />;
  if (scripts === null) return <PanelLoading label="Loading the deleted scripts" />;
  if (scripts.length === 0) return <p className="ved-DeletedScripts">No deleted scripts.</p>;
  return (
    <div className="ved-DeletedScripts">
      <p>Their versions and runs are kept.{canEdit ? ' Restoring a script also puts it back on prod if it was there.' : ''}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable area must be reachable by keyboard */}
      <section aria-label="Deleted scripts" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Number</th>
              <th scope="col">Name</th>
              <th scope="col">Version</th>
              <th scope="col">Deleted</th>
              {canEdit && <th scope="col">Restore</th>}
            </tr>
          </thead>
          <tbody>
            {scripts.map((script) => (
              <DeletedRow key={script.id} script={script} canEdit={canEdit} restore={restore} />
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function DeletedRow({ script, canEdit, restore }: { script: DeletedScript } & Omit<DeletedScriptsProps, 'list'>): JSX.Element {
  return (
    <tr>
      <td>{script.ordering_number.toFixed(2)}</td>
      <td className="ved-DeletedScripts-name">
        <bdi>{script.descriptive_name}</bdi>
      </td>
      <td>
        {versionName(script)}
        {script.prod_version && `, prod ${versionName(script.prod_version)}`}
      </td>
      <td>
        {script.deleted_by && `${script.deleted_by}, `}
        <RelativeTime time={script.deleted_at} />
      </td>
      {canEdit && (
        <td>
          <Restore script={script} restore={restore} />
        </td>
      )}
    </tr>
  );
}

/** A button; when the script's number is taken, also a field to choose another one, filled with a free number. */
function Restore({ script, restore }: { script: DeletedScript } & Pick<DeletedScriptsProps, 'restore'>): JSX.Element {
  const { taken_by: holder, restores_as: free, descriptive_name: name } = script;
  const [number, setNumber] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const wanted = number ?? free?.toFixed(2) ?? '';
  const send = () => {
    if (busy) return;
    setBusy(true);
    restore(script.id, holder ? Number(wanted) : undefined).catch((reason: Error) => {
      setError(reason.message);
      setBusy(false);
    });
  };
  return (
    <>
      {holder && (
        <div>
          {script.ordering_number.toFixed(2)} is taken by <bdi>{holder.descriptive_name}</bdi>. Restore as{' '}
          <input
            className="jp-mod-styled"
            type="text"
            inputMode="decimal"
            size={8}
            aria-label={`Number for ${name}`}
            value={wanted}
            onChange={(event) => {
              setNumber(event.target.value);
              setError(null);
            }}
          />
        </div>
      )}
      <button type="button" className="jp-mod-styled ved-Button" aria-disabled={busy} aria-label={`Restore ${name}`} onClick={send}>
        Restore
      </button>
      {error && (
        <div className="ved-NumberDialog-error" role="alert">
          {error}
        </div>
      )}
    </>
  );
}
