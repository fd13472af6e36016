/** The result of an upload: why the file was refused and what to do, or an offer to convert it, with a preview. */
import { UseSignal } from '@jupyterlab/apputils';
import { type ClipboardEvent, type DragEvent, type HTMLAttributes, type ReactNode, useId, useState } from 'react';
import { PanelAction } from '../parts/panel-message.tsx';
import { decoded, type Encoding } from './encodings.ts';
import type { Upload, UploadState } from './upload.ts';

export function UploadCard({ upload }: { readonly upload: Upload }): JSX.Element {
  return <UseSignal signal={upload.changed}>{() => <State upload={upload} state={upload.state} />}</UseSignal>;
}

function State({ upload, state }: { readonly upload: Upload; readonly state: UploadState }): JSX.Element | null {
  switch (state.kind) {
    case 'none':
      return null;
    case 'taken':
      return (
        <p className="ved-Upload ved-mod-taken" role="status">
          {state.detail}
        </p>
      );
    case 'refused':
      return (
        <div className="ved-Upload" role="alert">
          <strong>The file was not loaded</strong>
          <p>{state.detail}</p>
          <Actions upload={upload}>
            <PanelAction onClick={() => void upload.choose()}>Choose another file…</PanelAction>
          </Actions>
        </div>
      );
    case 'offered':
      return <Offer key={state.name} upload={upload} offer={state} />;
  }
}

function Actions({ upload, children }: { readonly upload: Upload; readonly children: ReactNode }): JSX.Element {
  return (
    <div className="ved-Upload-actions">
      {children}
      <PanelAction onClick={() => upload.dismiss()}>Cancel</PanelAction>
    </div>
  );
}

interface OfferProps {
  readonly upload: Upload;
  readonly offer: UploadState & { kind: 'offered' };
}

function Offer({ upload, offer }: OfferProps): JSX.Element {
  const { name, bytes, encodings, certain, trouble } = offer;
  const id = useId();
  const [encoding, setEncoding] = useState(encodings[0]!);
  return (
    <div className="ved-Upload ved-mod-offered" role="alert">
      <strong>{certain ? `${name} is ${encoding.label}` : `${name} is not UTF-8`}</strong>
      <p>
        Scripts read UTF-8. The file can be converted{certain ? '' : ' if you choose the encoding in which the preview looks right'}.
        Nothing changes until you convert it.
      </p>
      {!certain && (
        <label htmlFor={id}>
          Encoding of the file{' '}
          <select
            id={id}
            className="jp-mod-styled"
            value={encoding.id}
            onChange={({ target }) => setEncoding(encodings.find((each) => each.id === target.value)!)}
          >
            {encodings.map((each) => (
              <option key={each.id} value={each.id}>
                {each.label}
              </option>
            ))}
          </select>
        </label>
      )}
      <section aria-label="Preview of the converted file">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, by keyboard too */}
        <pre className="ved-Upload-preview" tabIndex={0}>
          {previewOf(bytes, encoding)}
        </pre>
      </section>
      {trouble && <p className="ved-Upload-trouble">{trouble}</p>}
      <Actions upload={upload}>
        <PanelAction primary onClick={() => upload.accept(encoding)}>
          Convert and load
        </PanelAction>
      </Actions>
    </div>
  );
}

/** Even, for UTF-16. */
const PREVIEW_BYTES = 128 * 1024;
const PREVIEW_LINES = 8;
const PREVIEW_LINE_LENGTH = 160;

/** The lines that show the encoding: those with non-ASCII characters, else the first ones. */
function previewOf(bytes: Uint8Array, encoding: Encoding): string {
  const lines = decoded(bytes.subarray(0, PREVIEW_BYTES), encoding).split(/\r\n?|\n/);
  const telling = lines.filter((line) => /[^\0-\x7f]/.test(line));
  const shown = (telling.length > 0 ? telling : lines).slice(0, PREVIEW_LINES);
  return shown.map((line) => (line.length > PREVIEW_LINE_LENGTH ? `${line.slice(0, PREVIEW_LINE_LENGTH)}…` : line)).join('\n');
}

type Handlers = Pick<HTMLAttributes<HTMLElement>, 'onDragOver' | 'onDrop' | 'onPaste'>;

/** Lets files be dropped on an element and pasted into it. `readOnly` says why this is refused; null when it is allowed. */
export function uploadHandlers(upload: Upload, readOnly: string | null): Handlers {
  const read = (files: readonly File[]) => (readOnly === null ? void upload.read(files) : upload.refuse(readOnly));
  return {
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    },
    onDrop: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes('Files')) return;
      // Otherwise the browser would navigate to the file.
      event.preventDefault();
      read([...event.dataTransfer.files]);
    },
    onPaste: (event: ClipboardEvent) => {
      const { clipboardData } = event;
      // A spreadsheet copies its cells as text and as a picture.
      if (clipboardData.files.length === 0 || clipboardData.types.includes('text/plain')) return;
      event.preventDefault();
      read([...clipboardData.files]);
    },
  };
}
