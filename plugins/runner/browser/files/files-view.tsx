/** The files of a run: a list, a preview of the chosen one, and what was left out. */
import { ReactWidget } from '@jupyterlab/apputils';
import { safeName } from '@ved/core/browser';
import { leftOutWords, type RunFile, type RunFilePreview, type RunFiles } from '@ved/runner/contract';
import { useState } from 'react';
import { formatBytes } from '../runs/run-words.ts';
import { fileUrl, zipUrl } from './file-kind.ts';
import { FilePreview } from './file-preview.tsx';

export class FilesView extends ReactWidget {
  private shown: { readonly runId: number; readonly files: RunFiles } | null = null;
  /** Stays the same from run to run: someone looking at a plot wants to see the next one. */
  private chosen: string | null = null;

  /** `added` are views by other plugins; the list may grow. */
  constructor(private readonly added: readonly RunFilePreview[]) {
    super();
    this.addClass('ved-Files');
    this.node.setAttribute('role', 'tabpanel');
    this.node.setAttribute('aria-label', 'Files');
  }

  showFiles(runId: number, files: RunFiles): void {
    this.shown = { runId, files };
    this.update();
  }

  /** Puts the focus on the chosen file. */
  focusList(): void {
    this.node.querySelector<HTMLElement>('[aria-current="true"]')?.focus();
  }

  protected override render(): JSX.Element | null {
    if (!this.shown) return null;
    const { runId, files } = this.shown;
    return (
      <Files
        key={runId}
        runId={runId}
        {...files}
        added={this.added}
        chosen={this.chosen}
        onChoose={(name) => {
          this.chosen = name;
        }}
      />
    );
  }
}

interface FilesProps extends RunFiles {
  readonly runId: number;
  readonly added: readonly RunFilePreview[];
  readonly chosen: string | null;
  onChoose(name: string): void;
}

function Files({ runId, files, files_left_out, added, chosen, onChoose }: FilesProps): JSX.Element {
  const [name, setName] = useState(chosen);
  const current = files.find((file) => file.name === name) ?? files[0];
  return (
    <div className="ved-Files-parts">
      <div className="ved-Files-side">
        <ul className="ved-Files-list" aria-label="Files of the run">
          {files.map((file) => (
            <FileRow
              key={file.name}
              runId={runId}
              file={file}
              isCurrent={file === current}
              onChoose={() => {
                setName(file.name);
                onChoose(file.name);
              }}
            />
          ))}
        </ul>
        {files.length > 1 && (
          <a className="ved-RunHeader-button" href={zipUrl(runId)} download>
            Download all (zip)
          </a>
        )}
        {files_left_out.map((each) => (
          <p key={each.reason} className="ved-Files-leftOut" title={each.names.filter(Boolean).map(safeName).join('\n') || undefined}>
            {leftOutWords(each)}
          </p>
        ))}
      </div>
      <div className="ved-Files-preview">{current && <FilePreview key={current.name} runId={runId} file={current} added={added} />}</div>
    </div>
  );
}

interface FileRowProps {
  readonly runId: number;
  readonly file: RunFile;
  readonly isCurrent: boolean;
  onChoose(): void;
}

function FileRow({ runId, file, isCurrent, onChoose }: FileRowProps): JSX.Element {
  return (
    <li>
      <button type="button" className="ved-Files-row" aria-current={isCurrent} title={safeName(file.name)} onClick={onChoose}>
        <span className="ved-Files-name">{safeName(file.name)}</span>
        <span className="ved-Files-size">{formatBytes(file.size_bytes)}</span>
      </button>
      <a
        className="ved-Files-download"
        href={fileUrl(runId, file)}
        download={file.name.split('/').at(-1)}
        aria-label={`Download ${safeName(file.name)}`}
        title={`Download ${safeName(file.name)}`}
      >
        ⤓
      </a>
    </li>
  );
}
