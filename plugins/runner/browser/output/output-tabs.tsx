/** What of a run is shown: what it wrote, the files that it left, or what produced it. */
import { type KeyboardEvent, useRef } from 'react';

export type OutputTab = 'output' | 'files' | 'record';

export interface OutputTabsProps {
  readonly current: OutputTab;
  /** Null of a run without files, which has no tab of them. */
  readonly fileCount: number | null;
  onChange(tab: OutputTab): void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

export function OutputTabs({ current, fileCount, onChange }: OutputTabsProps): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const tabs: [OutputTab, string][] = [
    ['output', 'Output'],
    ...(fileCount === null ? [] : [['files', `Files (${fileCount})`] satisfies [OutputTab, string]]),
    ['record', 'What ran'],
  ];
  const move = ({ key }: KeyboardEvent) => {
    const step = STEPS[key];
    if (step === undefined) return;
    const at = tabs.findIndex(([tab]) => tab === current);
    const [other] = tabs.at((at + step) % tabs.length)!;
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
