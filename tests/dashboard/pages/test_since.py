"""New since you last looked: the two days compared by hand, the day of the last look, the page."""

import random
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboard.text import changes, plain_words, words
from dashboard.ui import day_lists
from intake.build import entries
from intake.build.load import load_exports
from queries import read
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event
from safeguards.keys.keys import Keys
from tests.support.schools.homes import exports, keys_at
from tests.support.web.site import Site

_WED, _FRI = date(2026, 11, 18), date(2026, 11, 20)


# Reasons, by hand: Wednesday's list beside Friday's

_LOOKS = {"pupil_id": pl.String, "handle": pl.String, "year_group": pl.Int32, "rule": pl.String,
          "reason": pl.String, "is_closed": pl.Boolean, "closed_on": pl.Date,
          "closed_by": pl.String}  # fmt: skip


def _looks(*rows: Any) -> Any:
    """(handle, year group, rule), and the action's day and kind where one closed it."""
    return pl.DataFrame(
        [
            (handle[0], handle, year, rule, f"{rule} now", bool(closed), *(closed or (None, None)))
            for handle, year, rule, *closed in rows
        ],
        schema=_LOOKS,
        orient="row",
    )


def _members(*rows: Any) -> Any:
    return pl.DataFrame(
        [(handle[0], year) for handle, year in rows],
        schema={"pupil_id": pl.String, "year_group": pl.Int32},
        orient="row",
    )


def _short(found: Any) -> Any:
    return [tuple(row[name] for name in ("handle", "change", "what")) for row in found.to_dicts()]


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        ([], [], []),
        ([("ash kettle", 4, "missed")], [("ash kettle", 4, "missed")], []),
        ([], [("ash kettle", 4, "missed"), ("ash kettle", 4, "moved")],
         [("ash kettle", "needs", "missed now"), ("ash kettle", "needs", "moved now")]),
        ([("ash kettle", 4, "missed")], [("ash kettle", 4, "missed"), ("ash kettle", 4, "moved")],
         [("ash kettle", "new reason", "moved now")]),
        ([("ash kettle", 4, "missed")], [("ash kettle", 4, "moved")],
         [("ash kettle", "new reason", "moved now")]),
        ([("ash kettle", 4, "missed"), ("ash kettle", 4, "moved")], [("ash kettle", 4, "moved")],
         []),
        ([("ash kettle", 4, "missed")], [], [("ash kettle", "no longer", None)]),
        ([("ash kettle", 4, "missed")], [("ash kettle", 4, "missed", _FRI, "met the family")],
         [("ash kettle", "no longer", "met the family")]),
        # the action was about a reason that is newer than the last look
        ([("ash kettle", 4, "missed")], [("ash kettle", 4, "moved", _FRI, "met the family")],
         [("ash kettle", "no longer", None)]),
        # closed on both days; closed then and open again; closed then and lapsed since
        ([("ash kettle", 4, "missed", _WED, "other")], [("ash kettle", 4, "missed", _WED, "other")],
         []),
        ([("ash kettle", 4, "missed", _WED, "other")], [("ash kettle", 4, "missed")],
         [("ash kettle", "needs", "missed now")]),
        ([("ash kettle", 4, "missed", _WED, "other")], [], []),
        ([("fern bucket", 3, "missed")], [], [("fern bucket", "left", None)]),
    ],
    ids=["nobody", "the same", "newly listed", "one reason more", "another reason instead",
         "one reason less", "no longer", "closed by an action", "an action about another",
         "closed on both days", "open again", "closed and lapsed", "on no page now"],
)  # fmt: skip
def test_reasons_of_two_days_compared_by_hand(then: Any, now: Any, expected: Any) -> None:
    found = changes.find_reason_changes(_looks(*then), _looks(*now), _members(("ash kettle", 4)))
    assert _short(found) == expected


def test_an_action_that_closed_a_reason_has_its_day_and_the_newest_counts() -> None:
    then = _looks(("ash kettle", 4, "missed"), ("ash kettle", 4, "moved"))
    now = _looks(
        ("ash kettle", 4, "missed", _FRI, "met the family"),
        ("ash kettle", 4, "moved", date(2026, 11, 19), "called the carer"),
    )
    found = changes.find_reason_changes(then, now, _members(("ash kettle", 4)))
    assert [(row["what"], row["day"]) for row in found.to_dicts()] == [("met the family", _FRI)]


