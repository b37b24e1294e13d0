"""A home after a dozen loads says what a home says that was loaded once, with the last state.

A small school lives through a term: days become closures and stop being ones, marks are put
right, children join, leave, come back and get a new UPN, scores and meetings come in.  Each
load brings what an office would export on that day: the whole of it, or the weeks since the
last.  Three rules are known, and kept to: silence deletes nothing, so facts are added or change
beside their key; a register is of whole weeks, since a week of the whole school comes from one
that covers it; and it goes back to the first day when a child comes into care, for of the
others no mark is kept.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from intake.check.upn import compute_check_letter
from intake.identify.enrol import enrol_pupils
from intake.publish import files, merge
from intake.publish.entries import add_fact
from intake.publish.version import build_next_rows
from queries.contract import ONLY_SCHOOL
from queries.views import views
from safeguards.home.home import Home, create_demo
from safeguards.journal.ledger import Ledger
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.rights.erase import erase_pupils
from tests.support import sizes
from tests.support.schools.good_exports import checked
from tests.support.schools.homes import keys_at
from tests.support.schools.small_home import SmallHome
from tests.support.small_store import SmallStore

_DAY = timedelta(days=1)
_FIRST, _LAST = date(2026, 9, 1), date(2026, 12, 18)
_LOADS = 12
#: What tells of loads and files, and not of children: it differs by right.
_OF_LOADS = ("load_file", "school_load", "check_left_out", "check_unusual")
_TABLES_OF_LOADS = ("raw_load", "raw_source", "raw_pupil", "raw_flagged_row")
_OWN_NUMBERS = ("pupil_id", "handle", "source_id", "load_id", "loaded_at")


_Listed = dict[str, list[tuple[Any, ...]]]


def _number(number: int) -> str:
    return compute_check_letter(f"0019999{number:05}") + f"0019999{number:05}"


@dataclass
class _Child:
    """What is true of one child, whatever was exported of it and when."""

    number: int
    upn: str
    stays: list[tuple[date, date | None]]
    in_care_from: date | None
    former: str = ""
    marks: dict[tuple[date, str], str] = field(default_factory=dict)
    scores: dict[date, int] = field(default_factory=dict)
    meetings: dict[date, str] = field(default_factory=dict)
    health: dict[date, str] = field(default_factory=dict)

    def is_on_roll(self, day: date) -> bool:
        return any(first <= day <= (last or _LAST) for first, last in self.stays)


class _School:
    """The truth of a school up to `today`, and what changed since the last export."""

    def __init__(self, draw: random.Random) -> None:
        self.draw, self.numbers = draw, iter(range(1, 1000))
        self.calendar = {
            day: "school day" if day.weekday() < 5 else "holiday" for day in _days(_FIRST, _LAST)
        }
        self.children: list[_Child] = []
        self.erased: _Child | None = None
        for number in range(6):
            self.add_child(_FIRST - 200 * _DAY, is_in_care=number < 4)
        # a register is the whole school's only with somebody who is in no group
        self.outsider = self.children[-1]
        self.today, self.changed_from = _FIRST - _DAY, _FIRST
        self.live_until(_FIRST + 9 * _DAY)

    def add_child(self, entry: date, *, is_in_care: bool) -> None:
        since = self.draw.choice((date(2025, 3, 3), date(2023, 1, 9))) if is_in_care else None
        number = next(self.numbers)
        self.children.append(_Child(number, _number(number), [(entry, None)], since))

    def live_until(self, day: date) -> None:
        """The days up to this one are marked."""
        for each in _days(self.today + _DAY, day):
            for child in self.children:
                self.mark(child, each)
        self.today = day

    def mark(self, child: _Child, day: date) -> None:
        for half, usual in (("AM", "/"), ("PM", "\\")):
            child.marks.pop((day, half), None)
            if self.calendar[day] == "closed":
                child.marks[day, half] = "#"
            elif self.calendar[day] == "school day" and child.is_on_roll(day):
                is_usual = self.draw.random() < 0.8
                child.marks[day, half] = usual if is_usual else self.draw.choice("ICOLMU")
        self.changed_from = min(self.changed_from, day)

    def change(self) -> None:
        """Something happens that changes what was true before."""
        past = self.draw.choice([*_days(_FIRST, self.today)])
        child = self.draw.choice([each for each in self.children if each != self.outsider])
        match self.draw.randrange(9):
            case 0:
                self.turn(self.draw.choice([day for day in self.calendar if day.weekday() < 5]))
            case 1:
                self.mark(child, past)
            case 2:
                self.end_stay(child)
            case 3:
                self.add_child(self.today - self.draw.randrange(5) * _DAY, is_in_care=True)
                for day in _days(self.children[-1].stays[0][0], self.today):
                    self.mark(self.children[-1], day)
            case 4 if child.in_care_from and not child.former and child.stays[-1][1] is None:
                child.former, child.upn = child.upn, _number(500 + child.number)
            case 5 if not child.in_care_from:
                child.in_care_from = date(2026, 9, 7)
                self.changed_from = _FIRST
            case _:
                self.add_fact(child, past)

    def add_fact(self, child: _Child, day: date) -> None:
        """A score, a meeting or a check comes in, or what came of it is put right."""
        match self.draw.randrange(3):
            case 0:
                child.scores[day] = self.draw.randrange(41)
            case 1:
                child.meetings[day] = self.draw.choice(("held", "booked"))
            case _:
                child.health[day] = self.draw.choice(("done", "not done"))

    def turn(self, day: date) -> None:
        """A day becomes a closure, or is one no more; whoever was marked is marked anew."""
        self.calendar[day] = "school day" if self.calendar[day] == "closed" else "closed"
        if day <= self.today:
            for child in self.children:
                self.mark(child, day)

    def end_stay(self, child: _Child) -> None:
        """A child leaves, or who has left is back."""
        first, last = child.stays[-1]
        if last is None and first < self.today - 7 * _DAY:
            gone = self.today - self.draw.randrange(5) * _DAY
            child.stays[-1] = (first, gone)
            for day in _days(gone + _DAY, self.today):
                self.mark(child, day)
        elif last is not None and last < self.today - _DAY:
            child.stays.append((self.today, None))
            self.mark(child, self.today)

    def export(self, first: date = _FIRST) -> dict[str, str]:
        """The files of today, with a register from this day on; all that is known otherwise."""
        named = [child for child in self.children if child.stays]
        cared = [child for child in named if child.in_care_from]
        files = {
            "school.csv": "school_id,name,phase\n0019999,Brook Lane,junior\n",
            "calendar.csv": "date,kind\n"
            + "".join(f"{day},{kind}\n" for day, kind in self.calendar.items()),
            "roll.csv": "upn,surname,forename,date_of_birth,sex,year_group,entry_date,"
            "leaving_date\n"
            + "".join(
                f"{child.upn},Sur,Fore,{date(2017, 9, 1) + child.number * _DAY},F,4,{entry},"
                f"{leaving or ''}\n"
                for child in named
                for entry, leaving in child.stays
            ),
            "care_episodes.csv": "upn,status,start,known_since,end,authority,legal_status,home\n"
            + "".join(
                f"{child.upn},looked after,{child.in_care_from},,,Ashmere,C2,foster\n"
                for child in cared
            ),
            "attendance.csv": "upn,date,session,code\n"
            + "".join(
                f"{child.upn},{day},{half},{child.marks.get((day, half), '')}\n"
                for child in named
                for day in _days(first, self.today)
                for half in ("AM", "PM")
            ),
            "sdq.csv": "upn,date,informant,total,emotional,conduct,hyperactivity,peer,prosocial,"
            "impact,reason\n"
            + "".join(
                f"{child.upn},{day},carer,{total},,,,,,,\n"
                for child in cared
                for day, total in child.scores.items()
            ),
            "pep.csv": "upn,date,outcome,quality,child_attended,targets_set\n"
            + "".join(
                f"{child.upn},{day},{outcome},,,\n"
                for child in cared
                for day, outcome in child.meetings.items()
            ),
            "health.csv": "upn,kind,date,outcome,next_due,reason\n"
            + "".join(
                f"{child.upn},dental check,{day},{outcome},,"
                f"{'carer refused' if outcome == 'not done' else ''}\n"
                for child in cared
                for day, outcome in child.health.items()
            ),
            "other_numbers.csv": "upn,former_upn,authority,authority_child_id\n"
            + "".join(f"{child.upn},{child.former},,\n" for child in named if child.former),
        }
        return {name: text for name, text in files.items() if text.count("\n") > 1}


def _days(first: date, last: date) -> Iterator[date]:
    return (first + number * _DAY for number in range((last - first).days + 1))


class _Desk:
    """Loads into a home's rows, as `load_exports` does but for what is written to the disk."""

    def __init__(self, home: Home, keys: Keys) -> None:
        self.vault, self.ledger = Vault.open(home, keys), Ledger.open(home, keys)
        self.rows: merge.Rows = {}
        self.rng = random.Random(1)

    def load(self, files: Mapping[str, str], today: date) -> None:
        found = checked(files)
        assert found.problems == (), found.problems[:3]
        known = set(self.rows["raw_pupil"]["pupil_id"]) if self.rows else set()
        records, _ = enrol_pupils(self.vault, self.ledger, found, known, self.rng)
        now = datetime.combine(today, time(16), UTC)
        given = {ONLY_SCHOOL: (found, records)}
        self.rows = build_next_rows(given, self.rows, now, {})[0]

    def list_rows(self, school: _School) -> _Listed:
        return _list_tables(self.rows, _number_children(self.vault, self.rows, school))

    def answer(self, school: _School, store: SmallStore) -> _Listed:
        """Every mart and check by the children's own numbers, in an order of their own."""
        keys = _number_children(self.vault, self.rows, school)
        store.put({table: rows.iter_rows(named=True) for table, rows in self.rows.items()})
        until = merge.get_data_until(self.rows)
        answers = {name: store.ask(name, until) for name in _ASKED}
        return {
            name: _list_rows(pl.DataFrame(rows, infer_schema_length=None), keys)
            for name, rows in answers.items()
        }


