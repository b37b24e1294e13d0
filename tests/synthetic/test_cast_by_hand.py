"""The cast's stories counted by hand on three days: the marts and Today list just these.

Each date was counted on a calendar from the story (synthetic/cast/cast.toml) and the rule
(tests/support/oracle/rules.py), not taken from an answer.  The summer term of 2026 ran from Monday
13 April to Monday 20 July.  In 2026/27 there was school from Thursday 3 September to Friday
18 December, without 26 to 30 October (half term) and 12 November (the heating failed).
"""

import csv
import re
import statistics
from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from itertools import compress
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest

from dashboard.text import duties, rules, standing, words
from queries import read
from synthetic import CAST
from synthetic.calendar import build_register
from tests.conftest import YEAR_2026
from tests.support.oracle.rules import Rules, usual_changes
from tests.support.other_rules import other_rules
from tests.support.schools.homes import cast_handles, demo_home, exports, open_store
from tests.support.sizes import size
from tests.support.web.site import Site

JULY, OCTOBER, NOVEMBER = date(2026, 7, 10), date(2026, 10, 16), date(2026, 11, 20)
DAYS = (JULY, OCTOBER, NOVEMBER)


class Look(NamedTuple):
    """A reason why a child needs a look, with its figures."""

    child: str
    rule: str
    figure: int
    base: int | None
    reason: str


class Duty(NamedTuple):
    """An open duty that is near, past or not recorded; `booked` is the day that is set."""

    child: str
    rule: str
    due: str
    status: str
    holder: str
    booked: str | None = None


