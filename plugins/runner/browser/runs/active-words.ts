/** Text about queued and running runs. */
import { statusWords } from '@ved/catalog/contract';
import type { RunListItem } from '@ved/runner/contract';

/** `run 42 of ed1, in pass 7` */
export function whoseRun({ id, started_by, pass_id }: Pick<RunListItem, 'id' | 'started_by' | 'pass_id'>): string {
  return `run ${id} of ${started_by}${pass_id === null ? '' : `, in pass ${pass_id}`}`;
}

/** For the status bar: a single run is named, several are counted; empty if there are none. */
export function activeWords(runs: readonly RunListItem[], nameOf: (scriptId: number) => string): string {
  const [only] = runs;
  if (!only) return '';
  if (runs.length === 1) return `${statusWords(only.status).icon} ${nameOf(only.script_id)}: ${only.status}`;
  const count = (status: RunListItem['status']) => runs.filter((run) => run.status === status).length;
  const counted = [count('running') > 0 && `${count('running')} running`, count('queued') > 0 && `${count('queued')} queued`];
  return `${statusWords(count('running') > 0 ? 'running' : 'queued').icon} ${counted.filter(Boolean).join(', ')}`;
}
