"""Made-up schools for the property tests, each drawn from its number.

They hold what an export can hold and more: marks outside stays, statuses that overlap,
days that the calendar forgot, codes on the wrong side of 19 August 2024, events before
care began, plans with steps that nobody recorded.
"""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.support.oracle import reference
from tests.support.oracle.events import add_events, draw_day
from tests.support.oracle.plain import draw_plain_rows
from tests.support.oracle.reference import DAY
from tests.support.oracle.rules import drawn_rules
from tests.support.oracle.world import Episode, Mark, Pupil, SchoolWeek, Stay, World
from tests.support.text_tables import Row, list_facts

#: First days around the change of codes, the turn of the year, a leap day, Easter and
#: Christmas.
_FIRST_DAYS = (
    date(2024, 7, 8),
    date(2024, 8, 5),
    date(2024, 8, 12),
    date(2024, 9, 30),
    date(2025, 6, 16),
    date(2024, 2, 12),
    date(2025, 3, 3),
    date(2023, 11, 27),
)
_STATUSES = ("looked after", "previously looked after", "in need", "on a protection plan")


def drawn_world(number: int) -> World:
    """A made-up school, or two, with everything that an export can hold and more."""
    draw = random.Random(number)
    first = draw.choice(_FIRST_DAYS) + draw.randrange(7) * DAY
    span = [first + day * DAY for day in range(draw.choice((4, 12, 30, 60, 75)))]
    schools = [1, 2] if draw.random() < 0.25 else [1]
    world = World(data_until=draw.choice(span[len(span) // 2 :]), rules=drawn_rules(number))
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
            _add_child(draw, world, school, span)
    draw.shuffle(world.marks)
    for pupil in world.pupils:
        add_events(draw, world, pupil.key, span)
    draw_plain_rows(number, world, lambda source: draw_day(source, span))
    return world


def drawn_day(number: int, world: World) -> date:
    """A day to ask for: before the first, after the last, mostly between."""
    draw = random.Random(number + 1_000_000)
    days = sorted(day for _, day in world.calendar) or [world.data_until]
    ends = (days[0] - 9 * DAY, days[-1] + 9 * DAY, world.data_until)
    return draw.choice((*ends, *draw.choices(days, k=7)))


def drawn_register_day(number: int, day: date) -> date:
    """Up to when the register goes: half of them reach the day, the others are behind it."""
    draw = random.Random(number + 2_000_000)
    return day - draw.choice((0, 1, 3, 10)) * DAY if draw.random() < 0.5 else day


def _drawn_calendar(
    draw: random.Random, school: int, span: list[date]
) -> Iterator[tuple[tuple[int, date], str]]:
    holiday = draw.choice(span)
    for day in span:
        if draw.random() < 0.02:
            continue  # a day that the calendar forgot
        if day.weekday() > 4 or holiday <= day < holiday + 7 * DAY or _turns_the_year(day):
            yield (school, day), "holiday"
        else:
            kind = draw.choices(("school day", "INSET", "closed"), (92, 4, 4))[0]
            yield (school, day), kind


def _turns_the_year(day: date) -> bool:
    """A week with a 1 August has no school in England: its year would be in doubt."""
    week = {reference.academic_year(reference.monday(day) + n * DAY) for n in (0, 6)}
    return len(week) == 2


def _add_child(draw: random.Random, world: World, school: int, span: list[date]) -> None:
    key = len(world.pupils) + 1
    child = Pupil(school, key, f"ID{key}", f"copper lantern {key}")
    world.pupils.append(child)
    if draw.random() < 0.5:
        told = draw.choice((span[0] - 300 * DAY, span[-1]))
        world.stays.append(Stay(key, span[0] - 400 * DAY, None, draw.randrange(3, 7), told))
        world.episodes.extend(_settled_episodes(draw, key, span))
    else:
        world.stays.extend(_drawn_stays(draw, key, span))
        world.episodes.extend(_drawn_episodes(draw, key, span))
    missing, absent = draw.choice((0, 0.05, 0.3)), draw.choice((0, 0.1, 0.5, 1))
    absent_from = draw.choice((span[0], span[0], span[len(span) // 2]))
    for day in span:
        if _turns_the_year(day) or (day.weekday() > 4 and draw.random() < 0.9):
            continue
        if world.calendar.get((school, day)) != "school day" and draw.random() < 0.7:
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
