"""New since you last looked: the two days compared by hand, the day of the last look, the page."""

import random
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import polars as pl
import pytest

from dashboard.app_pages import today
from dashboard.text import changes, rules, words
from intake.publish.load import Load
from queries import read
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event
from safeguards.keys.keys import Keys
from tests.support import plain_words
from tests.support.schools.homes import exports, keys_at
from tests.support.web.site import Site

_WED, _FRI = date(2026, 11, 18), date(2026, 11, 20)


# Reasons, by hand: Wednesday's list beside Friday's

_LOOKS = {"pupil_id": pl.String, "handle": pl.String, "year_group": pl.Int32, "rule": pl.String,
          "reason": pl.String, "is_closed": pl.Boolean}  # fmt: skip


def _looks(*rows: Any) -> Any:
    """(handle, year group, rule), and "closed" where an action closed it."""
    return pl.DataFrame(
        [
            (handle[0], handle, year, rule, f"{rule} now", bool(closed))
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
    return [(row["handle"], row["change"]) for row in found.to_dicts()]


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        ([], [], []),
        ([("ash kettle", 4, "missed")], [("ash kettle", 4, "missed")], []),
        ([], [("ash kettle", 4, "missed"), ("ash kettle", 4, "moved")],
         [("ash kettle", "needs")]),
        ([("ash kettle", 4, "missed")], [("ash kettle", 4, "missed"), ("ash kettle", 4, "moved")],
         [("ash kettle", "new reason")]),
        ([("ash kettle", 4, "missed")], [("ash kettle", 4, "moved")],
         [("ash kettle", "new reason")]),
        ([("ash kettle", 4, "missed"), ("ash kettle", 4, "moved")], [("ash kettle", 4, "moved")],
         []),
        ([("ash kettle", 4, "missed")], [], [("ash kettle", "no longer")]),
        ([("ash kettle", 4, "missed")], [("ash kettle", 4, "missed", "closed")],
         [("ash kettle", "no longer")]),
        # the action was about a reason that is newer than the last look
        ([("ash kettle", 4, "missed")], [("ash kettle", 4, "moved", "closed")],
         [("ash kettle", "no longer")]),
        # closed on both days; closed then and open again; closed then and lapsed since
        ([("ash kettle", 4, "missed", "closed")], [("ash kettle", 4, "missed", "closed")],
         []),
        ([("ash kettle", 4, "missed", "closed")], [("ash kettle", 4, "missed")],
         [("ash kettle", "needs")]),
        ([("ash kettle", 4, "missed", "closed")], [], []),
        ([("fern bucket", 3, "missed")], [], [("fern bucket", "left")]),
    ],
    ids=["nobody", "the same", "newly listed", "one reason more", "another reason instead",
         "one reason less", "no longer", "closed by an action", "an action about another",
         "closed on both days", "open again", "closed and lapsed", "on no page now"],
)  # fmt: skip
def test_reasons_of_two_days_compared_by_hand(then: Any, now: Any, expected: Any) -> None:
    found = changes.find_reason_changes(_looks(*then), _looks(*now), _members(("ash kettle", 4)))
    assert _short(found) == expected


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
        ("later", "due soon", None, (0, 0)),
        (None, "due soon", None, (0, 0)),
        ("due soon", "due soon", None, (0, 0)),
        ("due soon", "overdue", None, (1, 0)),
        ("booked", "waiting on others", None, (1, 0)),
        (None, "overdue", None, (1, 0)),
        ("overdue", "overdue", None, (0, 0)),
        ("waiting on others", "waiting on others", None, (0, 0)),
        # booked for after Thursday, its last day: overdue from Friday on
        ("booked late", "booked late", None, (1, 0)),
        ("overdue", "booked late", None, (0, 0)),
        ("due soon", "done", _FRI, (0, 1)),
        ("overdue", "done", _FRI, (0, 1)),
        ("cannot be known", "done", _FRI, (0, 1)),
        (None, "done", _FRI, (0, 1)),
        ("done", "done", _FRI, (0, 0)),
        # done by the day of the last look, and on no list then: a child who came since
        (None, "done", _WED, (0, 0)),
        ("done", "done", _WED, (0, 0)),
        # what nobody can know is neither due nor done
        ("due soon", "not recorded", None, (0, 0)),
        ("later", "cannot be known", None, (0, 0)),
        ("overdue", "booked", None, (0, 0)),
        ("later", "later", None, (0, 0)),
        ("due soon", None, None, (0, 0)),
    ],
)
def test_duties_of_two_days_compared_by_hand(
    was: Any, status: Any, done: Any, expected: Any
) -> None:
    # what was overdue on the Wednesday was due before it
    due = [_WED - timedelta(days=1)] if was in ("overdue", "waiting on others") else []
    then = _duties(*([(was, _WED if was == "done" else None, "PEP", _START, *due)] if was else []))
    now = _duties(*([(status, done, "PEP", _START, *due)] if status else []))
    assert changes.count_duty_changes(then, now, _WED, _FRI) == expected


