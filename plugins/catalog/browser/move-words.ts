/** Describes what moves changed; several in a row as one. */
import { formatNumber, groupOf } from './move-plan.ts';

/** A script that got another number, in hundredths. */
export interface Renumbering {
  readonly id: number;
  readonly from: number;
  readonly to: number;
}

/** With more renumbered scripts than this, they are counted instead of named. */
const NAMED = 2;

/** Joins moves into one: each script from its first number to its last, without those that are back where they were. */
export function joinRenumberings(before: readonly Renumbering[], after: readonly Renumbering[]): Renumbering[] {
  const joined = new Map(before.map((each) => [each.id, each]));
  for (const { id, from, to } of after) joined.set(id, { id, from: joined.get(id)?.from ?? from, to });
  return [...joined.values()].filter(({ from, to }) => from !== to);
}

/** `3.02 Clean orders moved to group 4 as 4.01. 3.03 Sort is now 3.02.` */
export function moveWords(changes: readonly Renumbering[], subjects: readonly number[], nameOf: (id: number) => string): string {
  const moved = changes.filter(({ id }) => subjects.includes(id));
  const others = changes.filter(({ id }) => !subjects.includes(id));
  const sentences = moved.map(({ id, from, to }) => {
    const group = groupOf(to) === groupOf(from) ? '' : ` group ${groupOf(to)} as`;
    return `${formatNumber(from)} ${nameOf(id)} moved to${group} ${formatNumber(to)}.`;
  });
  if (others.length > NAMED) sentences.push(`${others.length} others were renumbered.`);
  else for (const { id, from, to } of others) sentences.push(`${formatNumber(from)} ${nameOf(id)} is now ${formatNumber(to)}.`);
  return sentences.join(' ');
}
