"""What is out of order in a made-up school, and how like England it is."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

_ORDER = Path(__file__).with_name("order.sql").read_text(encoding="utf-8")
_LIKENESS = Path(__file__).with_name("likeness.sql").read_text(encoding="utf-8")
_CHECK = re.compile(r"^-- check: (.+)\n-- broken by: (.+)\n((?:(?!-- ).+\n)+)", re.MULTILINE)
_FIGURE = re.compile(r"^-- (line|tie|gap): (.+)\n((?:(?!-- ).+\n)+)", re.MULTILINE)

#: How far a figure may lie from its line, in standard errors.
STANDARD_ERRORS = 3


@dataclass(frozen=True)
class Figure:
    """A figure of the made-up children beside what it should be, and where that is from.

    `lowest` and `highest` are alike for a national line; `error` is the figure's standard
    error, 0 where the bounds hold as they stand.
    """

    kind: str
    what: str
    found: float
    lowest: float
    highest: float
    error: float
    number: int
    source: str

    @property
    def is_near(self) -> bool:
        """Whether the figure lies between its bounds, or three standard errors outside."""
        far = STANDARD_ERRORS * self.error
        return self.lowest - far <= self.found <= self.highest + far


def count_out_of_order(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, int]]:
    """How many rows break each of the order checks."""
    for what, _, query in list_order_checks():
        yield what, len(con.sql(query))


def list_order_checks() -> list[tuple[str, str, str]]:
    """What each order check looks for, a statement that breaks it, and its query."""
    return _CHECK.findall(_ORDER)


def measure(con: duckdb.DuckDBPyConnection) -> Iterator[Figure]:
    """Every national line and every tie between two subjects."""
    for kind, head, query in _FIGURE.findall(_LIKENESS):
        what, *bounds, source = (part.strip() for part in head.split(" | "))
        rows = [tuple(map(float, row)) for row in con.sql(query).fetchall()]
        if kind == "line":
            found, error = _compute_ratio(rows, float(bounds[0]))
            number = len(rows)
        else:
            ((found, count),) = rows
            number = int(count)
            error = 1 / math.sqrt(number) if kind == "tie" else 0.0
        lowest, highest = float(bounds[0]), float(bounds[-1])
        yield Figure(kind, what, found, lowest, highest, error, number, source)


def _compute_ratio(rows: list[tuple[float, ...]], line: float) -> tuple[float, float]:
    """The ratio of two sums over children, and its standard error; a share has its line's."""
    whole = sum(each for _, each in rows)
    ratio = sum(each for each, _ in rows) / whole
    if line < 1 and set(rows) <= {(0.0, 1.0), (1.0, 1.0)}:
        return ratio, math.sqrt(line * (1 - line) / len(rows))
    spread = sum((mine - ratio * all_of_it) ** 2 for mine, all_of_it in rows)
    return ratio, math.sqrt(spread * len(rows) / (len(rows) - 1)) / whole
