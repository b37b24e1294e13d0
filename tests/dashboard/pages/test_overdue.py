"""Overdue is one thing: a title counts what its page marks, and no page disagrees with another."""

from datetime import date

import pytest

from dashboard.sheets.today import build_today_list
from dashboard.text import rules, standing, words
from queries import read
from tests.support.web.site import OpenSite

#: A first week, a half-term's end, the demo's own day, a week without files, a holiday.
_DAYS = ("2026-09-07", "2026-10-16", "2026-11-20", "2026-11-28", "2026-12-29")
_ROLES = ("pastoral", "teacher", "dsl")
_MARK = standing.SHAPES[standing.OVERDUE]


def figure_of(text: str) -> int:
    """The first number of a text, "No" and "none" being 0."""
    found = [word for word in text.replace(",", "").split() if word.isdigit()]
    return int(found[0]) if found else 0


@pytest.mark.parametrize("as_at", _DAYS)
@pytest.mark.parametrize("role", _ROLES)
def test_titles_count_what_their_pages_mark(open_site: OpenSite, role: str, as_at: str) -> None:
    """Of 60 pairs: Today, Children, Plans and the sheet of Today, in three roles on five days."""
    site = open_site(role, as_at)
    session = site.session()
    dates = standing.fetch_dates(session)
    past = sum(each.is_past for each in dates)
    today = site.visit("today")
    assert figure_of(today.title.rpartition("attention, ")[2]) == past
    assert any(f"{_MARK} Overdue ({past})" in each for each in today.headers)
    children = site.visit("children")
    marked = [row for row in children.list_rows("children") if _MARK in str(row.texts)]
    assert figure_of(children.title.partition(", ")[2]) == len(marked)
    assert {row.child for row in marked} == {
        words.capitalise(each.handle) for each in dates if each.is_past
    }
    if role != "pastoral":
        plans = site.visit("plans")
        rows = [row for row in plans.list_rows("dates") if _MARK in str(row.texts)]
        assert figure_of(plans.title) == len(rows) == past
    near = standing.select_near(dates, date.fromisoformat(as_at))
    sheet = build_today_list(
        session, rules.fetch_reasons(session), read.fetch_last_actions(session), near
    )
    assert figure_of(sheet.about[0].rpartition("attention, ")[2]) == past


def test_booked_too_late_has_a_mark_of_its_own() -> None:
    """Each state that asks for something else has another shape."""
    shapes = [standing.SHAPES[each] for each in (standing.OVERDUE, standing.BOOKED_LATE)]
    assert len({*shapes, standing.SHAPES[standing.DUE]}) == 3
