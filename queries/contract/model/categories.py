"""Every category: its file and table in `files.toml`, the rest in a row of `categories.csv`.

A row holds the kind of data that decides who may see it, the texts for families, how long it is
kept (a row of `retention.csv`) and with whom it may be shared.  Several values have | between them.
"""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from msgspec import convert

from queries.contract.model.category import Category, RecipientKind, Retention, Rights, Table
from queries.contract.model.shape import Export
from queries.rows import read_rows, split

_Row = dict[str, str]
_T = TypeVar("_T")
#: The word for a category that only a home of many schools keeps from the start.
_MANY = "many"
#: Whether a school's own home starts without the category; None if it is always kept.
_AT_FIRST = {"": False, "off": True, _MANY: True, "always": None}


def load_categories() -> tuple[Category, ...]:
    """Return all categories that have a file or a table, in the order of `files.toml`."""
    text = Path(__file__).parents[1].joinpath("files.toml").read_text("utf-8")
    return tuple(
        build_category(name, _make(Export, section.get("file")), _make(Table, section.get("table")))
        for name, section in tomllib.loads(text).items()
    )


def _make(kind: Callable[..., _T], fields: Mapping[str, Any] | None) -> _T | None:
    if fields is None:
        return None
    return kind(**{name: tuple(v) if isinstance(v, list) else v for name, v in fields.items()})


def build_category(name: str, export: Export | None = None, table: Table | None = None) -> Category:
    """Return the category of this name; KeyError without a row of it.

    msgspec.ValidationError means that a word is on no list.
    """
    row = _load("categories")[name]
    rights = {**row, "review_values": split(row["review_values"])}
    retention = row["retention"] and _load("retention")[row["retention"]]
    ages = [int(age) for age in row["ages"].split("-") if age]
    return Category(
        name,
        row["role_category"],
        export,
        table,
        row["part"],
        convert(rights, Rights) if row["supplied"] else None,
        convert(retention, Retention, strict=False) if retention else None,
        convert(split(row["shared_with"]), tuple[RecipientKind, ...]),
        form_label=row["form_label"],
        is_by_handle=row["is_by_handle"] == "true",
        is_off_at_first=_AT_FIRST[row["at_first"]],
        is_for_many=row["at_first"] == _MANY,
        ages=(ages[0], ages[1]) if ages else None,
        page_title=row["page_title"],
    )


@cache
def _load(table: str) -> dict[str, _Row]:
    """Return the rows of a table by name."""
    return {row["name"]: row for row in read_rows("queries.contract", table)}
