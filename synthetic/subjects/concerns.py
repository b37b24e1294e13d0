"""Notes of concern: more of them the more the difficulties, and those behind what happened.

One is behind each referral of the school's; after a child came to a new home, and before an
enquiry, there often is one.

How many there are is made up: no line is published.
"""

import random
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from queries import contract
from synthetic.calendar import (
    MONDAY,
    add_working_days,
    advance_to_school_day,
    choose_school_day,
    find_last_school_day,
    list_school_days,
)
from synthetic.population.child import Child
from synthetic.population.personas import (
    ANXIOUS_MONDAYS,
    HAS_WORKER,
    IN_NEED,
    LOOKED_AFTER,
    NO_STATUS,
    ON_PROTECTION_PLAN,
    RARELY_THERE,
)
from synthetic.population.story import Chance, choose, choose_for
from synthetic.subjects.protection import POLICE, SCHOOL
from synthetic.subjects.records import (
    Lines,
    Record,
    Subject,
    derive_record,
    read_lines,
    write_by_hand,
)
from synthetic.subjects.suspensions import Suspension

#: Notes a year, by status, and how the story leans on them.
_A_YEAR = {ON_PROTECTION_PLAN: 4.5, IN_NEED: 2.5, NO_STATUS: 0.5}
_OTHERS = 1.2

_TABLES: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("concerns.toml").read_text(encoding="utf-8")
)
_KINDS: dict[str, Chance] = {kind: Chance(**of) for kind, of in _TABLES["kinds"].items()}
#: The office writes of those who miss much of school: notes a year more, and the share of that;
#: and of the parts of a line that it has written of the child before.
AWAY, _MUCH, _OF_THAT, _IS_AWAY, _HABIT = "away", 1.1, 1.5, 0.6, 0.5
#: Share of spells away without a reason that are noted, by their days, those of more days all;
#: and the places among them, and after how many the office writes again.
_OF_SPELLS, _NOTED_ON, _AND_AGAIN = {1: 0.0, 2: 0.3, 3: 0.9, 4: 0.96}, (1, 1, 1, 2, 2, 3), 7
#: Of what is no referral; those are urgent where somebody speaks of harm.
_LEVELS = {"note": 0.6, "concern": 0.4}
_TEACHER, _IN_CLASS, _LUNCHTIME = "teacher", "teaching assistant", "lunchtime staff"
_PASTORAL = "pastoral staff"
_STAFF = {_TEACHER: 0.4, _IN_CLASS: 0.22, _LUNCHTIME: 0.12, _PASTORAL: 0.16}
#: What comes of a referral, and in how many days.
_RESULTS = ("assessment completed", "conference not needed", "initial conference")
_RESULTS_IN = 110
#: What lunchtime staff see, as a line tells it; of the rest a teaching assistant writes.
_AT_LUNCH = re.compile(r"at lunch|lunch queue|lunch box|wet play|on the field|of football|of tag")
#: Whose words they are: those of the staff, or others'.
_STAFFS, _MOVED, _SUSPENDED, _STILL = "concerns", "moved", "suspended", "still away"
_IN_CARE, _THE_CHILD, _CALL_OUT = "in care", "the child", "police"
_NOT_STAFF = {"parent or carer": 0.08, _THE_CHILD: 0.08, _STAFFS: 0.84}
#: What is done; and of what more than a note is not done with by a word with the child.
_SPOKE, _WATCHED, _CALLED = "spoke with the child", "kept under watch", "called the carer"
_TOLD, _MET, _ALSO_TOLD = "told the social worker", "met the family", 0.05
_NEEDS_MORE = ("care", "home", "online")
#: Days from what happened to a suspension that does not begin at noon: the head looks into some.
_LOOKED_INTO = (1, 1, 1, 2, 4)
#: Shares of new homes and calls of the police after which, and of strategy discussions and
#: suspensions before which, there is a note, and days in which it comes.
_OF_A_MOVE, _OF_AN_ENQUIRY, _OF_A_SUSPENSION, _NEAR, _SETTLES_IN = 0.5, 0.7, 0.9, 10, 31
_OF_A_CALL_OUT, _WEEKEND = 0.75, timedelta(days=4)

#: Working days until somebody looks again, if it is urgent too; share closed by then; by how many
#: the others take longer.
_FOLLOW_UP, _AT_ONCE, _IN_TIME, _LATER = (3, 10), (2, 5), 0.88, (4, 15)
#: Shares of notes without a date to look again, and of those that stay open for days on end.
_NO_DATE, _STAYS_OPEN, _OPEN = 0.2, 0.3, (60, 200)
#: Share of notes that nobody closes, which have no date to look again.
_NEVER_CLOSED = 0.04
#: School days in a year.
_YEAR = 190
_A_DAY = timedelta(days=1)