LOOKS = {
    # The last 10 school days began on Monday 29 June: Isla missed one morning of them (the
    # 30th), nobody else but Oscar any; no weekday was missed more often than once since 15 June;
    # the two children over a tenth (Isla, 81 of 364; Oscar, 37 of 365) were so before then, with
    # 79 of 324 and 33 of 325 (SUMMER).  No suspension, home or status changed since 15 June, and
    # Jayden's PEP still has ten days.
    JULY: [
        # Ill all day on Monday 29 June, and on Friday 10 July.
        Look("Oscar", "missed_sessions", 4, 20,
             "missed 4 of the last 20 sessions"),
        # 81 of 364 sessions, in the three terms and in one of the year before.
        Look("Isla", "high_absence", 81, 364,
             "missed 81 of 364 this year (1 in 5 or more)"),
        Look("Isla", "tenth_again", 4, None,
             "missed 1 in 10 or more in 4 terms"),
    ],
    # The last 10 school days: 5 to 16 October, 20 sessions.  The last 20 began on Monday
    # 21 September, as did the last four weeks.  Since 3 September: 32 days, 64 sessions; 24 of
    # them before 21 September.
    OCTOBER: [
        # The cold: all day on Tuesday 6 and Wednesday 7 October.
        Look("Ruby", "unbroken_illness", 4, 20,
             "missed 4 of the last 20 sessions (one illness)"),
        # Out on the 6th and 7th too; with 17 September that is 6 of 64, just under a tenth.
        Look("Mason", "missed_sessions", 4, 20,
             "missed 4 of the last 20 sessions"),
        # From one foster home to another on 5 October.
        Look("Mason", "moved_home", 1, None,
             "moved home on 5\u00a0Oct"),
        # Mondays 21 September (morning), 28 September, 5 October; there on the 12th.
        Look("Jayden", "same_weekday", 3, 4,
             "missed 3 of the last 4 Mondays"),
        # 14 September 2, then 1 + 2 + 2: 7 of 64; it was 2 of 24.
        Look("Jayden", "became_persistent", 7, 64,
             "missed 7 of 64 this year (now 1 in 10)"),
        # The summer's PEP, due on 20 July.
        Look("Jayden", "overdue_here", 1, None,
             "overdue: PEP this term"),
        # Every afternoon from week 3 to week 8; an agreed part-time day is an absence.  It was
        # 5 of 24 before 21 September, so he has long been over a tenth.
        Look("Alfie", "missed_sessions", 10, 20,
             "missed 10 of the last 20 sessions"),
        # Those 10 of his afternoons on each weekday are a timetable, no habit: 26 of 64.
        Look("Alfie", "high_absence", 26, 64,
             "missed 26 of 64 this year (1 in 5 or more)"),
        # Ill from Monday 5 to Wednesday 7 October.
        Look("Isla", "unbroken_illness", 6, 20,
             "missed 6 of the last 20 sessions (one illness)"),
        # Three terms of the last school year, and this one.
        Look("Isla", "tenth_again", 4, None,
             "missed 1 in 10 or more in 4 terms"),
        # With 16 September: 8 of 64; it was 2 of 24.
        Look("Isla", "became_persistent", 8, 64,
             "missed 8 of 64 this year (now 1 in 10)"),
        # Suspended from Monday 12 to Wednesday 14 October.
        Look("Oscar", "suspended", 1, None,
             "suspended on 12\u00a0Oct"),
        Look("Oscar", "missed_sessions", 6, 20,
             "missed 6 of the last 20 sessions"),
        # With 18 September: 8 of 64; it was 2 of 24.
        Look("Oscar", "became_persistent", 8, 64,
             "missed 8 of 64 this year (now 1 in 10)"),
    ],
    # The last 10 school days: 6, 9, 10, 11, 13 and 16 to 20 November.  The last 20 began on
    # Friday 16 October, the last four weeks on 19 October.  Since 3 September: 51 days, 102
    # sessions; 62 of them before 16 October.
    NOVEMBER: [
        # 17 September 2, 6 and 7 October 4, 22 and 23 October 4, 2 November 2, the mornings of
        # 11 and 13 November 2: 14 of 102; it was 6 of 62.
        Look("Mason", "became_persistent", 14, 102,
             "missed 14 of 102 this year (now 1 in 10)"),
        # Mondays 19 October, 2 November, 9 November (morning), 16 November.  He stays over a
        # tenth (7 of 62, now 14 of 102), and missed 3 sessions in the last 10 days.
        Look("Jayden", "same_weekday", 4, 4,
             "missed 4 of the last 4 Mondays"),
        # In care since 21 October.
        Look("Theo", "care_changed", 1, None,
             "care status changed on 21\u00a0Oct"),
        # Afternoons of 6, 11, 13, 18, 19 and 20 November; the 12th was no school day.
        Look("Alfie", "missed_sessions", 6, 20,
             "missed 6 of the last 20 sessions"),
        # Afternoons off in every week from 14 September on, in each of the last seven.
        Look("Alfie", "part_time_timetable", 7, None,
             "part-time timetable in 7 of the last 7 weeks"),
        Look("Alfie", "high_absence", 39, 102,
             "missed 39 of 102 this year (1 in 5 or more)"),
        # The meeting about his plan should have been by 10 November.
        Look("Alfie", "overdue_here", 1, None,
             "overdue: Annual review of the plan"),
        # All of 2 and 3 November.  Over a tenth as before: 8 of 62, now 13 of 102.
        Look("Isla", "no_reason_yet", 4, None,
             "4 sessions (2 days) with no reason yet"),
        # Three terms of the last school year, and this one.
        Look("Isla", "tenth_again", 4, None,
             "missed 1 in 10 or more in 4 terms"),
        # Late on six of the 17 mornings on which he came; and the carer's form of November.
        Look("Mason", "late_mornings", 6, 17,
             "late on 6 of the last 17 mornings"),
        Look("Mason", "sdq_rise", 6, None,
             "SDQ up by 6, into the upper band"),
        # Suspended on 5 and 6 November.  Over a tenth as before: 8 of 62, now 12 of 102.
        Look("Oscar", "suspended", 1, None,
             "suspended on 5\u00a0Nov"),
        # Freya has missed exactly a tenth, 10 of 100 without the taxi's day; but so she had on
        # 15 October, 6 of 60, and nothing was crossed since.
    ],
}  # fmt: skip