def test_children_stand_by_year_group_of_now_and_handle() -> None:
    """In September a child that was listed has another year group; no figure orders anybody."""
    then = _looks(("zinc button", 3, "missed"), ("birch lamp", 6, "missed"))
    now = _looks(("dune basket", 4, "missed"), ("ash kettle", 5, "missed"))
    found = changes.find_reason_changes(then, now, _members(("zinc button", 4), ("birch lamp", 6)))
    assert list(found.select("year_group", "handle").iter_rows()) == [
        (4, "dune basket"), (4, "zinc button"), (5, "ash kettle"), (6, "birch lamp")
    ]  # fmt: skip


# Duties, by hand

_DUTIES = {"pupil_id": pl.String, "handle": pl.String, "year_group": pl.Int32, "rule": pl.String,
           "name": pl.String, "started_on": pl.Date, "due_date": pl.Date, "done_date": pl.Date,
           "status": pl.String}  # fmt: skip
_START, _DUE = date(2026, 9, 3), date(2026, 11, 19)


def _duties(*rows: Any) -> Any:
    """(status, done on, rule, started on) of one child; due on the Thursday, or else."""
    return pl.DataFrame(
        [
            ("a", "ash kettle", 4, rule, f"{rule} name", started, *(due or [_DUE]), done, status)
            for status, done, rule, started, *due in rows
        ],
        schema=_DUTIES,
        orient="row",
    )


@pytest.mark.parametrize(
    ("was", "status", "done", "expected"),
    [
        ("later", "due soon", None, ("due soon", _DUE)),
        ("booked", "due soon", None, ("due soon", _DUE)),
        (None, "due soon", None, ("due soon", _DUE)),
        ("due soon", "due soon", None, None),
        ("due soon", "overdue", None, ("overdue", _DUE)),
        ("booked", "waiting on others", None, ("waiting on others", _DUE)),
        (None, "overdue", None, ("overdue", _DUE)),
        ("overdue", "overdue", None, None),
        ("waiting on others", "waiting on others", None, None),
        ("due soon", "done", _FRI, ("done", _FRI)),
        ("overdue", "done", _FRI, ("done", _FRI)),
        ("cannot be known", "done", _FRI, ("done", _FRI)),
        (None, "done", _FRI, ("done", _FRI)),
        ("done", "done", _FRI, None),
        # done by the day of the last look, and on no list then: a child who came since
        (None, "done", _WED, None),
        ("done", "done", _WED, None),
        # what nobody can know is neither due nor done
        ("due soon", "not recorded", None, None),
        ("later", "cannot be known", None, None),
        ("overdue", "booked", None, None),
        ("later", "later", None, None),
        ("due soon", None, None, None),
    ],
)
def test_duties_of_two_days_compared_by_hand(
    was: Any, status: Any, done: Any, expected: Any
) -> None:
    then = _duties(*([(was, _WED if was == "done" else None, "PEP", _START)] if was else []))
    now = _duties(*([(status, done, "PEP", _START)] if status else []))
    found = changes.find_duty_changes(then, now, _WED)
    assert [(row["change"], row["day"]) for row in found.to_dicts()] == (
        [expected] if expected else []
    )


def test_a_duty_is_known_again_by_its_start_and_equal_ones_are_counted() -> None:
    """Another start of the same rule is another duty."""
    starts = [_START, date(2026, 11, 19), date(2026, 11, 20)]
    then = _duties(("due soon", None, "REGISTER_N", starts[0]))
    now = _duties(
        *(("due soon", None, "REGISTER_N", day, day + timedelta(days=7)) for day in starts)
    )
    (row,) = changes.find_duty_changes(then, now, _WED).to_dicts()
    assert (row["what"], row["number"]) == ("REGISTER_N name", 2)
    assert row["day"] == date(2026, 11, 26)


# Words


