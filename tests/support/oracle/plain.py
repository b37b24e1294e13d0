"""The plain tables of the child's page: drawn from the registry, and answered a second time.

A plain mart shows each row of a category up to the day asked for, its codes in the words of
their list.  What it shows is told by the registry; that it does so is worked out here.
"""

import csv
import random
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from queries.contract import TABLES
from queries.contract.model.category import Category
from tests.support.oracle.world import World

#: By the name of its mart, each category that is shown as a plain table.
PLAIN: dict[str, Category] = {
    f"pupil_{each.table.stem}": each for each in TABLES.values() if each.table and each.page_title
}

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
def list_words(code_list: str) -> dict[str, str]:
    """The words of each code of a list, from its file."""
    text = (files("queries.reference") / f"{code_list}.csv").read_text(encoding="utf-8")
    return {row["code"]: row["label"] for row in csv.DictReader(text.splitlines())}


def draw_plain_rows(number: int, world: World, draw_day: Callable[[random.Random], date]) -> None:
    """Rows of every such category for the children of a world; some have none."""
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
        elif kind == "smallint":
            values[name] = draw.randrange(130)
        elif column.code_list:
            values[name] = draw.choice([*list_words(column.code_list)])
        else:
            values[name] = draw.choice(column.allowed or ("some words",))
    if category.has_age_band:
        values["age_band"] = draw.choice(("under 5", "5 to 9", "10 and over"))
    return values


def answer_plain(mart: str, world: World, as_at: date) -> Iterator[Row]:
    """Every row of a plain mart on a day."""
    category = PLAIN[mart]
    assert category.table is not None
    lists = {category.get_stored_name(each): each.code_list for each in category.stored_columns}
    who = {each.key: {"pupil_id": each.pupil_id, "handle": each.handle} for each in world.pupils}
    for row in world.plain[category.table.name]:
        if category.day and row[category.day] > as_at:
            continue
        shown = {
            name: list_words(code_list)[value]
            if (code_list := lists.get(name)) and value
            else value
            for name, value in row.items()
        }
        yield {**shown, **who[row["pupil_key"]]}