def _number_children(vault: Vault, rows: merge.Rows, school: _School) -> dict[int, int]:
    """The number of each child in the truth, by pupil_key."""
    find = vault.find_by_upn
    records = {
        each.number: find(each.upn) or find(each.former or each.upn) for each in school.children
    }
    numbers = {record.pupil_id: number for number, record in records.items() if record}
    pupils = rows["raw_pupil"].select("pupil_id", "pupil_key").iter_rows()
    return {key: numbers[pupil] for pupil, key in pupils}


def _list_tables(rows: merge.Rows, keys: Mapping[int, int]) -> _Listed:
    """The rows of every raw_ table by the children's own numbers, and where the data end."""
    told = {name: each for name, each in rows.items() if name not in _TABLES_OF_LOADS}
    listed = {name: _list_rows(each, keys) for name, each in told.items() if each.height}
    return {**listed, "data until": [(merge.get_data_until(rows),)]}


_ASKED = [
    view.name
    for view in views.load_views().values()
    if view.find_field("Category") and view.name not in _OF_LOADS
]


def _list_rows(rows: pl.DataFrame, keys: Mapping[int, int]) -> list[tuple[Any, ...]]:
    """The rows with a child's own number for its pupil_key, and without what a load numbers."""
    if "pupil_key" in rows.columns:
        rows = rows.with_columns(pl.col("pupil_key").replace_strict(keys, default=None))
    kept = rows.drop([name for name in _OWN_NUMBERS if name in rows.columns])
    return sorted(kept.select(sorted(kept.columns)).rows(), key=repr)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Keys]:
    """A home into which nothing is ever written."""
    folder = tmp_path_factory.mktemp("histories") / "home"
    home = create_demo(folder)
    return home, Keys.create(home, keys_at(folder))


