/** Search, filter, copy and download of what a run wrote. */
import { Notification } from '@jupyterlab/apputils';
import { plainText } from '@ved/runner/contract';
import { useState } from 'react';
import type { Shown } from '../log/log-filter.ts';
import type { LogLines } from '../log/log-lines.ts';
import type { LogView } from '../log/log-view.ts';

function wholeText(lines: LogLines): string {
  return Array.from({ length: lines.length }, (_, index) => plainText(lines.at(index)!.text)).join('\n');
}

async function copy(lines: LogLines): Promise<void> {
  try {
    await navigator.clipboard.writeText(wholeText(lines));
    Notification.success(`Copied ${lines.length} lines.`, { autoClose: 2000 });
  } catch {
    Notification.error('The browser did not allow to copy. Download the output instead.', { autoClose: 5000 });
  }
}

function download(lines: LogLines, fileName: string): void {
  const url = URL.createObjectURL(new Blob([wholeText(lines)], { type: 'text/plain;charset=utf-8' }));
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
  const [shown, setShown] = useState<Shown>('all');
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
      <select aria-label="Which output" value={shown} onChange={(event) => show(event.target.value as Shown)}>
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
          {position === null ? 'none' : `${(at % matches.length) + 1} of ${matches.length}`}
        </span>
      )}
      <button type="button" className="ved-RunHeader-button" onClick={() => void copy(lines)}>
        Copy
      </button>
      <button type="button" className="ved-RunHeader-button" onClick={() => download(lines, fileName)}>
        Download
      </button>
    </div>
  );
}
