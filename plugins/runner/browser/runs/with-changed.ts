/** A list of numbered things, newest first, after one of them changed or is new. */
export interface Numbered {
  readonly id: number;
}

/**
 * `more` says that the list goes on with pages that were not loaded yet: what is older than its last belongs there, and put at
 * the end would hide those between.
 */
export function withChanged<T extends Numbered>(items: readonly T[], changed: T, more: boolean): readonly T[] {
  if (items.some(({ id }) => id === changed.id)) return items.map((each) => (each.id === changed.id ? changed : each));
  if (more && changed.id < items.at(-1)!.id) return items;
  return [changed, ...items].sort((a, b) => b.id - a.id);
}
