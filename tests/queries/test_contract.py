"""The registry of categories: each is whole, and what derives from it is up to date."""

from dataclasses import replace
from pathlib import Path

import pytest

from queries.contract import CATEGORIES, FACT_EXPORTS, HANDLE_EXPORTS, TABLES, generate
from queries.contract.model.category import Category, Table, find_gaps
from queries.contract.plans import pep
from queries.views import views
from safeguards.access import roles

ROOT = Path(__file__).parents[2]
WITH_TABLE = [
    (each.name, each.table)
    for each in CATEGORIES
    if each.table and each.is_about_pupils and each.export
]


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda each: each.name)
def test_a_category_lacks_nothing(category: Category) -> None:
    """Whose eyes it is for, what the family is told, how long it is kept."""
    assert list(find_gaps(category)) == []
    known = {name for role in roles.ROLES for name in roles.list_categories(role)}
    assert category.role_category in known


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        (replace(pep.CATEGORY, rights=None), "rights"),
        (replace(pep.CATEGORY, role_category=""), "role_category"),
        (replace(pep.CATEGORY, retention=None), "retention"),
        (replace(pep.CATEGORY, form_label=""), "form_label"),
    ],
)
def test_what_a_category_lacks_is_named(lacking: Category, named: str) -> None:
    """Each alone."""
    (gap,) = find_gaps(lacking)
    assert named in gap


@pytest.mark.parametrize(
    "table", [table for _, table in WITH_TABLE], ids=[name for name, _ in WITH_TABLE]
)
def test_a_table_has_a_staging_view_with_a_spec(table: Table) -> None:
    """Whoever adds a category is told what else it needs."""
    reading = [
        view.name
        for view in views.load_views().values()
        if view.layer == "staging" and table.name in view.dependencies
    ]
    assert reading, f"{table.name}: no view of queries/staging reads it"


@pytest.mark.parametrize(("name", "text"), generate.render_files().items())
def test_what_derives_from_the_registry_is_up_to_date(name: str, text: str) -> None:
    """Run `python -m queries.contract.generate` after a change."""
    assert (ROOT / "queries" / name).read_text(encoding="utf-8") == text


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
