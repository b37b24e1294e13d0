"""What is out of order in a made-up school, and how like England it is, by rows of tests/golden.

children_in_order.csv: what no child may have, a statement that breaks it, and the rows that do.
children_like_england.csv: a `line` has rows of a part and a whole for each child, whose ratio is
the figure; a `tie` has a correlation, and of how many children; a `gap` a figure that fits
together.  "memory" marks a source that nobody has read again.  Nothing of ours works out an
answer here: dates, codes and holidays have their own source.
"""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import holidays

from queries.statement import format_sql
from synthetic.school.school import School

#: The national returns are of this day, and of the year before it.
CENSUS = date(2026, 3, 31)
#: How far a figure may lie from its line, in standard errors.  Of 42 lines and ties one lies beyond
#: three of them in every ninth fair draw, and beyond four in one of 400.
STANDARD_ERRORS = 4

_TABLES = Path(__file__).with_name("tables.sql").read_text(encoding="utf-8")
_GOLDEN = Path(__file__).parents[2] / "golden"


def open_tables(school: School) -> duckdb.DuckDBPyConnection:
    """A database in memory: a table for each file by its name, and those of tables.sql."""
    con = duckdb.connect()
    for name, frame in school.frames.items():
        con.register("frame", frame)
        con.execute(
            format_sql("create table {table} as from frame", table=name.removesuffix(".csv"))
        )
    years = range(school.until.year - 15, school.until.year + 2)
    free = sorted(holidays.country_holidays("GB", subdiv="ENG", years=years))
    con.execute("create table holiday as select unnest($days) as day", {"days": free})
    for name, day in (("today", school.until), ("census", CENSUS)):
        text = "create macro {macro}() as {day:literal}::date"
        con.execute(format_sql(text, macro=name, day=f"{day}"))
    con.execute(_TABLES)
    return con


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the two lists."""
    text = (_GOLDEN / f"children_{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@dataclass(frozen=True)
class Figure:
    """A figure of the made-up children beside what it should be.

    `lowest` and `highest` are alike for a national line; `error` is the figure's standard
    error, 0 where the bounds hold as they stand.
    """

    what: str
    found: float
    lowest: float
    highest: float
    error: float

    @property
    def is_near(self) -> bool:
        """Whether the figure lies between its bounds, or four standard errors outside."""
        far = STANDARD_ERRORS * self.error
        return self.lowest - far <= self.found <= self.highest + far


def measure(con: duckdb.DuckDBPyConnection) -> Iterator[Figure]:
    """Every national line and every tie between two subjects."""
    for each in read_rows("like_england"):
        rows = [tuple(map(float, row)) for row in con.sql(each["rows"]).fetchall()]
        lowest, highest = float(each["lowest"]), float(each["highest"])
        if each["kind"] == "line":
            found, error = _compute_ratio(rows, lowest)
        else:
            ((found, number),) = rows
            error = 1 / math.sqrt(number) if each["kind"] == "tie" else 0.0
        yield Figure(each["figure"], found, lowest, highest, error)


def _compute_ratio(rows: list[tuple[float, ...]], line: float) -> tuple[float, float]:
    """The ratio of two sums over children, and its standard error; a share has its line's."""
    whole = sum(each for _, each in rows)
    ratio = sum(each for each, _ in rows) / whole
    if line < 1 and set(rows) <= {(0.0, 1.0), (1.0, 1.0)}:
        return ratio, math.sqrt(line * (1 - line) / len(rows))
    spread = sum((mine - ratio * all_of_it) ** 2 for mine, all_of_it in rows)
    return ratio, math.sqrt(spread * len(rows) / (len(rows) - 1)) / whole
