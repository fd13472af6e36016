"""Order report

Reads orders as JSON lines, groups them by customer and month, and prints what each owes.
"""
from __future__ import annotations

import argparse
import csv
import io
import json
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Protocol, TypeVar


class State(Enum):
    """What became of an order."""

    OPEN = "open"
    PAID = "paid"
    SENT = "sent"
    LOST = "lost"


@dataclass(frozen=True)
class Item:
    """One line of an order."""

    article: str
    count: int
    price: Decimal

    @property
    def total(self) -> Decimal:
        return self.price * self.count


@dataclass
class Order:
    """What a customer asked for, and when."""

    number: int
    customer: str
    placed: date
    state: State
    items: list[Item] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return sum((item.total for item in self.items), Decimal(0))

    @property
    def month(self) -> str:
        return f"{self.placed:%Y-%m}"

    def is_late(self, today: date, allowed: timedelta = timedelta(days=14)) -> bool:
        return self.state is State.OPEN and today - self.placed > allowed


class BadOrder(ValueError):
    """A line that is no order."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


def read_item(raw: dict[str, Any]) -> Item:
    return Item(article=str(raw["article"]), count=int(raw["count"]), price=Decimal(str(raw["price"])))


def read_order(line: int, text: str) -> Order:
    try:
        raw = json.loads(text)
        return Order(
            number=int(raw["number"]),
            customer=str(raw["customer"]),
            placed=datetime.strptime(raw["placed"], "%Y-%m-%d").date(),
            state=State(raw["state"]),
            items=[read_item(item) for item in raw["items"]],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadOrder(line, str(error)) from error


def read_orders(lines: Iterable[str]) -> Iterator[Order]:
    for number, text in enumerate(lines, start=1):
        if text.strip():
            yield read_order(number, text)


T = TypeVar("T")
K = TypeVar("K")


def group_by(values: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    groups: defaultdict[K, list[T]] = defaultdict(list)
    for value in values:
        groups[key(value)].append(value)
    return dict(groups)


class Report(Protocol):
    """Anything that turns orders into text."""

    name: str

    def write(self, orders: list[Order]) -> str: ...


class CustomerReport:
    """Totals for each customer."""

    name = "customer"

    def __init__(self, smallest: Decimal = Decimal(0)) -> None:
        self.smallest = smallest

    def write(self, orders: list[Order]) -> str:
        lines: list[str] = []
        for key, group in sorted(group_by(orders, lambda order: order.customer).items()):
            total = sum((order.total for order in group), Decimal(0))
            if total >= self.smallest:
                lines.append(f"{key:<20} {len(group):>5} {total:>12.2f}")
        return "\n".join(lines)

    def largest(self, orders: list[Order]) -> Order | None:
        return max(orders, key=lambda order: order.total, default=None)


class MonthReport:
    """Totals for each month."""

    name = "month"

    def __init__(self, smallest: Decimal = Decimal(0)) -> None:
        self.smallest = smallest

    def write(self, orders: list[Order]) -> str:
        lines: list[str] = []
        for key, group in sorted(group_by(orders, lambda order: order.month).items()):
            total = sum((order.total for order in group), Decimal(0))
            if total >= self.smallest:
                lines.append(f"{key:<20} {len(group):>5} {total:>12.2f}")
        return "\n".join(lines)

    def largest(self, orders: list[Order]) -> Order | None:
        return max(orders, key=lambda order: order.total, default=None)


class StateReport:
    """Totals for each state."""

    name = "state"

    def __init__(self, smallest: Decimal = Decimal(0)) -> None:
        self.smallest = smallest

    def write(self, orders: list[Order]) -> str:
        lines: list[str] = []
        for key, group in sorted(group_by(orders, lambda order: order.state.value).items()):
            total = sum((order.total for order in group), Decimal(0))
            if total >= self.smallest:
                lines.append(f"{key:<20} {len(group):>5} {total:>12.2f}")
        return "\n".join(lines)

    def largest(self, orders: list[Order]) -> Order | None:
        return max(orders, key=lambda order: order.total, default=None)


class CsvReport:
    """Every order, for a spreadsheet."""

    name = "csv"

    def write(self, orders: list[Order]) -> str:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["number", "customer", "placed", "state", "total"])
        for order in sorted(orders, key=lambda each: each.number):
            writer.writerow([order.number, order.customer, order.placed.isoformat(), order.state.value, order.total])
        return out.getvalue()


class ArticleReport:
    """What sells."""

    name = "article"

    def write(self, orders: list[Order]) -> str:
        counts: Counter[str] = Counter()
        for order in orders:
            for item in order.items:
                counts[item.article] += item.count
        return "\n".join(f"{article:<20} {count:>5}" for article, count in counts.most_common(10))


class StatisticsReport:
    """How large orders are."""

    name = "statistics"

    def write(self, orders: list[Order]) -> str:
        sizes = [float(order.total) for order in orders]
        if len(sizes) < 2:
            return "too few orders"
        mean = statistics.mean(sizes)
        middle = statistics.median(sizes)
        spread = statistics.stdev(sizes)
        return f"mean {mean:.2f}, median {middle:.2f}, deviation {spread:.2f}"


REPORTS: dict[str, Report] = {
    report.name: report
    for report in (CustomerReport(), MonthReport(), StateReport(), CsvReport(), ArticleReport(), StatisticsReport())
}


def late_orders(orders: list[Order], today: date) -> list[Order]:
    return sorted((order for order in orders if order.is_late(today)), key=lambda order: order.placed)


def remind(orders: list[Order], today: date) -> Iterator[str]:
    for order in late_orders(orders, today):
        days = (today - order.placed).days
        yield f"{order.customer}: order {order.number} of {order.total:.2f} is open for {days} days"


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--report", choices=sorted(REPORTS), default="customer")
    parser.add_argument("--since", type=date.fromisoformat, default=date.min)
    return parser.parse_args(arguments)


def load(path: Path | None) -> list[Order]:
    if path is None or not path.exists():
        return []
    with path.open(encoding="utf-8") as lines:
        return list(read_orders(lines))


def main(arguments: list[str]) -> int:
    options = parse_arguments(arguments)
    try:
        orders = [order for order in load(options.file) if order.placed >= options.since]
    except BadOrder as error:
        print(error, file=sys.stderr)
        return 1
    print(REPORTS[options.report].write(orders))
    for line in remind(orders, date.today()):
        print(line)
    return 0


def check_1(orders: list[Order]) -> bool:
    """At least 1 orders, none of them empty."""
    enough = len(orders) >= 1
    return enough and all(order.items for order in orders)


def check_2(orders: list[Order]) -> bool:
    """At least 2 orders, none of them empty."""
    enough = len(orders) >= 2
    return enough and all(order.items for order in orders)


def check_3(orders: list[Order]) -> bool:
    """At least 3 orders, none of them empty."""
    enough = len(orders) >= 3
    return enough and all(order.items for order in orders)


def check_4(orders: list[Order]) -> bool:
    """At least 4 orders, none of them empty."""
    enough = len(orders) >= 4
    return enough and all(order.items for order in orders)


def check_5(orders: list[Order]) -> bool:
    """At least 5 orders, none of them empty."""
    enough = len(orders) >= 5
    return enough and all(order.items for order in orders)


def check_6(orders: list[Order]) -> bool:
    """At least 6 orders, none of them empty."""
    enough = len(orders) >= 6
    return enough and all(order.items for order in orders)


def check_7(orders: list[Order]) -> bool:
    """At least 7 orders, none of them empty."""
    enough = len(orders) >= 7
    return enough and all(order.items for order in orders)


def check_8(orders: list[Order]) -> bool:
    """At least 8 orders, none of them empty."""
    enough = len(orders) >= 8
    return enough and all(order.items for order in orders)


def check_9(orders: list[Order]) -> bool:
    """At least 9 orders, none of them empty."""
    enough = len(orders) >= 9
    return enough and all(order.items for order in orders)


# With a file: its orders, by customer unless --report says otherwise.
# Without one: an empty report, so that the script can be tried at once.
# Orders before --since are left out.
# A line that is no order ends it with 1 and says which.
# Reminders follow the report.
totals = {name: len(report.name) for name, report in REPORTS.items()}
status = main(sys.argv[1:])
summary = (status, totals)
summary
