/** One file of a run, shown by its kind. */

import { createClient, PanelError, PanelLoading, PanelMessage, safeName, useLoaded } from '@ved/core/browser';
import { type RunFile, type RunFilePreview, runnerRoutes } from '@ved/runner/contract';
import { useCallback, useState } from 'react';
import { AddedPreview } from './added-preview.tsx';
import { type FileKind, fileUrl, kindOf } from './file-kind.ts';
import { TablePreview } from './table-preview.tsx';
import { TextPreview } from './text-preview.tsx';
import { TreePreview } from './tree-preview.tsx';

const client = createClient(runnerRoutes);

interface OwnPreviewProps {
  readonly runId: number;
  readonly file: RunFile;
}

export interface FilePreviewProps extends OwnPreviewProps {
  /** Views by other plugins. */
  readonly added: readonly RunFilePreview[];
}

/** Offers a choice if another plugin has a view of such files too. */
export function FilePreview({ runId, file, added }: FilePreviewProps): JSX.Element {
  const [label, setLabel] = useState<string | null>(null);
  const fitting = added.filter((preview) => preview.accepts(file));
  if (fitting.length === 0) return <OwnPreview runId={runId} file={file} />;
  const chosen = fitting.find((preview) => preview.label === label);
  const { name, sha256 } = file;
  const text = async () => (await client.getRunFile({ params: { id: runId, name }, query: { sha256 } })).text();
  return (
    <>
      <div className="ved-Files-views">
        {[null, ...fitting.map((preview) => preview.label)].map((each) => (
          <button
            key={each}
            type="button"
            className="ved-RunHeader-button"
            aria-pressed={each === (chosen?.label ?? null)}
            onClick={() => setLabel(each)}
          >
            {each ?? OWN_LABELS[kindOf(file)]}
          </button>
        ))}
      </div>
      {chosen ? (
        <AddedPreview key={chosen.label} preview={chosen} file={file} content={{ url: fileUrl(runId, file), text }} />
      ) : (
        <OwnPreview runId={runId} file={file} />
      )}
    </>
  );
}

const OWN_LABELS: Record<FileKind, string> = { picture: 'Picture', table: 'Table', tree: 'Tree', page: 'Page', text: 'Text', none: 'File' };

function OwnPreview({ runId, file }: OwnPreviewProps): JSX.Element {
  const { name } = file;
  switch (kindOf(file)) {
    case 'picture':
      return <PicturePreview url={fileUrl(runId, file)} name={safeName(name)} />;
    case 'page':
      return <PagePreview url={fileUrl(runId, file)} name={safeName(name)} />;
    case 'none':
      return <PanelMessage title="No preview for this kind of file.">Download it to open it elsewhere.</PanelMessage>;
    default:
      return <TextFile runId={runId} file={file} />;
  }
}

/** For files that are read as text, without a leading byte order mark. */
function TextFile({ runId, file }: OwnPreviewProps): JSX.Element {
  const { name, sha256 } = file;
  const load = useCallback(
    async (signal: AbortSignal) => (await client.getRunFile({ params: { id: runId, name }, query: { sha256 } }, { signal })).text(),
    [runId, name, sha256],
  );
  const loaded = useLoaded(load);
  if (loaded.state === 'loading') return <PanelLoading label={`Loading ${safeName(name)}`} />;
  if (loaded.state === 'failed')
    return <PanelError what={`${safeName(name)} could not be loaded.`} error={loaded.error} onRetry={loaded.reload} />;
  const text = loaded.value;
  const kind = kindOf(file);
  if (kind === 'table') return <TablePreview text={text} mediaType={file.media_type} name={safeName(name)} />;
  return kind === 'tree' ? <TreePreview text={text} name={safeName(name)} /> : <TextPreview text={text} name={safeName(name)} />;
}

function PicturePreview({ url, name }: { url: string; name: string }): JSX.Element {
  const [actual, setActual] = useState(false);
  const [broken, setBroken] = useState(false);
  if (broken)
    return (
      <PanelError what={`${name} could not be shown.`} error={new Error('Its content is not an image of the type that its name says.')} />
    );
  return (
    <div className="ved-FilePicture">
      <button
        type="button"
        aria-pressed={actual}
        aria-label={`${name}, actual size`}
        title={actual ? 'Fit to width' : 'Show at actual size'}
        onClick={() => setActual(!actual)}
      >
        <img className={actual ? 'ved-mod-actual' : ''} src={url} alt={name} onError={() => setBroken(true)} />
      </button>
    </div>
  );
}

function PagePreview({ url, name }: { url: string; name: string }): JSX.Element {
  const [scripts, setScripts] = useState(false);
  return (
    <>
      <p className="ved-File-note">
        {scripts
          ? 'Scripts in this page are running, without access to the workspace or the network.'
          : 'Scripts in this page are disabled.'}{' '}
        <button type="button" className="ved-RunHeader-button" onClick={() => setScripts(!scripts)}>
          {scripts ? 'Stop scripts' : 'Run scripts'}
        </button>
      </p>
      <iframe
        key={String(scripts)}
        className="ved-FilePage"
        // Never allow-same-origin: that would give it access to the workspace.
        sandbox={scripts ? 'allow-scripts' : ''}
        referrerPolicy="no-referrer"
        src={url}
        title={name}
      />
    </>
  );
}
