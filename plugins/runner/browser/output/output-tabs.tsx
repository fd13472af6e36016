/** What of a run is shown: what it wrote, the files that it left, or what produced it. */
import { type Tab, TabList } from '../tab-list.tsx';

export type OutputTab = 'output' | 'files' | 'record';

export interface OutputTabsProps {
  readonly current: OutputTab;
  /** Null of a run without files, which has no tab of them. */
  readonly fileCount: number | null;
  onChange(tab: OutputTab): void;
}

export function OutputTabs({ current, fileCount, onChange }: OutputTabsProps): JSX.Element {
  const tabs: Tab<OutputTab>[] = [
    { id: 'output', label: 'Output' },
    ...(fileCount === null ? [] : [{ id: 'files', label: `Files (${fileCount})` } as const]),
    { id: 'record', label: 'What ran' },
  ];
  return <TabList tabs={tabs} current={current} label="What of the run is shown" onChange={onChange} />;
}
