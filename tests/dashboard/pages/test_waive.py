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
    pastoral = Site(school.folder, monkeypatch, "pastoral").visit("data_check")
    assert not [each for each in pastoral.app.expander if "Take a row" in each.label]
    site = Site(school.folder, monkeypatch, "dsl").visit("data_check")
    assert _find(site, "Which row?").options == [
        f"attendance.csv, row {row}, code: not allowed (2 rows go)" for row in (2, 5)
    ]
    assert any("later ones too" in each.value for each in site.app.markdown)
    site.press("Take it off")
    assert site.messages == "Choose why."
    _find(site, "Why?").select("It does not matter")
    site.press("Take it off")
    assert not site.app.exception
    assert "2 rows taken off the list." in site.messages
    assert not [each for each in site.app.selectbox if each.label == "Which row?"]
    assert read.fetch_check(site.session(), "left_out").is_empty()


def _find(site: Site, label: str) -> Any:
    return next(each for each in site.app.selectbox if each.label == label)