def _live(number: int, home: Home, keys: Keys) -> tuple[_School, _Desk, _Desk]:
    """The truth after one history, what its loads made of it, and what one load makes of it."""
    draw = sizes.rng(f"histories-{number}")
    school, desk = _School(draw), _Desk(home, keys)
    for load in range(_LOADS):
        if load:
            step = draw.choice((0, 1, 1, 3, 7, 14))
            school.live_until(min(school.today + step * _DAY, _LAST - 7 * _DAY))
            for _ in range(draw.randrange(4)):
                school.change()
        monday = school.changed_from - school.changed_from.weekday() * _DAY
        since = max(monday, _FIRST) if draw.random() < 0.7 else _FIRST
        desk.load(school.export(since), school.today)
        school.changed_from = school.today
    fresh = _Desk(home, keys)
    fresh.load(school.export(), school.today)
    return school, desk, fresh


def _differ(mine: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in {*mine, *other} if mine.get(name) != other.get(name))


@pytest.mark.slow
def test_a_dozen_loads_are_as_one(
    empty: tuple[Home, Keys], small_store: SmallStore, count: sizes.Count
) -> None:
    """Row by row; marts follow from rows, and are asked themselves of the first histories."""
    histories = sizes.size("histories.cases")
    broken: dict[int, list[str]] = {}
    changed = 0
    for number in range(histories):
        school, desk, fresh = _live(number, *empty)
        found = _differ(desk.list_rows(school), fresh.list_rows(school))
        if found or number < max(1, histories // 20):
            answers = [each.answer(school, small_store) for each in (desk, fresh)]
            found += _differ(*answers)
        if found:
            broken[number] = found
        first = _Desk(*empty)  # the control: of the first export alone
        first.load(_School(sizes.rng(f"histories-{number}")).export(), school.today)
        changed += _differ(first.list_rows(school), fresh.list_rows(school)) != []
    count("histories", histories, len(broken), changed)
    assert broken == {}
    assert changed == histories


class _Home(SmallHome):
    """A home to which people type and from which they erase, between loads through its door."""

    def bring_in(self, school: _School, first: date = _FIRST) -> None:
        self.exports.parent.mkdir(parents=True, exist_ok=True)
        self.load(school.export(first), now=self.get_time(school))

    def get_time(self, school: _School) -> datetime:
        return datetime.combine(school.today, time(16), UTC)

    def type_score(self, school: _School, child: _Child, day: date, total: int) -> None:
        values = {"date": f"{day}", "informant": "carer", "total": f"{total}"}
        told = add_fact(
            self.open(),
            handle=self.find(child.upn).handle,
            file="sdq.csv",
            values=values,
            where_written="letter",
            now=self.get_time(school),
        )
        assert told.problems == ()

    def erase(self, school: _School, child: _Child) -> None:
        home, now = (self.home, self.keys), self.get_time(school)
        erase_pupils(*home, [self.find(child.upn)], why="request", now=now, actor="Sam", role="dsl")

    def list_rows(self, school: _School) -> _Listed:
        rows = files.read_rows(self.path, self.keys.store)
        return _list_tables(rows, _number_children(self.vault, rows, school))


def _live_with_people(number: int, root: Path) -> tuple[_School, _Home, list[Any]]:
    """Six loads, between which scores are typed, later ones in the file too, and a child erased."""
    draw = sizes.rng(f"people-{number}")
    school, home, typed = _School(draw), _Home(root), list[Any]()
    home.bring_in(school)
    for load in range(1, 6):
        cared = [
            each for each in school.children if each.in_care_from and each is not school.erased
        ]
        child, day = draw.choice(cared), draw.choice([*_days(_FIRST, school.today)])
        if (child, day) not in [told[:2] for told in typed]:
            typed.append((child, day, draw.randrange(41)))
            home.type_score(school, *typed[-1])
            child.scores.setdefault(day, draw.randrange(41))
        if load == number % 4 + 1:
            gone = draw.choice(cared)
            home.erase(school, gone)
            typed = [told for told in typed if told[0] is not gone]
            school.erased = gone
        school.live_until(school.today + draw.choice((1, 3, 7)) * _DAY)
        for _ in range(draw.randrange(4)):
            school.change()
        monday = school.changed_from - school.changed_from.weekday() * _DAY
        home.bring_in(school, max(monday, _FIRST))
        school.changed_from = school.today
    return school, home, typed


@pytest.mark.slow
def test_loads_between_which_people_type_and_erase_are_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: sizes.Count
) -> None:
    """As a home that never knew of the erased child, and was told all else at the end."""
    histories = sizes.size("histories.people")
    broken, found = dict[int, list[str]](), 0
    for number in range(histories):
        root = tmp_path / f"{number}"
        monkeypatch.setenv("LAC_KEYS", keys_at(root / "lived" / "home")["LAC_KEYS"])
        school, lived, typed = _live_with_people(number, root / "lived")
        told = lived.list_rows(school)
        monkeypatch.setenv("LAC_KEYS", keys_at(root / "fresh" / "home")["LAC_KEYS"])
        fresh, gone = _Home(root / "fresh"), school.erased
        assert gone is not None
        back, gone.in_care_from = gone.in_care_from, None
        fresh.bring_in(school)
        found += _differ(told, fresh.list_rows(school)) != []  # a control: what was typed is lost
        for each in typed:
            fresh.type_score(school, *each)
        if differs := _differ(told, fresh.list_rows(school)):
            broken[number] = differs
        gone.in_care_from = back
        fresh.bring_in(school)
        found += _differ(told, fresh.list_rows(school)) != []  # another: the child is back
    count("histories with people", histories, len(broken), found)
    assert broken == {}
    assert found == 2 * histories