#: Open on all three days: nobody has a record of it.
_NEVER_HEARD_OF = [
    # In care since Friday 7 July 2023: the 20th working day is 4 August; Wexbourne is silent.
    Duty("Freya", "IHA", "2023-08-04", "not recorded", "health"),
    # 12 months from there.
    Duty("Freya", "DENTAL_YEARLY", "2024-07-07", "not recorded", "social worker"),
    # 12 months from 1 April 2022, when his care began; no carer has sent any.
    Duty("Alfie", "SDQ_YEARLY", "2023-04-01", "not recorded", "social worker"),
]
#: Booked, as the file of November tells: seen from every earlier day too.
_BOOKED = [
    # Six months from the review of 11 June.
    Duty("Leo", "LAC_REVIEW_N", "2026-12-11", "booked", "authority", "2026-12-03"),
    # The last review ended with the decision of 23 December 2025; the next ends by the 22nd
    # and is met four weeks before: the day that is booked is too late.
    Duty("Freya", "EHC_AR_MEETING", "2026-11-24", "booked late", "school", "2026-12-08"),
    # Health services gave 20 October for the next one: the booking is too late.
    Duty("Jayden", "RHA_5PLUS", "2026-10-20", "booked late", "health", "2026-12-03"),
]
DUTIES = {
    # 20 school days on: 13 to 17 and 20 July 6, 3 and 4 September 8, 7 to 18 September 18,
    # 21 and 22 September 20.  So Jayden's dental check of 30 September is not near.
    JULY: [
        *_NEVER_HEARD_OF,
        *_BOOKED,
        # The summer term ends on Monday 20 July; the 21st is for training.
        Duty("Jayden", "PEP_REVIEW", "2026-07-20", "due soon", "school and social worker"),
        # 12 months from 19 August 2025.
        Duty("Alfie", "DENTAL_YEARLY", "2026-08-19", "due soon", "social worker"),
    ],
    # 20 school days on: 19 to 23 October 5, 2 to 6 November 10, 9, 10, 11 and 13 November 14,
    # 16 to 20 November 19, 23 November 20.  The PEPs of the autumn term (18 December) are
    # later, but for the one that is booked; so is Freya's SDQ (2 December).
    OCTOBER: [
        *_NEVER_HEARD_OF,
        *_BOOKED,
        # No meeting from 13 April on; the one that ends it is in November.
        Duty("Jayden", "PEP_REVIEW", "2026-07-20", "overdue", "school and social worker"),
        # 12 months from 30 September 2025; the appointment of the 29th was cancelled.
        Duty("Jayden", "DENTAL_YEARLY", "2026-09-30", "waiting on others", "social worker"),
        # Six weeks from Friday 11 September.
        Duty("Mason", "EHC_DECIDE_ASSESS", "2026-10-23", "due soon", "authority"),
        # 12 months from 5 November 2025.
        Duty("Ruby", "DENTAL_YEARLY", "2026-11-05", "due soon", "social worker"),
        # The 12 months of the plan of 9 December 2025 end on the 8th: 4 weeks before that.
        Duty("Alfie", "EHC_AR_MEETING", "2026-11-10", "due soon", "school"),
        # Suspended on Monday 12 October; nobody logs whom they told.
        Duty("Oscar", "SUSPENSION_NOTIFY", "2026-10-13", "not recorded", "school"),
        # The autumn term ends on Friday 18 December.
        Duty("Leo", "PEP_REVIEW", "2026-12-18", "booked", "school and social worker", "2026-12-02"),
    ],
    # 20 school days on: four whole weeks, to 18 December itself.
    NOVEMBER: [
        *_NEVER_HEARD_OF,
        *_BOOKED,
        # Five school days from 2 November: 3, 4, 5, 6, 9; and from the 3rd: 4, 5, 6, 9, 10.
        Duty("Isla", "REGISTER_N", "2026-11-09", "overdue", "school"),
        Duty("Isla", "REGISTER_N", "2026-11-10", "overdue", "school"),
        # Five school days from Thursday 19 and Friday 20 November.
        Duty("Kai", "REGISTER_N", "2026-11-26", "due soon", "school"),
        Duty("Kai", "REGISTER_N", "2026-11-27", "due soon", "school"),
        # As in October.
        Duty("Jayden", "DENTAL_YEARLY", "2026-09-30", "waiting on others", "social worker"),
        Duty("Mason", "EHC_DECIDE_ASSESS", "2026-10-23", "waiting on others", "authority"),
        Duty("Leo", "PEP_REVIEW", "2026-12-18", "booked", "school and social worker", "2026-12-02"),
        # The last day of the autumn term.
        Duty("Mason", "PEP_REVIEW", "2026-12-18", "due soon", "school and social worker"),
        # 20 working days from Wednesday 21 October: 2, 5, 5, 5 and 3; a week late.
        Duty(
            "Theo",
            "PEP_COMPLETE",
            "2026-11-18",
            "booked late",
            "school and social worker",
            "2026-11-25",
        ),
        # 12 months from 21 October; a day is set long before.
        Duty("Theo", "DENTAL_YEARLY", "2027-10-21", "booked", "social worker", "2026-12-09"),
        Duty("Oscar", "SUSPENSION_NOTIFY", "2026-10-13", "not recorded", "school"),
        # And on Thursday 5 November.
        Duty("Oscar", "SUSPENSION_NOTIFY", "2026-11-06", "not recorded", "school"),
        # Six weeks from Monday 19 October.
        Duty("Oscar", "EHC_ADVICE", "2026-11-30", "due soon", "school"),
        # 12 months from 2 December 2025.
        Duty("Freya", "SDQ_YEARLY", "2026-12-02", "due soon", "social worker"),
        # As in October, and the end of its 12 months.
        Duty("Alfie", "EHC_AR_MEETING", "2026-11-10", "overdue", "school"),
        Duty("Alfie", "EHC_AR_YEAR", "2026-12-08", "due soon", "authority"),
    ],
}