Concern = derive_record(contract.CONCERNS, is_at_school=True, later={"closed": ()})


def _generate_concerns(
    rng: random.Random,
    child: Child,
    _year: int,
    steps: tuple[Any, ...],
    suspensions: tuple[Suspension, ...],
) -> list[Record]:
    """The notes of a child on days at the school: one on each day of a referral by the school."""
    away = {day for each in suspensions for day in each.list_days()}
    days = list_school_days(child.entry, child.leaving)
    for start in range(days[0].year - 1, days[-1].year + 1):
        away |= child.list_trip_days(start)
    here = set(days) - away
    away |= {each.day for each in suspensions}
    days = tuple(day for day in days if day not in away)
    lines = Lines(rng)
    notes: list[Record] = []
    lean, of_that = 1 + max(child.story.difficulties, 0), _OF_THAT * _is_much_away(child)
    for day in days:
        often = _A_YEAR.get(child.get_status(day), _OTHERS) * lean
        if rng.random() < (often + of_that) / _YEAR:
            kind = _choose_kind(rng, child, day)
            notes.append(_write_note(rng, child, day, lines, kind))
    for day, kind, of, share in _list_occasions(rng, child, steps, suspensions):
        is_free = day not in away or of.startswith(_SUSPENDED)
        if day in here and is_free and rng.random() < share:
            notes.append(_write_note(rng, child, day, lines, kind, of))
    notes += _write_referrals(rng, child, here, steps, lines)
    by_day = {note.day: note for note in notes}
    return [by_day[day] for day in sorted(by_day)]


def _list_occasions(
    rng: random.Random, child: Child, steps: Sequence[Any], suspensions: Sequence[Suspension]
) -> Iterator[tuple[date, str, str, float]]:
    """Days after a new home, of a suspension, before an enquiry; of what a note is, how often."""
    for each in suspensions:
        kind = "other children" if each.reason == "PP" else "other"
        before = each.day in each.list_days() and rng.choice(_LOOKED_INTO)
        told = find_last_school_day(each.day - before * _A_DAY)
        yield told, kind, f"{_SUSPENDED} {each.reason}", _OF_A_SUSPENSION
    for day in child.upheavals:
        told = advance_to_school_day(day + rng.randrange(1, _SETTLES_IN) * _A_DAY)
        is_there = all(_is_in_care(child, each) for each in (day, told))
        if is_there and day > child.entry and told not in child.upheavals:
            yield told, "feelings", _MOVED, _OF_A_MOVE
    for step in steps:
        if step.referred_by == POLICE:
            # They tell the school in the morning, or on Monday (Operation Encompass).
            told = advance_to_school_day(step.day + _A_DAY)
            yield told, "home", _CALL_OUT, _OF_A_CALL_OUT * (told - step.day <= _WEEKEND)
        elif step.event == "strategy discussion":
            told = find_last_school_day(step.day - rng.randint(1, _NEAR) * _A_DAY)
            yield told, rng.choice(("care", "home")), _STAFFS, _OF_AN_ENQUIRY


def _write_referrals(
    rng: random.Random, child: Child, here: set[date], steps: Sequence[Any], lines: Lines
) -> Iterator[Record]:
    for step in steps:
        if step.referred_by != SCHOOL or step.day not in here:
            continue
        # Who says what was done at home, and by whom, is talked of with the police at once.
        soon, raised_by = add_working_days(step.day, 1), choose(rng, _STAFF)
        is_met = any(
            each.event == "strategy discussion" and step.day <= each.day <= soon for each in steps
        )
        of, level = ("urgent", "urgent") if is_met else (_STAFFS, "concern")
        kind = rng.choice(("hurt" if is_met else "care", "home"))
        wait = rng.randint(*_AT_ONCE)
        ends = [
            each.day
            for each in steps
            if each.event in _RESULTS and 0 <= (each.day - step.day).days <= _RESULTS_IN
        ]
        # It stays open until the enquiry and the assessment are over.
        closed = add_working_days(max(ends, default=step.day), rng.randint(1, wait))
        follow_up = choose_school_day(rng, add_working_days(step.day, wait))
        looks = (follow_up if follow_up <= child.leaving else None, min(closed, child.leaving))
        raised_by = _IN_CLASS if raised_by == _LUNCHTIME else raised_by
        line = _write_as(child, step.day, raised_by, lines.draw(of, kind))
        yield Concern(step.day, kind, level, raised_by, line, "referred", *looks)


def write_absences(
    rng: random.Random, child: Child, spells: Iterable[Sequence[date]]
) -> Iterator[Record]:
    """Notes of most spells away without a reason, of a child with a social worker."""
    lines = Lines(rng)
    for days in spells:
        if child.get_status(days[0]) in HAS_WORKER:
            for day in days[min(rng.choice(_NOTED_ON), len(days) - 1) :: _AND_AGAIN]:
                if rng.random() < _OF_SPELLS.get(len(days), 1):
                    yield _write_note(rng, child, day, lines, AWAY, _STILL)


