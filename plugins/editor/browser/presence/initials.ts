/** Two letters for each person, no two alike. Pure. */

/** Of everyone together: `ed1` → `ED`, `ada-lovelace` → `AL`; `anna` and `anne` → `AA` and `AE`. */
export function initialsOf(usernames: readonly string[]): ReadonlyMap<string, string> {
  const names = [...new Set(usernames)];
  const usual = new Map(names.map((name) => [name, initials(name)]));
  const chosen = new Map(
    names.map((name) => [
      name,
      distinguished(
        name,
        names.filter((other) => usual.get(other) === usual.get(name)),
      ),
    ]),
  );
  const isTaken = (name: string) => names.some((other) => other !== name && chosen.get(other) === chosen.get(name));
  return new Map(names.map((name) => [name, isTaken(name) ? name : chosen.get(name)!]));
}

/** The first letter, and the first letter that distinguishes the name from others with the same initials. */
function distinguished(name: string, alike: readonly string[]): string {
  if (alike.length === 1) return initials(name);
  const shortest = Math.min(...alike.map((other) => other.length));
  let at = 0;
  while (at < shortest && alike.every((other) => other[at] === name[at])) at += 1;
  return (name[0]! + (name[at] ?? '')).toUpperCase();
}

function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? words.map((word) => word[0]).join('') : name;
  return letters.slice(0, 2).toUpperCase();
}