def _change(change: Any, what: Any, day: Any = None, number: Any = 1) -> Any:
    return {"handle": "ash kettle", "year_group": 4, "change": change, "what": what, "day": day,
            "number": number}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([_change("needs", "absences without a reason: 1"), _change("needs", "moved home")],
         "Year 4. Now needs a look. Absences without a reason: 1; moved home."),
        ([_change("new reason", "moved home")],
         "Year 4. Needs a look for a new reason. Moved home."),
        ([_change("no longer", None)], "Year 4. No longer needs a look."),
        ([_change("done", "Dental check", _FRI), _change("no longer", "met the family", _FRI)],
         ("Year 4. No longer needs a look. Met the family, 20 November 2026. "
          "Done: Dental check, 20 November 2026.")),
        ([_change("overdue", "PEP this term", _DUE), _change("waiting on others", "SDQ", _DUE)],
         ("Year 4. Now overdue: PEP this term, was due 19 November 2026. "
          "Now waiting on others: SDQ, since 19 November 2026.")),
        ([_change("due soon", "Reason for an absence", _DUE, 2)],
         "Year 4. Now due soon: Reason for an absence (2), 19 November 2026."),
        ([{**_change("no longer", None), "year_group": None}],
         "Year group not recorded. No longer needs a look."),
    ],
)  # fmt: skip
def test_a_childs_line_says_each_change_once_and_plainly(rows: Any, expected: Any) -> None:
    said = changes.describe_changes(rows)
    assert said == expected
    assert plain_words.check_text(said) == []


def test_who_is_on_no_page_now_is_one_sentence() -> None:
    then = _looks(("fern bucket", 3, "missed"), ("elm saddle", 5, "missed"))
    rows = changes.find_reason_changes(then, _looks(), _members())
    assert (
        changes.describe_departures(rows) == "No longer on these pages: fern bucket and elm saddle."
    )
    assert changes.describe_departures(rows.head(0)) == ""


# The day of the last look

_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_LOADS = (date(2026, 9, 30), _WED, _FRI)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A home that was loaded three times, at 7:40 on the last day of each load's data."""
    home = tmp_path_factory.mktemp("since") / "home"
    for day in _LOADS:
        at = datetime(day.year, day.month, day.day, 7, 40, tzinfo=UTC)
        load_exports(exports(until=day), home, now=at, rng=random.Random(7), environ=keys_at(home))
    return home


@pytest.fixture
def person(folder: Any, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Any:
    """Somebody whom no other test knows, on the Monday after the last load."""
    actor = request.node.name
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    monkeypatch.setattr("getpass.getuser", lambda: actor)
    monkeypatch.setattr(access, "open", partial(access.open, clock=lambda: _NOON))
    return actor


def _at(text: Any) -> Any:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _note(
    folder: Any, at: Any, actor: Any, event: Any = "view", page: Any = "today", role: Any = "dsl"
) -> None:
    home = Home.open(folder)
    AccessLog(home, Keys.load(home), lambda: at).append(Event(event, actor, role, page=page))


def _session(folder: Any, actor: Any, role: Any = "dsl", **options: Any) -> Any:
    return access.open(folder, actor=actor, role=role, purpose="test", **options)


@pytest.mark.slow
def test_without_a_line_nobody_has_looked(folder: Any, person: Any) -> None:
    assert _session(folder, person).find_last_seen_day("today") is None


@pytest.mark.slow
def test_this_visit_is_no_earlier_one(folder: Any, person: Any) -> None:
    session = _session(folder, person)
    session.enter("today")
    _note(folder, _at("2026-11-23T00:00"), person)
    assert session.find_last_seen_day("today") is None


@pytest.mark.parametrize(
    "other",
    [
        {"actor": "Somebody else"},
        {"event": "deny"},
        {"event": "log_action"},
        {"event": "open", "page": None},
        {"page": "plans"},
    ],
    ids=lambda other: str(next(iter(other.values()))),
)
def test_only_this_persons_views_of_this_page_are_a_look(
    folder: Any, person: Any, other: Any
) -> None:
    _note(folder, **{"at": _at("2026-11-19T08:00"), "actor": person, **other})
    assert _session(folder, person).find_last_seen_day("today") is None


def test_a_look_before_any_load_has_no_day(folder: Any, person: Any) -> None:
    _note(folder, _at("2026-09-30T07:39"), person)
    assert _session(folder, person).find_last_seen_day("today") is None


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        (["2026-09-30T07:40"], date(2026, 9, 30)),
        (["2026-11-18T07:39:59.999"], date(2026, 9, 30)),
        (["2026-11-18T07:40"], _WED),
        (["2026-11-19T16:00"], _WED),
        (["2026-11-22T23:59:59.999"], _FRI),
        (["2026-10-01T08:00", "2026-11-18T08:00", "2026-11-23T07:00"], _WED),
    ],
)
def test_the_day_is_that_of_the_load_in_use_at_the_newest_earlier_look(
    folder: Any, person: Any, looks: Any, expected: Any
) -> None:
    for at in looks:
        _note(folder, _at(at), person, role="pastoral")
    before = (folder / "log" / "access.jsonl").read_bytes()
    session = _session(folder, person, "teacher")
    opened = (folder / "log" / "access.jsonl").read_bytes()
    assert session.find_last_seen_day("today") == expected
    assert opened.startswith(before)
    assert (folder / "log" / "access.jsonl").read_bytes() == opened


