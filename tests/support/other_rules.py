"""The product with other figures in its rows of rules: in this process, and for a while."""

import csv
import hashlib
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from queries import reference

#: The list, the column that tells its rows apart, and the row: then values by column.
Changes = Mapping[tuple[str, str], Mapping[str, str]]
_KEYS = {"threshold": "name", "look": "rule", "deadline": "rule"}


@contextmanager
def other_rules(folder: Path, changes: Changes) -> Iterator[None]:
    """Rules with other values in some cells, until the block ends.

    changes: by list and row, the values by column: `{("threshold", "check_months"): {"value":
    "9"}}`.  What was read or loaded inside the block must not be used after it.  KeyError for
    a row that is not there.
    """
    lists = folder / "reference"
    shutil.copytree(str(reference.FOLDER), lists, ignore=shutil.ignore_patterns("__*"))
    for (name, row), values in changes.items():
        _change(lists / f"{name}.csv", _KEYS[name], row, values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reference, "FOLDER", lists)
        reference.read.cache_clear()
        try:
            yield
        finally:
            reference.read.cache_clear()


def thresholds(**values: str) -> dict[tuple[str, str], dict[str, str]]:
    """Changes of threshold.csv, by the name of the row."""
    return {("threshold", name): {"value": value} for name, value in values.items()}


def digest_rules() -> str:
    """What tells rules from others: homes are shared between tests of the same ones."""
    found = hashlib.sha256()
    for name in reference.list_reference_names():
        found.update((reference.FOLDER / f"{name}.csv").read_bytes())
    return found.hexdigest()[:12]


def _change(path: Path, key: str, row: str, values: Mapping[str, str]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    there = {each[key]: each for each in rows}
    there[row].update(values)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
