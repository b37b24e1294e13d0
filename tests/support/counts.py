"""Write the table of what the counted proofs of a run found, for the end of tests/COUNTS.md.

`python -m tests.support.counts tests.xml COMMIT` reads the file that `pytest --junitxml` writes.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET


class Found(NamedTuple):
    """What a counted proof found: its cases, how many broke, how many of the control did."""

    name: str
    cases: int
    broken: int
    control_broken: int


def add_up(values: Iterable[str]) -> list[Found]:
    """Add up the counts of one name, which many tests may tell, and sort them by name."""
    sums: dict[str, Counter[str]] = {}
    for value in values:
        *words, cases, broken, control = value.split()
        counter = sums.setdefault(" ".join(words), Counter())
        counter.update(cases=int(cases), broken=int(broken), control=int(control))
    return [
        Found(name, counter["cases"], counter["broken"], counter["control"])
        for name, counter in sorted(sums.items())
    ]


def read_counts(path: Path) -> list[Found]:
    """Read the counts of every test in a file of JUnit's form."""
    return add_up(
        each.get("value") or ""
        for each in ET.parse(path).iter("property")
        if each.get("name") == "COUNT"
    )


def write_table(counts: Iterable[Found], commit: str) -> str:
    """Write the counts of a commit as a table in Markdown."""
    lines = [
        "| count | cases | broken | control broken | commit |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [f"| {name} | {a:,} | {b:,} | {c:,} | {commit} |" for name, a, b, c in counts]
    return "\n".join(lines)


if __name__ == "__main__":
    print(write_table(read_counts(Path(sys.argv[1])), sys.argv[2]))  # noqa: T201 - what it is for