def test_a_session_on_another_day_has_the_same_rights_and_writes_nothing(
    folder: Any, person: Any
) -> None:
    session = _session(folder, person, "pastoral")
    before = (folder / "log" / "access.jsonl").read_bytes()
    other = session.copy_as_at(_WED)
    assert (other.as_at, session.as_at, other.role) == (_WED, _FRI, "pastoral")
    direct = _session(folder, person, "pastoral", as_at=_WED)
    since = len((folder / "log" / "access.jsonl").read_bytes())
    assert read.fetch_attention_reasons(other).equals(read.fetch_attention_reasons(direct))
    assert not read.fetch_attention_reasons(other).equals(read.fetch_attention_reasons(session))
    assert len((folder / "log" / "access.jsonl").read_bytes()) == since > len(before)
    with pytest.raises(access.Denied):
        read.fetch_peps(other)
    assert len((folder / "log" / "access.jsonl").read_bytes()) > since


# The page


def _site(
    folder: Any, monkeypatch: pytest.MonkeyPatch, role: Any = "dsl", as_at: Any = None
) -> Any:
    return Site(folder, monkeypatch, role, as_at).visit("today")


def _part(site: Any) -> Any:
    """The children whom the part lists, in its order."""
    return [b.label for b in site.app.button if b.key and b.key.startswith("since-")]


def _heads(site: Any) -> Any:
    return [element.value for element in site.app.header]


@pytest.mark.slow
@pytest.mark.parametrize("role", ["pastoral", "teacher", "dsl"])
@pytest.mark.parametrize("look", [None, "2026-11-23T07:00", "2026-11-20T08:00"])
def test_without_an_earlier_day_there_is_no_heading(
    folder: Any, person: Any, monkeypatch: pytest.MonkeyPatch, role: Any, look: Any
) -> None:
    """Never looked; looked this morning; looked when the data went as far as now."""
    if look:
        _note(folder, _at(look), person)
    site = _site(folder, monkeypatch, role)
    assert "Since you last looked" not in site.text
    assert _part(site) == []
    assert _heads(site)[0] == "Needs a look"


