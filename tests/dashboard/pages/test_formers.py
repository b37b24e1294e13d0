"""Who left, and whose care ended: found on Children, and what is still to do on Today."""

from pathlib import Path

import pytest

from dashboard.text import words
from dashboard.ui import lists
from intake.publish import entries
from queries import read
from safeguards.access import access
from tests.support.schools.leaver import home_with_a_leaver
from tests.support.web.site import Site

#: The Monday after Cat's last day, a Friday in July.
_MONDAY = "2025-07-21"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return home_with_a_leaver(tmp_path).folder


def one(site: Site) -> read.Row:
    """The one former member, of the safeguarding lead's session."""
    return read.fetch_former_members(site.session()).row(0, named=True)


@pytest.mark.parametrize("role", ["dsl", "teacher"])
def test_a_child_who_left_is_found_and_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """On Children with why and since when; the page has the chronology, and changes nothing."""
    site = Site(folder, monkeypatch, role, _MONDAY)
    left = one(site)
    site.visit("children")
    assert "No longer here (1)" in site.headers
    (row,) = site.list_rows("formers")
    assert row.child == words.capitalise(left["handle"])
    assert row.cells["Why, and since when"] == "Left on 18 July 2025"
    site.app.query_params[lists.ADDRESS] = site.session().get_address(left["pupil_id"])
    page = site.visit("child")
    assert page.title == words.capitalise(left["handle"])
    assert "Left on 18 July 2025; next school not recorded." in page.text
    assert "No school place" not in page.text
    page.app.toggle(key="stood").set_value(True).run()
    assert "Attended" in page.text or "Attendance" in page.text
    assert "Ask the safeguarding lead" not in page.text
    assert "5 Jun 2025" in page.text.replace("\u00a0", " "), "a suspension"


def test_the_search_finds_who_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a group of their own, though nobody on roll matches."""
    site = Site(folder, monkeypatch, "dsl", _MONDAY).visit("children")
    handle = one(site)["handle"]
    site.app.text_input[0].input(handle[2:]).run()
    assert [row.child for row in site.list_rows("formers")] == [words.capitalise(handle)]
    assert "No child on roll matches." in site.text
    site.app.text_input[0].input("zzz").run()
    assert "No longer here" not in site.text


def test_what_is_still_to_do_goes_when_it_is_logged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four steps on Monday; the one that somebody logs is gone from Today."""
    site = Site(folder, monkeypatch, "teacher", _MONDAY).visit("today")
    (row,) = site.list_rows("formers")
    todo = row.cells["Still to do"].replace("\u00a0", " ")
    assert todo.startswith("Left 18 Jul: ")
    assert {"tell the Virtual School", "close the PEP"} <= {
        part.split(",")[0].strip() for part in todo.partition(": ")[2].split(";")
    }
    assert "send the record to the next school" in todo
    assert "send the protection file to the next school" in todo
    session = access.open(folder, purpose="test", role="teacher", actor="T")
    logged = entries.log_action(
        session,
        handle=one(site)["handle"],
        kind="told the Virtual School",
        on=session.as_at.fromisoformat(_MONDAY),
    )
    assert logged.problems == ()
    site.app.query_params[lists.ADDRESS] = session.get_address(one(site)["pupil_id"])
    assert "Told the Virtual School" in site.visit("child").text
    (row,) = Site(folder, monkeypatch, "teacher", _MONDAY).visit("today").list_rows("formers")
    assert "Virtual School" not in row.cells["Still to do"]


def test_pastoral_staff_are_told_whom_to_ask(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They see no former child; the lead is never told to ask the lead."""
    site = Site(folder, monkeypatch, "pastoral", _MONDAY).visit("children")
    assert "No longer here" not in site.text
    nobody = "0" * 16
    for role, told in (("pastoral", "Ask the safeguarding lead"), ("dsl", "Check the roll")):
        page = Site(folder, monkeypatch, role, _MONDAY)
        page.app.query_params["child"] = nobody
        assert told in page.visit("child").text
