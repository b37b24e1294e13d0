"""The table of what the counted proofs of a run found: `python -m tests.support.counts tests.xml`.

For the end of tests/COUNTS.md, from the file that `pytest --junitxml` writes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET


def read_counts(path: Path) -> list[tuple[str, int, int, int]]:
    """Name, cases, broken and control broken of each count, by name."""

    def find() -> Iterator[tuple[str, int, int, int]]:
        for told in ET.parse(path).iter("property"):
            if told.get("name") == "COUNT":
                *name, cases, broken, control = (told.get("value") or "").split()
                yield " ".join(name), int(cases), int(broken), int(control)

    return sorted(set(find()))


def write_table(counts: list[tuple[str, int, int, int]]) -> str:
    """The counts as a table in Markdown."""
    lines = ["| count | cases | broken | control broken |", "| --- | --- | --- | --- |"]
    lines += [f"| {name} | {a:,} | {b:,} | {c:,} |" for name, a, b, c in counts]
    return "\n".join(lines)


if __name__ == "__main__":
    print(write_table(read_counts(Path(sys.argv[1]))))  # noqa: T201 - what it is for
