/** Search, filter, copy and download of a run's output. Search and copy use what is shown; download has everything. */
import { Notification } from '@jupyterlab/apputils';
import { useState } from 'react';
import { LogFilter, type Shown } from '../log/log-filter.ts';
import type { LogLines } from '../log/log-lines.ts';
import type { LogView } from '../log/log-view.ts';
import { countWords } from '../runs/run-words.ts';

async function copy({ count, text }: { readonly count: number; readonly text: string }): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    Notification.success(`Copied ${countWords(count, 'line')}.`, { autoClose: 2000 });
  } catch {
    Notification.error('The browser blocked copying. Download the output instead.', { autoClose: 5000 });
  }
}

function download(text: string, fileName: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}

export interface OutputToolsProps {
  readonly view: LogView;
  readonly lines: LogLines;
  readonly fileName: string;
}

export function OutputTools({ view, lines, fileName }: OutputToolsProps): JSX.Element {
  const [needle, setNeedle] = useState('');
  const [at, setAt] = useState(0);
  const [shown, setShown] = useState(view.filter.shown);
  const matches = view.filter.matches(needle);
  const position = matches.length === 0 ? null : (matches[at % matches.length] ?? null);

  const find = (text: string, step: number) => {
    const found = view.filter.matches(text);
    const next = text === needle && found.length > 0 ? (at + step + found.length) % found.length : 0;
    setNeedle(text);
    setAt(next);
    view.highlight(text, found[next] ?? null);
  };
  const show = (next: Shown) => {
    setShown(next);
    view.filter.show(next);
    view.highlight(needle, null);
  };

  return (
    <div className="ved-OutputTools" role="toolbar" aria-label="Output tools">
      <select aria-label="Output to show" value={shown} onChange={(event) => show(event.target.value as Shown)}>
        <option value="all">All output</option>
        <option value="stdout">stdout</option>
        <option value="stderr">stderr</option>
      </select>
      <input
        type="search"
        className="jp-mod-styled"
        aria-label="Find in the output"
        placeholder="Find"
        value={needle}
        onChange={(event) => find(event.target.value, 0)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') find(needle, event.shiftKey ? -1 : 1);
        }}
      />
      {needle !== '' && (
        <span className="ved-OutputTools-count" role="status">
          {position === null ? 'No results' : `${(at % matches.length) + 1} of ${matches.length}`}
        </span>
      )}
      <button
        type="button"
        className="ved-RunHeader-button"
        title={shown === 'all' ? 'Copy all output' : `Copy what is shown: ${shown}`}
        onClick={() => void copy({ count: view.filter.count, text: view.filter.text() })}
      >
        Copy
      </button>
      <button
        type="button"
        className="ved-RunHeader-button"
        title={`Download all output, stdout and stderr, as ${fileName}`}
        onClick={() => download(new LogFilter(lines).text(), fileName)}
      >
        Download
      </button>
    </div>
  );
}