#: The year 2025/26, whose marks are drawn (seed 7, three years): sessions missed and possible
#: to 12 June, the same to 10 July, and those missed between.  163 and 183 school days; none
#: of the last afternoon before Christmas; eight sessions less for Freya, whose taxi failed on
#: four days, 33 and 37 less for Alfie, who is at another school on Friday afternoons, and one
#: less for Ruby, Isla and Kai, of whom one mark is blank; Leo came on 24 February.
SUMMER = """
    child  | missed | possible | by July | possible | since 15 June
    -------+--------+----------+---------+----------+-------------------------------
    Ruby   |      5 |      324 |       5 |      364 |
    Mason  |     17 |      325 |      17 |      365 |
    Freya  |     28 |      317 |      28 |      357 |
    Jayden |     26 |      325 |      26 |      365 |
    Leo    |      4 |      122 |       4 |      162 |
    Alfie  |     26 |      292 |      26 |      328 |
    Isla   |     79 |      324 |      81 |      364 | 06-22 AM, 06-30 AM
    Kai    |     19 |      324 |      19 |      364 |
    Oscar  |     33 |      325 |      37 |      365 | 06-29 AM PM, 07-10 AM PM"""

_MISSED = {"C", "C1", "C2", "E", "I", "J1", "M", "R", "S", "T", "G", "N", "O", "U"}
_ATTENDED = {"/", "\\", "L", "B", "K", "P", "V", "W"}

# how Today says it

