"""All children who were ever on roll in the years of the register, by the seats that they had.

A year group has a fixed number of seats.  A child has a seat from the first day in the school's
youngest year group to the last day in the oldest.  If a child moves away, another child takes the
seat some days later.  So the number on roll hardly changes, and there are leavers and joiners each
year.
"""

import random
from datetime import date, timedelta
from string import ascii_uppercase

from synthetic.calendar import build_register
from synthetic.population.child import Child
from synthetic.population.people import generate_person, generate_upn, get_faker
from synthetic.population.story import generate_story, open_stream

#: The year groups of a junior school.
JUNIOR = range(3, 7)
_LARGEST_CLASS = 35
_LEAVES_IN_A_YEAR = 0.045
_CAME_LATE_BEFORE = 0.08
_HAD_ANOTHER_UPN = 0.1


def make_roll(
    seed: int, first: int, last: int, on_roll: int, cast: list[Child], groups: range = JUNIOR
) -> list[Child]:
    """Return the children of the academic years `first` to `last`, the cast before all others.

    `on_roll` is the number of seats.  Children who are not of the cast are drawn.
    """
    rng = open_stream(seed)
    faker = get_faker(seed)
    taken = {child.upn for child in cast}
    avoid = frozenset(child.person.surname for child in cast)
    children = list(cast)
    number, before = len(groups), JUNIOR.start - groups.start
    for begins in range(first - number + 1, last + 1):
        cohort = begins + before
        seats = on_roll // number + (begins % number < on_roll % number)
        classes = -(-seats // _LARGEST_CLASS)
        ours = sum(child.cohort == cohort for child in cast)
        for seat in range(ours, seats):
            for entry, leaving in _generate_stays(rng, begins, begins + number - 1, first, last):
                upn = generate_upn(rng, cohort - 3, taken, children=seats)
                has_former = rng.random() < _HAD_ANOTHER_UPN
                person = generate_person(faker, rng, avoid)
                child = Child(
                    upn=upn,
                    person=person,
                    born=date(cohort - 8, 9, 1) + timedelta(days=rng.randrange(365)),
                    cohort=cohort,
                    letter=_name_class(seat % classes),
                    entry=entry,
                    leaving=leaving,
                    story=generate_story(open_stream(seed, upn, "story"), person.sex),
                    former_upn=generate_upn(rng, cohort - 3, taken, children=seats, temporary=True)
                    if has_former
                    else None,
                )
                children.append(child)
    return children


def _name_class(number: int) -> str:
    """Return A to Z, then AA, BB and so on."""
    return ascii_uppercase[number % 26] * (1 + number // 26)


def is_mid_year(day: date, year: int) -> bool:
    """Return whether a day is after the first and before the last day of the academic year."""
    days = build_register(year).days
    return days[0] < day < days[-1]


def _generate_stays(
    rng: random.Random, begins: int, ends: int, first: int, last: int
) -> list[tuple[date, date]]:
    """Return the first and last days of the children on one seat in the years `begins` to `ends`.

    Children who left before the year `first` are left out.
    """
    entry = build_register(begins).open_days[0]
    if begins < first and rng.random() < _CAME_LATE_BEFORE:
        entry = rng.choice(build_register(rng.randrange(begins, first)).open_days)
    end = build_register(ends).days[-1]
    stays = []
    for year in range(max(begins, first), min(ends, last) + 1):
        if rng.random() >= _LEAVES_IN_A_YEAR:
            continue
        days = build_register(year).open_days
        goes = rng.randrange(15, len(days) - 25)
        stays.append((entry, days[goes]))
        entry = days[goes + rng.randrange(3, 20)]
    return [*stays, (entry, end)]