def _is_much_away(child: Child) -> bool:
    return child.persona in (ANXIOUS_MONDAYS, RARELY_THERE) or child.story.absence > _MUCH


def _is_in_care(child: Child, day: date) -> bool:
    """Whether the child is in care on the day, and not with its parents."""
    return child.get_status(day) == LOOKED_AFTER and not child.is_with_family(day)


def _choose_kind(rng: random.Random, child: Child, day: date) -> str:
    """What a note is about: of home, or of family time, by where the child lives."""
    if _is_much_away(child) and rng.random() < _IS_AWAY:
        return AWAY
    kinds = dict(_KINDS)
    if child.get_status(day) == LOOKED_AFTER:
        del kinds["home"]
    if not _is_in_care(child, day) or any(each.home == "adoptive" for each in child.episodes):
        del kinds["family time"]
    return choose_for(rng, kinds, child.story)


def _write_note(
    rng: random.Random, child: Child, day: date, lines: Lines, kind: str, of: str = _STAFFS
) -> Any:
    days = rng.randint(*_FOLLOW_UP)
    took = rng.randint(1, days) if rng.random() < _IN_TIME else days + rng.randint(*_LATER)
    follow_up: date | None = choose_school_day(rng, add_working_days(day, days))
    closes = add_working_days(day, took)
    if rng.random() < _NO_DATE:
        wait = rng.randint(*_OPEN) if rng.random() < _STAYS_OPEN else 0
        follow_up, closes = None, closes + wait * _A_DAY
    # Nobody looks again at a child who has left.
    is_open = rng.random() < _NEVER_CLOSED
    closed = None if is_open else min(choose_school_day(rng, closes), child.leaving)
    follow_up = follow_up if closed and follow_up and follow_up <= child.leaving else None
    if _is_in_care(child, day) and kind in read_lines()[_IN_CARE]:
        of = _IN_CARE
    is_grave = of not in (_STAFFS, _MOVED, _STILL, _IN_CARE)
    level = "concern" if is_grave or kind == "hurt" else choose(rng, _LEVELS)
    has_worker = child.get_status(day) in HAS_WORKER
    done = _decide(rng, of if of in _TABLES["done"] else kind, level, has_worker=has_worker)
    raised_by, other = choose(rng, _STAFF), choose(rng, _NOT_STAFF)
    if is_grave:
        done = _TOLD if has_worker else _MET
        raised_by = _PASTORAL if of == _CALL_OUT else raised_by
    elif kind == AWAY:
        raised_by = "office"
    if of == _STAFFS != other and kind in read_lines()[other]:
        of = raised_by = other
        if other == _THE_CHILD and done == _CALLED and kind not in _NEEDS_MORE:
            done = _SPOKE
    elif of == _STAFFS and day.weekday() == MONDAY and kind in read_lines()["Monday"]:
        of = rng.choice(("Monday", of))
    line = lines.draw(of, kind, _HABIT * (kind == AWAY))
    if raised_by == _LUNCHTIME and not _AT_LUNCH.search(line):
        raised_by = _IN_CLASS
    line = _write_as(child, day, raised_by, line)
    return Concern(day, kind, level, raised_by, line, done, follow_up, closed)


def _decide(rng: random.Random, kind: str, level: str, *, has_worker: bool) -> str:
    """What is done about it: the more, the worse it is."""
    told = {_TOLD: _TABLES["told"].get(kind, _ALSO_TOLD)} if has_worker else {}
    shares: dict[str, float] = _TABLES["done"][kind] | told
    if level != "note" or (has_worker and kind == "home"):
        left_out = (_SPOKE, _WATCHED) if kind in _NEEDS_MORE else (_WATCHED,)
        shares = {done: share for done, share in shares.items() if done not in left_out}
    return choose(rng, shares)


def _write_as(child: Child, day: date, raised_by: str, line: str) -> str:
    """The line as the one writes it who does so of that child on that day."""
    # Two share a job in other rooms: one has the first half of the week.
    writer: tuple[object, ...] = (day.weekday() // 3,)
    if raised_by in (_TEACHER, _IN_CLASS):
        writer = (child.compute_year_group(day), child.letter)
    elif raised_by in _NOT_STAFF:
        writer = (child.upn,)
    return write_by_hand(line, raised_by, *writer)


_FOLLOWS = (contract.PROTECTION, contract.SUSPENSIONS)
SUBJECT = Subject(contract.CONCERNS, Concern, _generate_concerns, follows=_FOLLOWS)
