/** Switches between a run's output, its files and its record. */
import { type Tab, TabList } from '../tab-list.tsx';

export type OutputTab = 'output' | 'files' | 'record';

export interface OutputTabsProps {
  readonly current: OutputTab;
  /** Null for a run without files, which has no Files tab. */
  readonly fileCount: number | null;
  onChange(tab: OutputTab): void;
}

export function OutputTabs({ current, fileCount, onChange }: OutputTabsProps): JSX.Element {
  const tabs: Tab<OutputTab>[] = [
    { id: 'output', label: 'Output' },
    ...(fileCount === null ? [] : [{ id: 'files', label: `Files (${fileCount})` } as const]),
    { id: 'record', label: 'What ran' },
  ];
  return <TabList tabs={tabs} current={current} label="Parts of the run" onChange={onChange} />;
}