_NAMES = {
    "PEP_COMPLETE": "First PEP meeting",
    "PEP_REVIEW": "PEP this term",
    "IHA": "Initial health assessment",
    "RHA_5PLUS": "Review health assessment",
    "LAC_REVIEW_N": "Review of care",
    "DENTAL_YEARLY": "Dental check",
    "SDQ_YEARLY": "SDQ by the carer",
    "EHC_DECIDE_ASSESS": "Decision whether to assess for a plan",
    "EHC_ADVICE": "Advice for the assessment",
    "EHC_AR_MEETING": "Annual review of the plan",
    "EHC_AR_YEAR": "Annual review of the plan finished",
    "REGISTER_N": "Reason for an absence",
    "SUSPENSION_NOTIFY": "Virtual School and social worker told of a suspension",
}
_HOLDERS = {
    "school": "School",
    "school and social worker": "School",
    "social worker": "Social worker",
    "health": "Health",
    "authority": "Local authority",
}


def _in_words(day: str) -> str:
    value = date.fromisoformat(day)
    return f"{value.day} {value:%B %Y}"


def _near(day: date) -> list[tuple[str, ...]]:
    """The lines of dates that are past or come in four weeks: child, when, what, for whom."""
    rows, found = [], [duty for duty in DUTIES[day] if duty.status != "not recorded"]
    number = Counter((duty.child, duty.rule, duty.status) for duty in found)
    for duty in sorted(found, key=lambda duty: duty.due):
        count = number.pop((duty.child, duty.rule, duty.status), 0)
        if not count:  # days of absence stand in one line, with the first of their days
            continue
        what = _NAMES[duty.rule] + (f" ({count} days)" if count > 1 else "")
        is_late = duty.booked is not None and duty.booked > duty.due
        when = date.fromisoformat(duty.due if is_late or not duty.booked else duty.booked)
        if duty.booked:
            what += f", booked {_near_day(date.fromisoformat(duty.booked), day)}"
        if when <= day + timedelta(weeks=4):
            rows.append((duty.child, _near_day(when, day), what, _HOLDERS[duty.holder]))
    return sorted(rows)


def _near_day(value: date, day: date) -> str:
    return f"{value.day} {value:%b}" + (f" {value.year}" if value.year != day.year else "")


def _worklist(day: date) -> set[str]:
    """The parts of "Not recorded yet": what, and whose."""
    found = [duty for duty in DUTIES[day] if duty.status == "not recorded"]
    number = Counter((duty.child, duty.rule) for duty in found)
    return {
        f"{_NAMES[rule]}{f' ({count} days)' if count > 1 else ''} ({child})"
        for (child, rule), count in number.items()
    }


@pytest.fixture(scope="module", autouse=True)
def rules_by_hand(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What was counted by hand was counted by these thresholds, whatever the product's are."""
    with other_rules(tmp_path_factory.mktemp("rules"), usual_changes()):
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return demo_home(tmp_path_factory.mktemp("cast") / "home", seed=7, years=3)


@pytest.fixture(scope="module")
def names(folder: Any) -> Any:
    """The story's name of each child by handle."""
    return {handle: name for name, handle in cast_handles(folder).items()}


@pytest.mark.slow
def test_every_child_of_the_cast_is_found(names: Any) -> None:
    assert len(names) == len(CAST) == 12
    assert set(names.values()) >= {"Theo", "Poppy", "Grace"}
    told = {duty.child for found in DUTIES.values() for duty in found}
    told |= {look.child for found in LOOKS.values() for look in found}
    assert told < set(names.values())


# the marts


def _of_cast(rows: pl.DataFrame, names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {**row, "child": names[row["handle"]]} for row in rows.to_dicts() if row["handle"] in names
    ]


def _with_reasons(looks: pl.DataFrame) -> pl.DataFrame:
    figures = {name: float(value) for name, value in Rules().thresholds.items()}
    return rules.add_reasons(looks, rules.list_figures(figures), NOVEMBER)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7, 11])
