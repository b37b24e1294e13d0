"""Made-up schools for the property tests, each drawn from its number.

They hold what an export can hold and more: marks outside stays, statuses that overlap,
days that the calendar forgot, codes on the wrong side of 19 August 2024, events before
care began, plans with steps that nobody recorded.
"""

import random
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tests.support.oracle import reference
from tests.support.oracle.events import add_events, draw_day
from tests.support.oracle.plain import draw_plain_rows
from tests.support.oracle.reference import DAY
from tests.support.oracle.reference_duties import working_day_after
from tests.support.oracle.rules import drawn_rules
from tests.support.oracle.world import Episode, Mark, Pupil, SchoolWeek, Stay, World
from tests.support.text_tables import Row, list_facts

#: In which days schools are asked, a season by its number: the first weeks of a school year,
#: mid-term, holidays, July, the new year, and the change of codes in August 2024.
SEASONS: Mapping[str, tuple[tuple[date, date], ...]] = {
    "first weeks": ((date(2024, 9, 2), date(2024, 10, 18)), (date(2025, 9, 1), date(2025, 10, 17))),
    "mid-term": (
        (date(2023, 11, 13), date(2023, 12, 15)),
        (date(2024, 2, 19), date(2024, 3, 22)),
        (date(2025, 6, 2), date(2025, 6, 27)),
    ),
    "holiday": (
        (date(2023, 12, 21), date(2024, 1, 1)),
        (date(2025, 4, 5), date(2025, 4, 20)),
        (date(2025, 7, 24), date(2025, 8, 31)),
    ),
    "July": ((date(2024, 7, 1), date(2024, 7, 23)), (date(2025, 7, 1), date(2025, 7, 23))),
    "new year": ((date(2024, 1, 1), date(2024, 1, 26)), (date(2025, 1, 1), date(2025, 1, 24))),
    "new codes": ((date(2024, 8, 12), date(2024, 9, 6)),),
}
#: Holidays of the schools that keep the usual ones, as (month, day).
_HOLIDAYS = (
    ((12, 21), (12, 31)),
    ((1, 1), (1, 2)),
    ((2, 14), (2, 20)),
    ((4, 2), (4, 15)),
    ((5, 25), (5, 31)),
    ((7, 24), (8, 31)),
    ((10, 25), (10, 31)),
)
_LENGTHS = (4, 12, 30, 60, 75, 130, 220)
#: What happens to a child lies so near the day that is asked, in days.
_NEAR = 50 * DAY
_STATUSES = ("looked after", "previously looked after", "in need", "on a protection plan")