def test_a_duty_is_known_again_by_its_start_and_those_of_one_rule_are_one() -> None:
    """Another start of the same rule is another duty, and stands in the same line."""
    starts = [_START, date(2026, 11, 9), date(2026, 11, 10)]
    then = _duties(("overdue", None, "REGISTER_N", starts[0], date(2026, 9, 10)))
    now = _duties(
        ("overdue", None, "REGISTER_N", starts[0], date(2026, 9, 10)),
        *(("overdue", None, "REGISTER_N", day) for day in starts[1:]),
    )
    assert changes.count_duty_changes(then, now, _WED, _FRI) == (1, 0)
    assert changes.count_duty_changes(now, now, _FRI, _FRI) == (0, 0)


# Words


def _describe(then: Any, now: Any, duties: Any = ()) -> str:
    members = _members(("ash kettle", 4), ("birch lamp", 5))
    reasons = changes.find_reason_changes(_looks(*then), _looks(*now), members)
    moved = changes.count_duty_changes(_duties(), _duties(*duties), _WED, _FRI)
    return changes.describe_changes(changes.Changes(reasons, *moved))


@pytest.mark.parametrize(
    ("then", "now", "duties", "expected"),
    [
        ([], [], [], "no children are new on the list; no dates became overdue"),
        ([], [("ash kettle", 4, "missed")], [],
         "1 child is new on the list; no dates became overdue"),
        ([("ash kettle", 4, "missed")], [("ash kettle", 4, "moved")], [],
         "no children are new on the list; ash kettle has a new reason; no dates became overdue"),
        ([("ash kettle", 4, "missed")], [], [],
         "no children are new on the list; ash kettle no longer on it; no dates became overdue"),
        ([("fern bucket", 3, "missed"), ("elm saddle", 5, "missed")], [], [],
         ("no children are new on the list; fern bucket and elm saddle no longer on these pages; "
          "no dates became overdue")),
        ([], [], [("overdue", None, "PEP", _START), ("booked late", None, "SDQ", _START),
                  ("done", _FRI, "IHA", _START)],
         "no children are new on the list; 2 dates became overdue; 1 was done"),
    ],
)  # fmt: skip
def test_what_is_new_is_one_line(then: Any, now: Any, duties: Any, expected: Any) -> None:
    said = _describe(then, now, duties)
    assert said == expected


# The day of the last look

_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_LOADS = (_WED, _FRI)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A home that was loaded twice, at 7:40 on the last day of each load's data."""
    home = tmp_path_factory.mktemp("since") / "home"
    for day in _LOADS:
        at = datetime(day.year, day.month, day.day, 7, 40, tzinfo=UTC)
        load = Load(home, at, rng=random.Random(7), environ=keys_at(home))
        load.load_exports(exports(until=day))
    return home


