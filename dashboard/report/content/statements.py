"""The statements of a report, each a row of `statements.csv` with the condition on which it holds.

A row has its heading, its sentence and what of them may be minuted, so no figure can be printed
without its condition.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dashboard.report.content.facts import Facts, list_conditions, list_values
from queries.rows import read_rows


@dataclass(frozen=True)
class Statement:
    """A statement in a section of a report, made without anybody's words.

    Attributes:
        part: "one" or "two".
        section: The section's key.
        heading: A sentence without its stop that may head the section; "" for none.
        body: A sentence; "" for none.
        minutes: The heading or the sentence, if it may be minuted; "" for neither.

    """

    part: str
    section: str
    heading: str
    body: str
    minutes: str


def list_statements(facts: Facts) -> Iterator[Statement]:
    """Yield the statements that hold, in the order of the report."""
    conditions, values = list_conditions(facts), list_values(facts)
    for row in _load_rows():
        if all(_holds(name, conditions) for name in row["when"].split()):
            heading = row["heading"].format_map(values)
            body = row["body"].format_map(values)
            minutes = {"heading": f"{heading}.", "body": body, "": ""}[row["minutes"]]
            yield Statement(row["part"], row["section"], heading, body, minutes)


def _holds(name: str, conditions: frozenset[str]) -> bool:
    """Return whether a condition holds, or with a ! before its name, that it does not."""
    return name in conditions or (name[0] == "!" and name[1:] not in conditions)


@cache
def _load_rows() -> tuple[dict[str, str], ...]:
    return tuple(read_rows("dashboard.report.content", "statements"))
