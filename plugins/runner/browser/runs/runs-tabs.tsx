/** What the Runs panel lists: single runs, or passes of the whole queue. */
import { type Tab, TabList } from '../tab-list.tsx';
import type { RunsTab } from './runs-panel-state.ts';

const TABS: readonly Tab<RunsTab>[] = [
  { id: 'runs', label: 'Runs', title: 'Every run of a script' },
  { id: 'passes', label: 'Passes', title: 'Runs of the whole queue' },
];

export function RunsTabs({ current, onChange }: { readonly current: RunsTab; onChange(tab: RunsTab): void }): JSX.Element {
  return <TabList tabs={TABS} current={current} label="Runs or passes" onChange={onChange} />;
}