def test_the_marts_tell_the_stories_and_no_more(tmp_path: Path, seed: Any) -> None:
    """Duties are the same in every school, and so are the reasons from September on."""
    home = demo_home(tmp_path / "home", seed=seed, years=3)
    store, names = open_store(home), {h: name for name, h in cast_handles(home).items()}
    for day in DAYS:
        looks = _of_cast(_with_reasons(store.read("from needs_a_look", as_at=day)), names)
        assert not any(row["is_closed"] for row in looks)
        columns = ("child", "rule", "figure", "base", "reason")
        found = [tuple(row[name] for name in columns) for row in looks]
        # the terms before September are drawn, another way in another school
        is_told = [look[1] != "tenth_again" or seed == 7 for look in found]
        expected = [look for look in LOOKS[day] if look.rule != "tenth_again" or seed == 7]
        if day != JULY or seed == 7:
            assert sorted(compress(found, is_told)) == sorted(map(tuple, expected)), day
        duties = _of_cast(store.read("from duty", as_at=day), names)
        is_open = [row for row in duties if row["status"] not in {"done", "later", "missed"}]
        assert sorted(
            (row["child"], row["rule"], str(row["due_date"]), row["status"], row["holder"],
             str(row["booked_date"]))
            for row in is_open
        ) == sorted((*duty[:5], str(duty.booked)) for duty in DUTIES[day]), day  # fmt: skip
        late = {(row["child"], row["rule"]) for row in is_open if row["is_late"]}
        assert late == {
            (duty.child, duty.rule)
            for duty in DUTIES[day]
            if duty.booked is not None and duty.booked > duty.due
        }
    store.close()


