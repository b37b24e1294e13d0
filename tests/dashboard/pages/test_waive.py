"""Data check: a row that was left out is taken off the list by who may, with a reason."""

from pathlib import Path
from typing import Any

import pytest

from queries import read
from tests.intake.publish.test_flagged import FAULTY, MARKS
from tests.support.schools.good_exports import with_cell
from tests.support.schools.small_home import SmallHome
from tests.support.web.site import Site


def test_a_row_is_taken_off_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the afternoon's with it, as the choice says: its child, day and fault are the same."""
    school = SmallHome(tmp_path)
    school.load(with_cell(MARKS, 5, "code", "?", FAULTY))

    def open_page(role: str) -> Site:
        return Site(school.folder, monkeypatch, role, None).visit("data_check")

    assert not [each for each in open_page("pastoral").app.expander if "Take a row" in each.label]
    site = open_page("dsl")
    row, why = _find_fields(site)
    assert row.options == [
        "attendance.csv, row 2, code: not allowed (2 rows go)",
        "attendance.csv, row 5, code: not allowed (2 rows go)",
    ]
    assert any("later ones too" in each.value for each in site.app.markdown)
    _press(site)
    assert [each.value for each in site.app.warning] == ["Choose why."]
    _, why = _find_fields(site)
    why.select("It does not matter")
    _press(site)
    assert not site.app.exception
    assert "2 rows taken off the list." in [each.value for each in site.app.success]
    assert not [each for each in site.app.selectbox if each.label == "Which row?"]
    assert read.fetch_check(site.session(), "left_out").is_empty()


def _press(site: Site) -> None:
    next(each for each in site.app.button if each.label == "Take it off").click().run()


def _find_fields(site: Site) -> tuple[Any, Any]:
    fields = {each.label: each for each in site.app.selectbox}
    return fields["Which row?"], fields["Why?"]
