/** The text that a new script begins with. */

/** What runs scripts where nobody says more. */
const DEFAULT_INTERPRETER = 'Python 3.14';

/** A docstring to fill in, and the reading of the test data. Names the interpreters there are. */
export function newScriptTemplate(interpreters: readonly string[]): string {
  const names = interpreters.length === 0 ? [DEFAULT_INTERPRETER] : interpreters;
  return `"""Untitled

Say here what the script does; the first line is its name in the catalog.
It runs on ${names.map(oneLine).join(', ')}.
"""

import sys
from pathlib import Path


def main(path: str) -> None:
    """Work on the test data, which are in the file at \`path\`. Files in /tmp/out are kept."""
    text = Path(path).read_text(encoding="utf-8")
    print(f"{len(text.splitlines())} lines of test data")


if __name__ == "__main__":
    main(sys.argv[1])
`;
}

/** A name as it may stand in a docstring. */
function oneLine(name: string): string {
  return name.replace(/[\\"\s]+/g, ' ').trim();
}
