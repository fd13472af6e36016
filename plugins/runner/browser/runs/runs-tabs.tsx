/** What the runs panel lists: single runs, or passes of the whole queue. */
import { type KeyboardEvent, useRef } from 'react';
import type { RunsTab } from './runs-panel-state.ts';

const TABS = [
  ['runs', 'Runs', 'Every run of a script'],
  ['passes', 'Passes', 'Runs of the whole queue'],
] as const;

export function RunsTabs({ current, onChange }: { readonly current: RunsTab; onChange(tab: RunsTab): void }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const move = ({ key }: KeyboardEvent) => {
    if (key !== 'ArrowLeft' && key !== 'ArrowRight') return;
    const other = current === 'runs' ? 'passes' : 'runs';
    onChange(other);
    list.current?.querySelector<HTMLElement>(`[data-ved-tab="${other}"]`)?.focus();
  };
  return (
    <div ref={list} className="ved-Runs-tabs" role="tablist" aria-label="What is listed" onKeyDown={move}>
      {TABS.map(([tab, label, title]) => (
        <button
          key={tab}
          type="button"
          role="tab"
          title={title}
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
