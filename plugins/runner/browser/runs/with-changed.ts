/** Puts a changed or new item into a list of numbered items, newest first. */
export interface Numbered {
  readonly id: number;
}

/**
 * `more` says that there are pages that are not loaded yet. An item older than the last belongs on one of them: appended here,
 * it would hide those in between.
 */
export function withChanged<T extends Numbered>(items: readonly T[], changed: T, more: boolean): readonly T[] {
  if (items.some(({ id }) => id === changed.id)) return items.map((each) => (each.id === changed.id ? changed : each));
  if (more && changed.id < items.at(-1)!.id) return items;
  return [changed, ...items].sort((a, b) => b.id - a.id);
}