@pytest.fixture
def person(folder: Any, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Any:
    """Somebody whom no other test knows, on the Monday after the last load."""
    actor = request.node.name
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    monkeypatch.setattr("getpass.getuser", lambda: actor)
    monkeypatch.setattr(access, "open", partial(access.open, clock=lambda: _NOON))
    monkeypatch.setattr(today, "PATIENCE_S", 60)
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


@pytest.mark.parametrize(
    "other",
    [
        None,
        {"at": _NOON - timedelta(hours=12)},
        {"at": datetime(2026, 11, 18, 7, 39, 59, tzinfo=UTC)},
        {"actor": "Somebody else"},
        {"event": "deny"},
        {"event": "log_action"},
        {"event": "open", "page": None},
        {"page": "plans"},
    ],
    ids=["nobody looked", "today", "before any load", *("actor", "event", "log", "open", "page")],
)
def test_only_this_persons_earlier_views_of_this_page_are_a_look(
    folder: Any, person: Any, other: Any
) -> None:
    """This visit is none, nor is one of a day before there was anything to see."""
    session = _session(folder, person)
    session.enter("today")
    if other:
        _note(folder, **{"at": _at("2026-11-19T08:00"), "actor": person, **other})
    assert session.find_last_seen_days("today") is None


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        (["2026-11-18T07:40"], _WED),
        (["2026-11-20T07:39:59.999"], _WED),
        (["2026-11-20T07:40"], _FRI),
        (["2026-11-22T23:59:59.999"], _FRI),
        (["2026-11-18T07:00", "2026-11-19T16:00", "2026-11-23T07:00"], _WED),
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
    assert session.find_last_seen_days("today") == (expected, expected)
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


def _line(site: Any) -> str:
    """The line of what is new, empty where there is none."""
    lines = [e.value for e in site.app.markdown if e.value.startswith("Since you last looked")]
    return lines[0].replace("\\", "") if lines else ""


def test_a_day_before_the_last_look_shows_nothing_new(
    folder: Any, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _note(folder, _at("2026-11-19T08:00"), person)
    for day in ("2026-11-17", "2026-11-18"):
        assert "Since you last looked" not in _site(folder, monkeypatch, as_at=day).text


@pytest.mark.parametrize("role", ["pastoral", "teacher", "dsl"])
def test_what_is_new_stands_in_one_line_and_each_row_that_is_says_so(
    folder: Any, person: Any, monkeypatch: pytest.MonkeyPatch, role: Any
) -> None:
    """The comparison is one view of one page."""
    _note(folder, _at("2026-11-19T08:00"), person)
    log = folder / "log" / "access.jsonl"
    before = len(log.read_text().splitlines())
    site = _site(folder, monkeypatch, role)
    assert len([each for each in log.read_text().splitlines()[before:] if '"view"' in each]) == 1
    then, now = _session(folder, "test", role, as_at=_WED), _session(folder, "test", role)
    was = rules.fetch_reasons(then).filter(~pl.col("is_closed"))
    reasons = rules.fetch_reasons(now).filter(~pl.col("is_closed"))
    listed = set(was["pupil_id"])
    new = set(reasons["pupil_id"]) - listed
    again = set(reasons.join(was, on=["pupil_id", "rule"], how="anti")["pupil_id"]) - new
    line = _line(site)
    assert "on 18 November 2026" in line
    assert f"{words.format_count(len(new), 'child')} {words.pluralise(len(new), 'is')} new" in line
    assert site.text.count("New ") - site.text.count("New to") >= len(new | again)
    done = now.select_visible(read.fetch_duties(now)).filter(pl.col("done_date") > _WED)
    assert done.is_empty() or f"{done.height} {words.pluralise(done.height, 'was')} done" in line
    assert plain_words.check_text("\n".join(e.value for e in site.app.markdown)) == []


def test_nothing_new_is_said(folder: Any, person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saturday beside Friday: no session, and no date but one of Friday itself has passed."""
    _note(folder, _at("2026-11-20T08:00"), person)
    site = _site(folder, monkeypatch, as_at="2026-11-21")
    passed = read.fetch_duties(site.session()).filter(
        pl.col("due_date") == _FRI,
        pl.col("status").is_in(["overdue", "waiting on others", "booked late"]),
    )
    assert _line(site) == (
        "Since you last looked, on 20 November 2026: no children are new on the list; "
        f"{words.format_count(passed.height, 'date')} became overdue."
    )