def drawn_world(number: int) -> World:
    """A made-up school, or two, with everything that an export can hold and more."""
    draw = random.Random(number)
    asked = draw_season_day(number)
    length = draw.choice(_LENGTHS)
    first = asked - draw.choice((draw.randrange(length), length - 1)) * DAY
    span = [first + day * DAY for day in range(length)]
    near = [day for day in span if abs(day - asked) <= _NEAR]
    schools = [1, 2] if draw.random() < 0.25 else [1]
    world = World(data_until=draw.choice(near[len(near) // 2 :]), rules=drawn_rules(number))
    for school in schools:
        world.calendar.update(_drawn_calendar(draw, school, span))
        for monday in sorted({reference.monday(day) for day in span}):
            if draw.random() < 0.7:
                possible = draw.choice((0, 20, 2700))
                missed = draw.randrange(possible + 1)
                with_leave = draw.randrange(missed + 1)
                week = SchoolWeek(school, monday, possible, with_leave, missed - with_leave)
                world.weeks.append(week)
        for _ in range(draw.randrange(1, 5)):
            _add_child(draw, world, school, span, near)
    draw.shuffle(world.marks)
    for pupil in world.pupils:
        add_events(draw, world, pupil.key, near)
    draw_plain_rows(number, world, lambda source: draw_day(source, near))
    return world


def draw_season_day(number: int) -> date:
    """Return a day in the season of a school; with the numbers the seasons come in turn."""
    draw = random.Random(f"season of {number}")
    first, last = draw.choice([*SEASONS.values()][number % len(SEASONS)])
    return first + draw.randrange((last - first).days + 1) * DAY


def drawn_day(number: int, world: World) -> date:
    """A day to ask for: before the first, after the last, mostly in the season of the school."""
    draw = random.Random(number + 1_000_000)
    days = sorted(day for _, day in world.calendar) or [world.data_until]
    ends = (days[0] - 9 * DAY, days[-1] + 9 * DAY, world.data_until)
    return draw.choice((*ends, *[draw_season_day(number)] * 7))


def drawn_register_day(number: int, day: date) -> date:
    """Up to when the register goes: half of them reach the day, the others are behind it."""
    draw = random.Random(number + 2_000_000)
    return day - draw.choice((0, 1, 3, 10)) * DAY if draw.random() < 0.5 else day


def _drawn_calendar(
    draw: random.Random, school: int, span: list[date]
) -> Iterator[tuple[tuple[int, date], str]]:
    holiday, is_usual = draw.choice(span), draw.random() < 0.6
    for day in span:
        if draw.random() < 0.02:
            continue  # a day that the calendar forgot
        is_away = holiday <= day < holiday + 7 * DAY or (is_usual and _is_usual_holiday(day))
        if day.weekday() > 4 or is_away or _turns_the_year(day):
            yield (school, day), "holiday"
        else:
            kind = draw.choices(("school day", "INSET", "closed"), (92, 4, 4))[0]
            yield (school, day), kind


def _is_usual_holiday(day: date) -> bool:
    return any(first <= (day.month, day.day) <= last for first, last in _HOLIDAYS)


def _turns_the_year(day: date) -> bool:
    """A week with a 1 August has no school in England: its year would be in doubt."""
    week = {reference.academic_year(reference.monday(day) + n * DAY) for n in (0, 6)}
    return len(week) == 2


def _add_child(
    draw: random.Random, world: World, school: int, span: list[date], near: list[date]
) -> None:
    key = len(world.pupils) + 1
    child = Pupil(school, key, f"ID{key}", f"copper lantern {key}")
    world.pupils.append(child)
    if draw.random() < 0.5:
        told = draw.choice((span[0] - 300 * DAY, span[-1]))
        episodes = list(_settled_episodes(draw, key, near))
        world.episodes.extend(episodes)
        # some join on the last day of the first PEP
        due = working_day_after(episodes[0].counts_from, 20)
        entry = due if draw.random() < 0.2 else span[0] - 400 * DAY
        world.stays.append(Stay(key, entry, None, draw.randrange(3, 7), told))
    else:
        world.stays.extend(_drawn_stays(draw, key, near))
        world.episodes.extend(_drawn_episodes(draw, key, near))
    missing, absent = draw.choice((0, 0.05, 0.3)), draw.choice((0, 0.1, 0.5, 1))
    absent_from = draw.choice((span[0], span[0], near[len(near) // 2]))
    for day in span:
        if _turns_the_year(day) or (day.weekday() > 4 and draw.random() < 0.9):
            continue
        if world.calendar.get((school, day)) != "school day" and draw.random() < 0.85:
            continue
        for half, usual in (("AM", "/"), ("PM", "\\")):
            if draw.random() >= missing:
                is_rare = day >= absent_from and draw.random() < absent
                rare = "N" if draw.random() < 0.3 else draw.choice(reference.ALL_CODES)
                world.marks.append(Mark(key, day, half, rare if is_rare else usual))


def _drawn_stays(draw: random.Random, key: int, span: list[date]) -> Iterator[Stay]:
    entry = draw.choice((span[0] - 400 * DAY, draw.choice(span)))
    year_group = draw.randrange(3, 7)
    for _ in range(draw.choice((1, 1, 2, 3))):
        leaving = None if draw.random() < 0.6 else entry + draw.randrange(25) * DAY
        told = draw.choice((entry, span[-1], span[0] - 300 * DAY))
        yield Stay(key, entry, leaving, year_group, told)
        if leaving is None:
            if draw.random() < 0.2:
                yield Stay(key, entry + 2 * DAY, None, year_group, told)
            return
        # an entry date that was put right stands beside the old one, so stays overlap
        entry = max(entry + DAY, leaving + draw.choice((-3, 1, 1, 2, 8)) * DAY)


def _settled_episodes(draw: random.Random, key: int, span: list[date]) -> Iterator[Episode]:
    """Care without a break that still holds, with a few changes of home or order."""
    day = span[0] - draw.choice((-3, 20, 28, 200, 500, 1200)) * DAY
    later = sorted(other for other in draw.choices(span, k=draw.choice((0, 1, 2))) if other > day)
    is_known = draw.random() < 0.8
    for end in (*dict.fromkeys(later), None):
        yield Episode(
            key,
            "looked after",
            day if is_known else None,
            None if is_known else day,
            end,
            draw.choice((None, "C1", "C2", "C2")),
            draw.choice((None, "foster", "kinship")),
        )
        day, is_known = end or day, True


def _drawn_episodes(draw: random.Random, key: int, span: list[date]) -> Iterator[Episode]:
    seen = set()
    ends = [span[0] - 2 * DAY, *draw.choices(span, k=3)]
    for _ in range(draw.randrange(6)):
        status = draw.choice(_STATUSES)
        long_ago = date(2024, 2, 29) - 365 * draw.randrange(2) * DAY
        first = draw.choice((long_ago, *ends, draw.choice(span) - 366 * DAY))
        end = draw.choice((None, *(day for day in ends if day > first)))
        if (status, first) in seen:
            continue
        seen.add((status, first))
        if end:
            ends += [end, end + DAY]  # the next may meet it, or miss it by a day
        is_known = draw.random() < 0.7
        is_care = status == "looked after"
        yield Episode(
            key,
            status,
            first if is_known else None,
            None if is_known else first,
            end,
            draw.choice((None, "C1", "C2", "V2", "V3", "V4")) if is_care else None,
            draw.choice((None, "foster", "kinship")) if is_care else None,
        )


#: By raw_ table, which facts of a world fill it, and its own names for fields of theirs.
_TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "raw_enrolment": ("stays", {"first_day": "entry_date", "last_day": "leaving_date"}),
    "raw_care_episode": ("episodes", {"start": "start_date", "end": "end_date"}),
    "raw_mark": ("marks", {"day": "session_date"}),
    "raw_sdq": ("sdqs", {"day": "sdq_date"}),
    "raw_health": ("checks", {"day": "health_date", "band": "age_band"}),
    "raw_ehcp": ("steps", {"day": "ehcp_date"}),
    "raw_pep": ("meetings", {"day": "pep_date"}),
    "raw_suspension": ("suspensions", {"day": "suspension_date"}),
    "raw_action": (
        "actions",
        {"number": "action_id", "day": "action_date", "follow_up": "follow_up_date"},
    ),
}


def list_rows(world: World) -> dict[str, list[Row]]:
    """The rows of the raw_ tables of a world."""
    school = {pupil.key: pupil.school for pupil in world.pupils}

    def about(pupil: int, **row: Any) -> Row:
        return {"school_key": school[pupil], "pupil_key": pupil, **row}

    def name_fields(fact: object, names: dict[str, str]) -> Row:
        return {names.get(name, name): value for name, value in vars(fact).items()}

    facts: dict[str, list[Row]] = {
        table: [about(**name_fields(fact, names)) for fact in getattr(world, facts)]
        for table, (facts, names) in _TABLES.items()
    }
    plain = {
        table: [about(row["pupil_key"], **row) for row in rows]
        for table, rows in world.plain.items()
    }
    return list_facts(
        {
            "raw_load": [
                {"school_key": key, "load_id": key, "data_until": world.data_until}
                for key in sorted({key for key, _ in world.calendar})
            ],
            "raw_calendar_day": [
                {"school_key": key, "calendar_date": day, "kind": kind}
                for (key, day), kind in world.calendar.items()
            ],
            "raw_pupil": [
                about(pupil.key, pupil_id=pupil.pupil_id, handle=pupil.handle)
                for pupil in world.pupils
            ],
            "raw_school_week": [
                {
                    "school_key": week.school,
                    "week_start": week.monday,
                    "possible_sessions": week.possible,
                    "authorised_absent_sessions": week.authorised,
                    "unauthorised_absent_sessions": week.unauthorised,
                }
                for week in world.weeks
            ],
            **facts,
            **plain,
        }
    )
