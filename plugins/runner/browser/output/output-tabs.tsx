/** What of a run is shown: what it wrote, or the files that it left. */
import { type KeyboardEvent, useRef } from 'react';

export type OutputTab = 'output' | 'files';

export interface OutputTabsProps {
  readonly current: OutputTab;
  readonly fileCount: number;
  onChange(tab: OutputTab): void;
}

export function OutputTabs({ current, fileCount, onChange }: OutputTabsProps): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const tabs = [
    ['output', 'Output'],
    ['files', `Files (${fileCount})`],
  ] as const;
  const move = ({ key }: KeyboardEvent) => {
    if (key !== 'ArrowLeft' && key !== 'ArrowRight') return;
    const other = current === 'output' ? 'files' : 'output';
    onChange(other);
    list.current?.querySelector<HTMLElement>(`[data-ved-tab="${other}"]`)?.focus();
  };
  return (
    <div ref={list} className="ved-OutputTabs" role="tablist" aria-label="What of the run is shown" onKeyDown={move}>
      {tabs.map(([tab, label]) => (
        <button
          key={tab}
          type="button"
          role="tab"
          data-ved-tab={tab}
          aria-selected={current === tab}
          tabIndex={current === tab ? 0 : -1}
          onClick={() => onChange(tab)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
