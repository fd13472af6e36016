/** The queue as the list shows it: a heading per group, followed by its scripts. */
import type { ScriptSummary } from '@ved/catalog/contract';
import { groupOf, toHundredths } from './move-plan.ts';

export type QueueItem =
  | { readonly kind: 'group'; readonly group: number; readonly count: number }
  | {
      readonly kind: 'script';
      readonly script: ScriptSummary;
      readonly group: number /** From 0, among the scripts shown. */;
      readonly position: number;
    };

/** Headings and rows, in order. `scripts` must be in number order. */
export function toItems(scripts: readonly ScriptSummary[]): QueueItem[] {
  const items: QueueItem[] = [];
  const counts = new Map<number, number>();
  for (const script of scripts) {
    const group = groupOf(toHundredths(script.ordering_number));
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  let last: number | null = null;
  for (const [position, script] of scripts.entries()) {
    const group = groupOf(toHundredths(script.ordering_number));
    if (group !== last) items.push({ kind: 'group', group, count: counts.get(group)! });
    last = group;
    items.push({ kind: 'script', script, group, position });
  }
  return items;
}
