"""A former pupil who has left care: whom a school hears of only where it keeps care leavers."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
from faker import Faker

from intake.contract import CARE_EPISODES, CARE_LEAVERS, ROLL, Export
from synthetic.calendar import compute_academic_year
from synthetic.frames import to_frame
from synthetic.population.care import HOME_AUTHORITY
from synthetic.population.people import generate_person, generate_upn
from synthetic.population.story import open_stream
from synthetic.school.school import School

#: Age at which the made-up pupil left care, and years since the end of Year 6 by then.
_LEFT_AT, _AGO = 18, 7
_BORN_ON, _GROUP = (10, 6), "6"
#: What is told at 18 and some weeks on; codes of the national return.
_TOLD = (("YES", "F2", "Z1"), ("YES", "F4", "Z1"))


def add_former_pupil(school: School) -> School:
    """The school with one more pupil, of years ago, and what was told since.

    The pupil turned 18 in the October before the school's last day, or the one before that.
    """
    year = compute_academic_year(school.until - timedelta(days=60))
    rng = open_stream(school.seed, "former pupil")
    faker = Faker("en_GB")
    faker.seed_instance(school.seed)
    born = date(year - _LEFT_AT, *_BORN_ON)
    upn = generate_upn(rng, year - _LEFT_AT + 5, {child.upn for child in school.children})
    person = generate_person(faker, rng, frozenset())
    came, left = date(year - _LEFT_AT + 4, 3, 2), date(year, *_BORN_ON)
    stay = date(year - _AGO - 4, 9, 3), date(year - _AGO, 7, 21)
    roll = (upn, person.surname, person.forename, person.preferred, born, person.sex, _GROUP)
    rows: dict[Export, list[tuple[object, ...]]] = {
        ROLL: [(*roll, f"{_GROUP}A", *stay, person.address, person.postcode, "N")],
        CARE_EPISODES: [
            (upn, "looked after", came.isoformat(), None, left, HOME_AUTHORITY, "C2", "foster")
        ],
        CARE_LEAVERS: [
            (upn, left + timedelta(days=21 * place), *told) for place, told in enumerate(_TOLD)
        ],
    }
    frames = dict(school.frames)
    for export, added in rows.items():
        frames[export.name] = pl.concat([frames[export.name], to_frame(export, added)])
    return replace(school, frames=frames)
