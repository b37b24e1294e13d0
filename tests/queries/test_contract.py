"""The registry of categories: each is whole, and what follows from it is so."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any, get_args

import pytest

from queries import reference
from queries.contract import (
    CATEGORIES,
    EXPORTS,
    FACT_EXPORTS,
    HANDLE_EXPORTS,
    TABLES,
    get_category,
    sql,
)
from queries.contract.model import spelling
from queries.contract.model.category import Category
from queries.contract.model.columns import Column, Form
from queries.rows import read_rows
from queries.views import views
from safeguards.access import roles
from tests.support.oracle import worlds
from tests.support.small_store import SmallStore
from tests.support.text_tables import Row

#: The categories whose staging view no file of queries/staging stands in for.
RESTATED = [
    each
    for each in TABLES.values()
    if each.table
    and views.load_views()[name := f"stg_{each.table.stem}"].select
    == sql.build_views()[name].select
]


def find_gaps(category: Category) -> Iterator[str]:
    """What a category about children lacks, in words for whoever adds it."""
    if not category.is_about_pupils:
        return
    if category.rights is None:
        yield "rights: what the family is told of it"
    if not category.role_category:
        yield "role_category: whose eyes it is for"
    if category.table is not None and category.retention is None:
        yield "retention: how long it is kept"


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda each: each.name)
def test_a_category_lacks_nothing(category: Category) -> None:
    """Whose eyes it is for, what the family is told, how long it is kept."""
    assert list(find_gaps(category)) == []
    known = {name for role in roles.ROLES for name in roles.list_categories(role)}
    assert category.role_category in known


def test_a_column_has_a_form_and_properties_that_exist() -> None:
    """The list of them is read as it stands."""
    rows = read_rows("queries.contract", "columns")
    assert {row["form"] for row in rows} <= set(get_args(Form))
    flags = {flag for row in rows for flag in row["flags"].split()}
    assert flags == {each.name for each in fields(Column) if each.type in ("bool", bool)}


@pytest.mark.parametrize("named", ["rights", "role_category", "retention"])
def test_what_a_category_lacks_is_named(named: str) -> None:
    """Each alone."""
    lacking: dict[str, Any] = {named: "" if named == "role_category" else None}
    (gap,) = find_gaps(replace(get_category("pep.csv"), **lacking))
    assert named in gap


def _draw_value(draw: random.Random, kind: Any) -> Any:
    """A value of a column's type; few of each, so that rows meet."""
    match kind.id:
        case "enum":
            return draw.choice(dict(kind.children)["values"])
        case "boolean":
            return draw.random() < 0.5
        case "date":
            return date(2026, 3, 1) + timedelta(draw.randrange(3))
        case "timestamp":
            return datetime(2026, 3, 1, draw.randrange(3))  # noqa: DTZ001 - as the store has it
        case "varchar":
            return draw.choice(("some words", "other words"))
        case _:
            return draw.randrange(3)


def test_a_staging_view_restates_its_table(case: SmallStore) -> None:
    """Its columns under their names; of what people may type, of each thing the newest row."""
    for category in RESTATED:
        assert category.table is not None
        raw, staged = category.table.name, category.table.staged
        described = case.connection.table(raw)
        query = "select column_name from duckdb_columns() where table_name = $raw and is_nullable"
        nullable = {name for (name,) in case.connection.execute(query, {"raw": raw}).fetchall()}
        draw = random.Random(raw)
        rows = [
            {
                name: None
                if name in nullable and not category.table.check and draw.random() < 0.3
                else _draw_value(draw, kind)
                for name, kind in zip(described.columns, described.types, strict=True)
            }
            for _ in range(60)
        ]
        case.put({raw: [{**row, "source_id": number} for number, row in enumerate(rows)]})
        key = category.key if category.is_typed else ("source_id",)
        newest = {tuple(row[name] for name in key): row for row in case.read(raw)}
        worked_out = {*staged, *staged.values()}
        restated = {each: each for each in described.columns if each not in worked_out}
        restated |= {new: old for new, old in staged.items() if old in described.columns}
        found = case.ask(view := f"stg_{category.table.stem}", None)
        assert found[0].keys() == restated.keys() | staged.keys(), view
        expected = [{new: row[old] for new, old in restated.items()} for row in newest.values()]
        assert _sort([{name: row[name] for name in restated} for row in found]) == _sort(expected)


