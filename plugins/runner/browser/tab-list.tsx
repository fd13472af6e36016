/** A few tabs above their content. Only the current one is in the Tab order; the arrow keys switch between them. */
import { type KeyboardEvent, useRef } from 'react';

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly title?: string;
}

export interface TabListProps<Id extends string> {
  readonly tabs: readonly Tab<Id>[];
  readonly current: Id;
  /** What the tabs choose, for screen readers. */
  readonly label: string;
  onChange(tab: Id): void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

export function TabList<Id extends string>({ tabs, current, label, onChange }: TabListProps<Id>): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const move = ({ key }: KeyboardEvent) => {
    const step = STEPS[key];
    if (step === undefined) return;
    const at = tabs.findIndex(({ id }) => id === current);
    const other = tabs.at((at + step) % tabs.length)!.id;
    onChange(other);
    list.current?.querySelector<HTMLElement>(`[data-ved-tab="${other}"]`)?.focus();
  };
  return (
    <div ref={list} className="ved-Tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map(({ id, label: words, title }) => (
        <button
          key={id}
          type="button"
          role="tab"
          title={title}
          data-ved-tab={id}
          aria-selected={current === id}
          tabIndex={current === id ? 0 : -1}
          onClick={() => onChange(id)}
        >
          {words}
        </button>
      ))}
    </div>
  );
}
