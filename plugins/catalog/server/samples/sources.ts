/** The texts of the sample scripts. Python 3.10 and later; standard library only, so that every engine runs them. */

export const greet = `"""Greet everyone

Reads one name per line from the test data and greets each.
"""

import sys
from pathlib import Path


def names(path: str) -> list[str]:
    """The names in the file, without empty lines."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip()]


def main(path: str) -> None:
    for name in names(path):
        print(f"Hello, {name}!")


if __name__ == "__main__":
    main(sys.argv[1])
`;

export const parseLedger = `"""Check the ledger

Reads a CSV file with the columns date, account and amount. Prints each problem
to stderr, and exits with code 1 if there are any.
"""

import csv
import sys
from datetime import date
from decimal import Decimal, InvalidOperation


def problems(row: dict[str, str]) -> list[str]:
    """What is wrong with one row."""
    found = []
    try:
        date.fromisoformat(row["date"])
    except ValueError:
        found.append(f"{row['date']!r} is not a date")
    try:
        Decimal(row["amount"])
    except InvalidOperation:
        found.append(f"{row['amount']!r} is not an amount")
    if not row["account"]:
        found.append("the account is missing")
    return found


def main(path: str) -> int:
    rows = wrong = 0
    with open(path, newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            rows += 1
            for problem in problems(row):
                wrong += 1
                print(f"line {number}: {problem}", file=sys.stderr)
    print(f"{rows} rows, {wrong} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
`;

export const countWords = `"""Count words

The ten most frequent words of the test data, the most frequent first.
"""

import re
import sys
from collections import Counter
from pathlib import Path


def main(path: str) -> None:
    words = re.findall(r"\\w+", Path(path).read_text(encoding="utf-8").lower())
    for word, count in Counter(words).most_common(10):
        print(f"{count:4}  {word}")


if __name__ == "__main__":
    main(sys.argv[1])
`;

export const average = `"""Describe a series of numbers

Reads one number per line; prints their count, mean, median and spread.
"""

import statistics
import sys
from pathlib import Path


def main(path: str) -> None:
    numbers = [float(line) for line in Path(path).read_text(encoding="utf-8").split()]
    if not numbers:
        sys.exit("the test data contain no numbers")
    print(f"count   {len(numbers)}")
    print(f"mean    {statistics.fmean(numbers):.3f}")
    print(f"median  {statistics.median(numbers):.3f}")
    print(f"spread  {statistics.pstdev(numbers):.3f}")


if __name__ == "__main__":
    main(sys.argv[1])
`;

export const report = `"""Report by account

Sums the ledger by account and draws each sum as a bar.
"""

import csv
import sys
from collections import defaultdict
from decimal import Decimal

WIDTH = 40


def totals(path: str) -> dict[str, Decimal]:
    """The sum of the amounts of each account."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            sums[row["account"]] += Decimal(row["amount"])
    return dict(sums)


def main(path: str) -> None:
    sums = totals(path)
    largest = max((abs(total) for total in sums.values()), default=Decimal(1)) or Decimal(1)
    for account, total in sorted(sums.items(), key=lambda item: item[1]):
        bar = "#" * max(1, int(abs(total) / largest * WIDTH))
        print(f"{account:10} {total:>10}  {bar}")
    print(f"{'total':10} {sum(sums.values()):>10}")


if __name__ == "__main__":
    main(sys.argv[1])
`;

export const progress = `"""Work in steps

Reads the number of steps from the test data and reports each one when it is
done, to show that output arrives while a script runs.
"""

import sys
import time
from pathlib import Path

PAUSE_SECONDS = 0.3


def main(path: str) -> None:
    steps = int(Path(path).read_text(encoding="utf-8").strip() or 0)
    for step in range(1, steps + 1):
        time.sleep(PAUSE_SECONDS)
        print(f"step {step} of {steps}", flush=True)
    print("done")


if __name__ == "__main__":
    main(sys.argv[1])
`;
