"""Rows of the tables that `worlds` has no class for, drawn from the registry."""

import csv
import random
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from queries.contract import TABLES
from queries.contract.model.category import Category
from tests.support.oracle.world import World

#: The tables that `worlds` draws by itself.
_TOLD = {
    *("raw_enrolment", "raw_care_episode", "raw_mark"),
    *("raw_sdq", "raw_health", "raw_ehcp", "raw_pep", "raw_suspension"),
}
#: Every other table about children that a file fills.
_DRAWN = [
    each
    for name, each in TABLES.items()
    if each.export and each.is_about_pupils and name not in _TOLD
]

Row = dict[str, Any]


@cache
def _list_codes(code_list: str) -> list[str]:
    text = (files("queries.reference") / f"{code_list}.csv").read_text(encoding="utf-8")
    return [row["code"] for row in csv.DictReader(text.splitlines())]


def draw_plain_rows(number: int, world: World, draw_day: Callable[[random.Random], date]) -> None:
    """Rows of each for the children of a world; some have none."""
    draw = random.Random(f"plain rows of {number}")
    for category in _DRAWN:
        assert category.table is not None
        rows = world.plain.setdefault(category.table.name, [])
        seen = set()
        for pupil in world.pupils:
            for _ in range(draw.choice((0, 1, 3, 6))):
                row = {"pupil_key": pupil.key, **_draw_values(draw, category, draw_day)}
                key = tuple(row[name] for name in category.key)
                if key not in seen:
                    seen.add(key)
                    rows.append(row)


def _draw_values(
    draw: random.Random, category: Category, draw_day: Callable[[random.Random], date]
) -> Row:
    values: Row = {}
    for column in category.stored_columns:
        name, kind = category.get_stored_name(column), category.get_sql_type(column)
        if not column.required and draw.random() < 0.4:
            values[name] = None
        elif kind == "boolean":
            values[name] = draw.random() < 0.5
        elif kind == "date":
            values[name] = draw_day(draw)
        elif column.range is not None:
            values[name] = draw.randint(column.range.lowest, column.range.highest)
        elif column.code_list:
            values[name] = draw.choice(_list_codes(column.code_list))
        else:
            values[name] = draw.choice(column.allowed or ("some words",))
    if category.has_age_band:
        values["age_band"] = draw.choice(("under 5", "5 to 9", "10 and over"))
    return values
