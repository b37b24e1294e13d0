"""The columns of the export files: a row of `columns.csv` each, in the order of their file.

Between values of allowed and also_allowed stands |; the pattern "name" is that of a name; flags
are the properties of `Column` that are true.
"""

import csv
from functools import cache
from pathlib import Path
from typing import get_args

from queries.contract.model import spelling
from queries.contract.model.shape import PLAIN_NAME, Column, Form

_FLAGS = frozenset(["personal", "must_be_named", "is_line", "may_lie_ahead"])
_FORMS: dict[str, Form] = {form: form for form in get_args(Form)}


def list_columns(file: str) -> tuple[Column, ...]:
    """The columns of a file of ours but for a child's UPN; ValueError for a word of no meaning."""
    return tuple(_build(row) for row in _load() if row["file"] == file)


@cache
def _load() -> list[dict[str, str]]:
    text = Path(__file__).parents[1].joinpath("columns.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))


def _build(row: dict[str, str]) -> Column:
    flags, spell = frozenset(row["flags"].split()), row["spell"]
    if not flags <= _FLAGS or row["form"] not in _FORMS:
        raise ValueError(f"columns.csv, {row['file']}, {row['name']}: no such form or flag")
    return Column(
        row["name"],
        _FORMS[row["form"]],
        row["meaning"],
        personal="personal" in flags,
        allowed=_split(row["allowed"]),
        code_list=row["code_list"] or None,
        pattern=PLAIN_NAME if row["pattern"] == "name" else row["pattern"] or None,
        example=row["example"],
        also_allowed=_split(row["also_allowed"]),
        stored_as=row["stored_as"],
        sql_type=row["sql_type"],
        label=row["label"],
        must_be_named="must_be_named" in flags,
        spell=getattr(spelling, f"spell_{spell}") if spell else None,
        is_line="is_line" in flags,
        may_lie_ahead="may_lie_ahead" in flags,
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()
