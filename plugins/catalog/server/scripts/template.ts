/** The initial text of a new script. */

/** Named when no plugin adds interpreters. */
const DEFAULT_INTERPRETER = 'Python 3.14';

/** A docstring to fill in and code that reads the test data. Names the available interpreters. */
export function newScriptTemplate(interpreters: readonly string[]): string {
  const names = interpreters.length === 0 ? [DEFAULT_INTERPRETER] : interpreters;
  return `"""Untitled

Describe here what the script does; the first line is its name in the catalog.
It runs on ${names.map(oneLine).join(', ')}.
"""

import sys
from pathlib import Path


def main(path: str) -> None:
    """Process the test data in the file at \`path\`. Files written to /tmp/out are kept."""
    text = Path(path).read_text(encoding="utf-8")
    print(f"{len(text.splitlines())} lines of test data")


if __name__ == "__main__":
    main(sys.argv[1])
`;
}

/** A name that is safe inside a docstring. */
function oneLine(name: string): string {
  return name.replace(/[\\"\s]+/g, ' ').trim();
}