def test_a_day_before_the_last_look_shows_nothing_new(
    folder: Any, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _note(folder, _at("2026-11-19T08:00"), person)
    assert "Since you last looked" not in _site(folder, monkeypatch, as_at="2026-11-17").text
    assert "Since you last looked" not in _site(folder, monkeypatch, as_at="2026-11-18").text


@pytest.mark.parametrize("role", ["pastoral", "teacher", "dsl"])
def test_what_is_new_stands_under_its_heading_child_by_child(
    folder: Any, person: Any, monkeypatch: pytest.MonkeyPatch, role: Any
) -> None:
    _note(folder, _at("2026-11-19T08:00"), person)
    site = _site(folder, monkeypatch, role)
    assert _heads(site)[:2] == ["Since you last looked", "Needs a look"]
    site.app.toggle(key="all-since").set_value(True).run()
    text = site.text.replace("\\", "")
    assert "Data then: to 18 November 2026." in text
    then, now = _session(folder, "test", as_at=_WED), _session(folder, "test")
    was = set(read.fetch_attention_reasons(then).select("handle", "rule").iter_rows())
    new = [
        row
        for row in day_lists.fetch_reasons(now).to_dicts()
        if (row["handle"], row["rule"]) not in was
    ]
    done = read.fetch_duties(now).filter(pl.col("done_date") > _WED).to_dicts()
    assert new
    assert done
    shown = _part(site)
    members = {row["handle"]: row for row in read.fetch_members(now).to_dicts()}
    assert shown == sorted(shown, key=lambda handle: (members[handle]["year_group"], handle))
    listed = {handle for handle, _ in was}
    for row in new:
        assert row["handle"] in shown
        label = "Needs a look for a new reason" if row["handle"] in listed else "Now needs a look"
        assert f"{label}. {words.capitalise(row['reason'])}" in text
    for row in done:
        assert row["handle"] in shown
        assert f"Done: {row['name']}, {row['done_date'].day} November 2026." in text
    assert not [row for row in members.values() if row["pupil_id"] in text]
    assert plain_words.check_text("\n".join(e.value for e in site.app.markdown)) == []


def test_the_comparison_is_one_view_of_one_page(
    folder: Any, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _note(folder, _at("2026-11-19T08:00"), person)
    log = folder / "log" / "access.jsonl"
    before = len(log.read_text().splitlines())
    site = _site(folder, monkeypatch)
    assert "Since you last looked" in site.text
    lines = [line for line in log.read_text().splitlines()[before:] if '"view"' in line]
    assert len(lines) == 1


def test_a_long_list_begins_with_four_and_opens(
    folder: Any, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _note(folder, _at("2026-10-01T08:00"), person)
    site = _site(folder, monkeypatch)
    first = _part(site)
    assert len(first) == 4
    site.app.toggle(key="all-since").set_value(True).run()
    shown = _part(site)
    assert shown[:4] == first
    assert f"Show all {len(shown)} children with something new" in [
        element.label for element in site.app.toggle
    ]
    gone = [e.value for e in site.app.markdown if e.value.startswith("No longer on these pages: ")]
    members = set(read.fetch_members(_session(folder, "test"))["handle"])
    assert len(gone) == 1
    assert not [handle for handle in members if handle in gone[0]]
    assert members.issuperset(shown)


def test_nothing_new_is_said(folder: Any, person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saturday beside Friday: no session, and no date but one of Friday itself has passed."""
    _note(folder, _at("2026-11-20T08:00"), person)
    site = _site(folder, monkeypatch, as_at="2026-11-21")
    assert _heads(site)[0] == "Since you last looked"
    passed = read.fetch_duties(site.session()).filter(
        pl.col("due_date") == _FRI, pl.col("status").is_in(changes.PAST_STATUSES)
    )
    assert set(_part(site)) == set(passed["handle"])
    is_said = "Nothing new." in [element.value for element in site.app.markdown]
    assert is_said == passed.is_empty()
    assert "Data then: to 20 November 2026." in site.text.replace("\\", "")


def test_a_child_opens_from_its_line(
    folder: Any, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _note(folder, _at("2026-11-19T08:00"), person)
    site = _site(folder, monkeypatch)
    handle = _part(site)[0]
    next(b for b in site.app.button if b.key == f"since-{handle}").click().run()
    assert site.app.title[0].value.lower() == handle


@pytest.mark.slow
@pytest.mark.parametrize(("day", "is_new"), [("2026-11-19", True), ("2026-11-18", False)])
def test_a_fact_typed_since_counts_for_its_own_day(
    tmp_path: Path, person: Any, monkeypatch: pytest.MonkeyPatch, day: Any, is_new: Any
) -> None:
    """Both days are as known now: what was done by the last look is no news, if typed after it."""
    home = tmp_path / "home"
    for until in (_WED, _FRI):
        at = datetime(2026, 11, until.day, 7, 40, tzinfo=UTC)
        load_exports(
            exports(until=until), home, now=at, rng=random.Random(7), environ=keys_at(home)
        )
    monkeypatch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])
    _note(home, _NOON - timedelta(days=4), person)
    session = _session(home, person)
    child = (
        read.fetch_duties(session)
        .filter((pl.col("rule") == "SDQ_YEARLY") & (pl.col("status") == "due soon"))
        .row(0, named=True)
    )
    recorded = entries.add_fact(
        session,
        handle=child["handle"],
        file="sdq.csv",
        values={"date": day, "informant": "carer", "total": "12"},
        where_written="letter, Tameside",
        page="today",
    )
    assert recorded.problems == ()
    site = _site(home, monkeypatch)
    said = f"Done: SDQ by the carer, {int(day[-2:])} November 2026."
    assert (said in site.text.replace("\\", "")) == is_new
    assert (child["handle"] in _part(site)) == is_new