def test_a_table_of_a_page_restates_its_category(case: SmallStore) -> None:
    """Each row up to the day asked for, with its child's codes, and its own in words."""
    pages = {each.table.stem: each for each in TABLES.values() if each.table and each.page_title}
    filled = set()
    for number in range(5):
        world = worlds.drawn_world(number)
        day = worlds.drawn_day(number, world)
        children = {each.key: (each.pupil_id, each.handle, each.school) for each in world.pupils}
        case.put(worlds.list_rows(world))
        for stem, category in pages.items():
            words = {
                category.get_stored_name(column): dict(
                    reference.read(column.code_list).select("code", "label").iter_rows()
                )
                for column in category.stored_columns
                if column.code_list
            }
            expected = []
            for row in case.ask(f"stg_{stem}", None):
                if not category.day or row[category.day] <= day:
                    pupil_id, handle, school = children[row["pupil_key"]]
                    told = {name: row[name] for name in ("pupil_key", *category.stored_names)}
                    told |= {name: labels.get(row[name]) for name, labels in words.items()}
                    told |= {"pupil_id": pupil_id, "handle": handle, "school_key": school}
                    expected.append(told)
            found = case.ask(f"pupil_{stem}", day)
            assert _sort(found) == _sort(expected), stem
            filled |= {stem} if found else set()
    assert filled == pages.keys()


def _sort(rows: list[Row]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


@pytest.fixture
def made_anew() -> Iterator[None]:
    """The digest is worked out when it is asked for, and forgotten."""
    views.compute_definitions_digest.cache_clear()
    yield
    views.compute_definitions_digest.cache_clear()


@pytest.mark.parametrize("part", ["build_types", "build_tables", "build_views"])
@pytest.mark.usefixtures("made_anew")
def test_a_store_of_another_registry_is_known(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the registry makes of the store is of the digest."""
    before = views.compute_definitions_digest()
    views.compute_definitions_digest.cache_clear()
    other = {"another": sql.Definition("marts", "", "")}
    monkeypatch.setattr(sql, part, lambda: other if part == "build_views" else "another")
    assert views.compute_definitions_digest() != before


def test_the_digest_is_the_same_in_every_process() -> None:
    """Else no process could read what another wrote."""
    code = "from queries.views import views; print(views.compute_definitions_digest())"
    environ = {**os.environ, "PYTHONHASHSEED": "1"}
    said = subprocess.check_output([sys.executable, "-c", code], text=True, env=environ)
    assert said.strip() == views.compute_definitions_digest()


def test_names_are_told_apart() -> None:
    """Of categories, tables, files and the parts of a bundle."""
    for names in (
        [each.name for each in CATEGORIES],
        [each.export.name for each in CATEGORIES if each.export],
        [each.part_name for each in CATEGORIES if each.part_name],
    ):
        assert len(names) == len(set(names))
    assert len(TABLES) == sum(each.table is not None for each in CATEGORIES)


def test_what_may_be_typed_or_named_by_handle_is_about_children() -> None:
    """A sheet by handle has the UPN's column in the first place, which it takes."""
    assert all(export.columns[0].kind == "UPN" for export in (*FACT_EXPORTS, *HANDLE_EXPORTS))


def test_what_a_school_may_do_without_is_switched_on_and_off() -> None:
    """A school chooses for what no load needs; four kinds are off until it says so.

    Attendance is always kept; the roll, the calendar and what staff did need no choice.
    """
    optional = {category.name for category in CATEGORIES if category.may_be_off}
    assert {"wellbeing", "notes of concern", "care leavers"} <= optional
    assert {"attendance", "school record", "care status", "the school's days"}.isdisjoint(optional)
    assert {category.name for category in CATEGORIES if category.is_off_at_first} == {
        "attainment",
        "substance misuse",
        "developmental checks",
        "offending",
        "care leavers",
    }
    assert get_category("attendance.csv").is_off_at_first is None


def test_files_of_marks_and_events_are_judged_row_by_row() -> None:
    """A faulty mark is left out alone; a faulty roll, calendar or care file is refused whole."""
    by_row = {export.name for export in EXPORTS if export.is_row_by_row}
    assert {"attendance.csv", "sdq.csv", "health.csv"} <= by_row
    assert {"roll.csv", "calendar.csv", "care_episodes.csv"}.isdisjoint(by_row)


@pytest.mark.parametrize(
    ("written", "year_group"),
    [("Year 5", "5"), ("y5", "5"), ("Yr. 12", "12"), ("05", "5"), ("Reception", "R"), ("5b", "5b")],
)
def test_a_year_group_has_one_spelling(written: str, year_group: str) -> None:
    """What is no year group stays as it was, for the checks to refuse."""
    assert spelling.spell_year_group(written) == year_group
