"""The registry of categories: each is whole, and what follows from it is so."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from queries.contract import CATEGORIES, FACT_EXPORTS, HANDLE_EXPORTS, TABLES, sql
from queries.contract.learning import pep
from queries.contract.model.category import Category, find_gaps
from queries.statement import format_sql
from queries.store import store
from queries.views import views
from safeguards.access import roles

#: The categories whose staging view no file of queries/staging stands in for.
RESTATED = [
    each
    for each in TABLES.values()
    if each.table
    and views.load_views()[name := f"stg_{each.table.stem}"].select
    == sql.build_views()[name].select
]


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda each: each.name)
def test_a_category_lacks_nothing(category: Category) -> None:
    """Whose eyes it is for, what the family is told, how long it is kept."""
    assert list(find_gaps(category)) == []
    known = {name for role in roles.ROLES for name in roles.list_categories(role)}
    assert category.role_category in known


@pytest.mark.parametrize("named", ["rights", "role_category", "retention"])
def test_what_a_category_lacks_is_named(named: str) -> None:
    """Each alone."""
    lacking: dict[str, Any] = {named: "" if named == "role_category" else None}
    (gap,) = find_gaps(replace(pep.CATEGORY, **lacking))
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


@pytest.mark.parametrize("category", RESTATED, ids=lambda each: each.name)
def test_a_staging_view_restates_its_table(
    category: Category, db: duckdb.DuckDBPyConnection
) -> None:
    """Its columns under their names; of what people may type, of each thing the newest row."""
    assert category.table is not None
    raw, name, staged = category.table.name, f"stg_{category.table.stem}", category.table.staged
    query = "select column_name from duckdb_columns() where table_name = $raw and is_nullable"
    nullable = {column for (column,) in db.execute(query, {"raw": raw}).fetchall()}
    has_nulls = not category.table.check
    draw = random.Random(name)
    columns = dict(zip(db.table(raw).columns, db.table(raw).types, strict=True))
    rows: list[dict[str, Any]] = [
        {
            column: None
            if has_nulls and column in nullable and draw.random() < 0.3
            else _draw_value(draw, kind)
            for column, kind in columns.items()
        }
        for _ in range(60)
    ]
    rows = [{**row, "source_id": number} for number, row in enumerate(rows)]
    store.insert_rows(db, raw, pl.DataFrame(rows, infer_schema_length=None))
    told = store.read_rows(db, format_sql("from {raw}", raw=raw))
    if category.is_typed:
        told = told.sort("source_id").unique(category.key, keep="last")

    found = store.read_rows(db, format_sql("from {name}", name=name))
    restated = {each: each for each in columns if each not in (*staged, *staged.values())}
    restated |= {new: old for new, old in staged.items() if old in columns}
    assert set(found.columns) == restated.keys() | staged.keys()
    expected = told.select(pl.col(old).alias(new) for new, old in restated.items())
    assert_frame_equal(found.select(restated.keys()), expected, check_row_order=False)


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
    other = {"another": sql.Definition("marts", "", "", frozenset(), has_day=False)}
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
