"""What a report may make a statement about: attributes, in families that follow from one another.

`families.csv` holds an attribute a row.  One of a family is spoken of in a report, the first
that is recorded; whoever heard two of a family could put them together.  What other figures
tell of an attribute stands in its row, too: a `duty` that is told is told instead of it, and
`reasons` for missing school are never told alone.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from safeguards.disclosure.bands import PARTS


@dataclass(frozen=True)
class Attribute:
    """Something that a child of these groups has or has not.

    has, lacks: the categories of a child's record that mean either.  many: what is
    said of children who have it.  finest: the finest partition for it, as
    `bands.PARTS` names them.  is_yearly: it begins anew with a school year, so that a
    statement says nothing of the next year's.  duty: the kind of duty whose figures bear on
    it, "" for none.  reasons: for missing school, by label, that only such a child has.
    table: the raw_ table without which nothing is asked of it.
    """

    family: str
    key: str
    groups: tuple[str, ...]
    has: frozenset[str]
    lacks: frozenset[str]
    many: str = ""
    finest: str = "fifths"
    is_yearly: bool = False
    duty: str = ""
    reasons: frozenset[str] = frozenset()
    table: str = ""

    def count(self, categories: Iterable[str | None]) -> int:
        """How many children have it; ValueError for a category that nobody knows."""
        found = list(categories)
        if unknown := {*found} - self.has - self.lacks:
            raise ValueError(f"{self.key} has no category {unknown.pop()!r}")
        return sum(category in self.has for category in found)


@cache
def load_attributes() -> tuple[Attribute, ...]:
    """Those of `families.csv`, in its order."""
    text = files("safeguards.disclosure").joinpath("families.csv").read_text("utf-8")
    return parse_attributes(text.splitlines())


def parse_attributes(lines: Iterable[str]) -> tuple[Attribute, ...]:
    """Attributes from rows of CSV; ValueError for one that is there twice or is misspelt."""
    found: dict[str, Attribute] = {}
    for number, row in enumerate(csv.DictReader(lines, strict=True), start=2):
        attribute = Attribute(
            family=row["family"],
            key=row["attribute"],
            groups=tuple(row["groups"].split(";")),
            has=frozenset(row["has"].split(";")),
            lacks=frozenset(row["lacks"].split(";")),
            many=row["many"],
            finest=row["finest"],
            is_yearly=row["is_yearly"] == "true",
            duty=row["duty"],
            reasons=frozenset(each for each in row["reasons"].split(";") if each),
            table=row["table"],
        )
        if (
            attribute.key in found
            or attribute.finest not in PARTS
            or attribute.has & attribute.lacks
        ):
            raise ValueError(f"families.csv, row {number}: unknown, or there twice")
        found[attribute.key] = attribute
    return tuple(found.values())