def test_the_marks_of_the_summer_are_those_that_were_counted() -> None:
    """Where the generator draws other marks, July must be counted again."""
    upns = {member.upn: member.preferred or member.forename for member in CAST}
    marks: dict[str, list[dict[str, str]]] = {}
    with (exports(seed=7, years=3) / "attendance.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["upn"] in upns and "2025-09-01" <= row["date"] <= "2026-07-10":
                marks.setdefault(upns[row["upn"]], []).append(row)
    found = []
    for name, rows in marks.items():
        line = [name]
        for last in ("2026-06-12", "2026-07-10"):
            codes = [row["code"] for row in rows if row["date"] <= last]
            missed = sum(code in _MISSED for code in codes)
            line += [str(missed), str(missed + sum(code in _ATTENDED for code in codes))]
        since: dict[str, list[str]] = {}
        for row in rows:
            if row["date"] >= "2026-06-15" and row["code"] in _MISSED:
                since.setdefault(row["date"], []).append(row["session"])
        line.append(", ".join(f"{day[-5:]} {' '.join(half)}" for day, half in since.items()))
        found.append(line)
    lines = [line for line in SUMMER.splitlines() if "|" in line][1:]
    assert sorted(found) == sorted([cell.strip() for cell in line.split("|")] for line in lines)


# Today


def _rows_on_today(site: Site, names: dict[str, str], key: str) -> list[tuple[str, ...]]:
    """The rows of the cast in a list: child, then the cells."""
    if any(toggle.key == "all-looks" for toggle in site.app.toggle):
        site.app.toggle(key="all-looks").set_value(True).run()
    called = {words.capitalise(handle): name for handle, name in names.items()}
    shown = site.list_rows(key)
    return [(called[row.child], *row.texts) for row in shown if row.child in called]


def _small(text: str) -> str:
    """With a small letter first, but for one of several capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _in_a_line(reasons: list[str]) -> str:
    """As Today has them: those about missed sessions first, with the word once."""
    missed = [each for each in reasons if each.startswith("missed ")]
    first = ", ".join(missed).replace(", missed ", ", ")
    others = [each for each in reasons if each not in missed]
    return "; ".join([first, *others] if missed else others).replace("\u00a0", " ")


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_today_lists_these_children_and_duties_and_no_others(
    folder: Any, names: Any, monkeypatch: pytest.MonkeyPatch, day: Any
) -> None:
    site = Site(folder, monkeypatch, "dsl", day.isoformat()).visit("today")
    expected: dict[str, list[str]] = {}
    for look in sorted(LOOKS[day], key=lambda look: look.rule):
        expected.setdefault(look.child, []).append(look.reason)
    shown = {
        child: _small(why.removeprefix("New "))
        for child, _, why, _ in _rows_on_today(site, names, "looks")
    }
    assert shown == {child: _in_a_line(said) for child, said in expected.items()}
    assert sorted(_rows_on_today(site, names, "dates")) == _near(day)
    handles = {name: words.capitalise(handle) for handle, name in names.items()}
    (said,) = [e.value for e in site.app.markdown if e.value.startswith("**Not recorded yet.**")]
    groups = said.replace("\\", "").removeprefix("**Not recorded yet.** ").rstrip(".").split("; ")
    told = {
        f"{what} ({child})"
        for what, _, whose in (group.rpartition(" (") for group in groups)
        for child in whose.rstrip(")").split(", ")
    }
    of_cast = {part for part in told if any(f"({name})" in part for name in handles.values())}
    by_hand = _worklist(day)
    for name, handle in handles.items():
        by_hand = {part.replace(f"({name})", f"({handle})") for part in by_hand}
    assert of_cast == by_hand


# the child page


@pytest.mark.slow
@pytest.mark.parametrize("day", [OCTOBER, NOVEMBER], ids=str)
def test_figures_in_reasons_are_those_of_the_childs_page(
    folder: Any, names: Any, monkeypatch: pytest.MonkeyPatch, day: Any
) -> None:
    """Each reason stands there too, and its figures can be counted on that page."""
    site = Site(folder, monkeypatch, "teacher", day.isoformat())
    members = _of_cast(read.fetch_members(site.session()), names)
    ids = {row["child"]: row["pupil_id"] for row in members}
    for child in sorted({look.child for look in LOOKS[day]}):
        looks = [look for look in LOOKS[day] if look.child == child]
        site.app.query_params["child"] = site.session().get_address(ids[child])
        site.app.session_state["register-table"] = True
        site.visit("child")
        (said,) = [e.value for e in site.app.markdown if ":small[Next: " in e.value]
        reasons = [
            line.removeprefix("- ").strip().replace("\\", "")
            for line in said.splitlines()
            if line.startswith("- ")
        ]
        assert sorted(map(_small, reasons)) == sorted(look.reason for look in looks)
        for look in looks:
            if look.rule in _COUNTED:
                assert _counted_on_page(site, look.rule, day) == (look.figure, look.base), look


#: The reasons whose figures the page's tiles and tables have.
_COUNTED = (
    *("missed_sessions", "unbroken_illness", "same_weekday", "no_reason_yet"),
    *("became_persistent", "high_absence", "overdue_here"),
)


def _counted_on_page(site: Site, rule: str, day: date) -> tuple[int, int | None]:
    """The figures of a rule as the page's tiles and tables have them."""
    # of the 10 school days and of the four weeks, both by hand
    ten_from, weeks_from = {
        OCTOBER: (date(2026, 10, 5), date(2026, 9, 21)),
        NOVEMBER: (date(2026, 11, 6), date(2026, 10, 19)),
    }[day]
    (table,) = [each.value for each in site.app.table if "Meaning" in each.value.columns]
    rows = [(_read_day(row["Day"]), row["Code"]) for row in table.to_dict("records")]
    missed = [when for when, code in rows if code in _MISSED]
    match rule:
        case "missed_sessions" | "unbroken_illness":
            return sum(when >= ten_from for when in missed), 20
        case "same_weekday":
            days = {when for when in missed if when >= weeks_from}
            return max(Counter(when.weekday() for when in days).values()), 4
        case "no_reason_yet":
            return sum(code == "N" for _, code in rows), None
        case "became_persistent" | "high_absence":
            told = re.search(r"Sessions missed(\d+) of (\d+)", site.text)
            assert told is not None
            return int(told[1]), int(told[2])
        case "overdue_here":
            found = standing.list_duty_dates(
                read.fetch_duties(site.session()).filter(status="overdue"), day
            )
            own = [each for each in found if each.rule != "REGISTER_N"]
            shown = {f"{each.name}{each.text}".replace("\u00a0", " ") for each in own}
            return sum(text in site.text for text in shown), None
    raise LookupError(rule)


def _read_day(text: str) -> date:
    """The date in "Friday 20 November 2026"."""
    months = {f"{date(2000, month, 1):%B}": month for month in range(1, 13)}
    _, number, month, year = text.split()
    return date(int(year), months[month], int(number))


# one and many


@pytest.mark.parametrize("more", [0, 1])
def test_a_reason_reads_well_at_its_smallest_figure_and_the_next(more: Any) -> None:
    """A rule's threshold is the smallest number that its words can hold."""
    for rule in read.load_attention_rules().to_dicts():
        figure = int(rule["threshold"]) + more
        duties = "EHC_AR_MEETING DENTAL_YEARLY" if "duties" in rule["reason"] else None
        row = {"rule": rule["rule"], "figure": figure, "base": figure + 1, "duties": duties}
        row |= {"weekday": 1, "changed_on": NOVEMBER, "days": figure}
        said = _with_reasons(pl.DataFrame([row]))["reason"].item()
        assert not re.search(r"\b1 (?:school )?(?:sessions|weeks|absences|duties|days)\b", said)
        assert not re.search(r"\b(?!1 )\d+ (?:school )?(?:session|week|absence|duty|day)\b", said)
        assert "{" not in said


@pytest.mark.parametrize(("marks", "figure"), [("N\\", 1), ("NN", 2)])
def test_one_absence_and_two_without_a_reason(
    given: Any, answer: Any, marks: Any, figure: Any
) -> None:
    given(
        calendar=YEAR_2026,
        raw_care_episode="pupil | start_date\nP1 | 2024-01-08",
        register=f"pupil | start | marks\nP1 | 2026-11-16 | {marks}",
    )
    found = answer("needs_a_look", as_at="2026-11-24", by="rule")["no_reason_yet"]
    row = {"rule": "no_reason_yet", **found}
    said = {1: "1 session (1 day)", 2: "2 sessions (1 day)"}[figure]
    assert _with_reasons(pl.DataFrame([row]))["reason"].item() == f"{said} with no reason yet"


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [(0, ""), (1, "1 reason has been dealt with."), (2, "2 reasons have been dealt with.")],
)
def test_one_reason_and_two_that_an_action_closed(reasons: Any, expected: Any) -> None:
    assert duties.describe_closed_reasons(reasons) == expected


# the median day


@pytest.mark.slow
def test_on_the_median_day_at_most_two_in_five_children_are_listed(tmp_path: Path) -> None:
    """Every sixth school day of 2026/27, so that each weekday comes as often.

    The marks are those of July, when most reasons for absence are known, and nobody has
    logged an action.  It was a third before those who miss much of school were listed, of whom
    nine in ten are to be (`tests/synthetic/test_looks.py`).
    """
    days = build_register(2026).open_days
    shares = []
    for seed in range(7, 7 + size("looks.schools")):
        home = demo_home(tmp_path / f"{seed}", seed=seed, years=2, until=days[-1])
        with closing(open_store(home)) as store:
            for day in days[::6]:
                children = store.read("select count(*) from cohort_member", as_at=day).item()
                listed = "select count(distinct pupil_id) from needs_a_look where not is_closed"
                shares.append(store.read(listed, as_at=day).item() / children)
    assert len(shares) >= 32
    assert 0 < statistics.median(shares) <= 2 / 5
