"""Names, addresses and UPNs of people who do not exist.

Only this module uses Faker.  Callers pass the seeded instance.
"""

import random
import tomllib
from dataclasses import dataclass
from pathlib import Path

from faker import Faker

#: English authorities begin at 201, so 001 belongs to no authority.
AUTHORITY = "001"

#: The letters of a UPN in the order of their values 0 to 22: no I, O or S.
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"

#: The made-up first schools that gave the children their UPNs: the fewest schools, the children
#: of a year for each school, and the number before that of the first school.
_FIRST_SCHOOLS, _OF_A_SCHOOL, _BEFORE_FIRST = 9, 500, 9000

#: First names by sex: Faker has those of the children's grandparents.
_FORENAMES: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("forenames.toml").read_text(encoding="utf-8")
)
#: The share of children who go by another first name.
_HAS_OTHER_NAME = 0.04

#: Names and endings of streets that are common in England.
_NAMES = (
    *("Church", "Mill", "Station", "Victoria", "Albert", "Park", "School", "Chapel", "Orchard"),
    *("Meadow", "Manor", "Priory", "Kings", "Queens", "York", "Windsor", "Green", "Bridge"),
    *("Alma", "Beech", "Cedar", "Chestnut", "Hawthorn", "Holly", "Lime", "Oak", "Moor", "Hill"),
)
_STREETS = ("Street", "Road", "Lane", "Close", "Avenue", "Drive", "Way", "Grove", "Crescent")
_HIGHEST_NUMBER = 180


@dataclass(frozen=True)
class Person:
    """The name and address of a child.  `preferred` is None if it is the first name."""

    surname: str
    forename: str
    preferred: str | None
    sex: str
    address: str
    postcode: str


def compute_check_letter(digits: str) -> str:
    """Return the letter that goes before the other 12 characters of a UPN.

    The last of these may be a letter, which counts as its place in the table, from 0.
    """
    values = (_LETTERS.index(c) if c.isalpha() else int(c) for c in digits)
    return _LETTERS[sum(n * value for n, value in enumerate(values, start=2)) % 23]


def build_upn(digits: str) -> str:
    """Return the whole UPN of 13 characters for its last 12."""
    return compute_check_letter(digits) + digits


def generate_upn(
    rng: random.Random, year: int, taken: set[str], *, children: int = 0, temporary: bool = False
) -> str:
    """Return a UPN that is not in `taken`, and add it there.

    `year` is the calendar year in which a first school gave it, to about `children` children.
    """
    schools = max(_FIRST_SCHOOLS, children // _OF_A_SCHOOL)
    while True:
        school = _BEFORE_FIRST + 1 + rng.randrange(schools)
        first = f"{AUTHORITY}{school}{year % 100:02d}"
        serial = f"{rng.randrange(100):02d}A" if temporary else f"{rng.randrange(1000):03d}"
        upn = build_upn(first + serial)
        if upn not in taken:
            taken.add(upn)
            return upn


def get_faker(seed: int | str) -> Faker:
    """Return a seeded source of British names."""
    faker = Faker("en_GB", providers=["faker.providers.person"])
    faker.seed_instance(seed)
    return faker


def generate_person(faker: Faker, rng: random.Random, avoid: frozenset[str]) -> Person:
    """Return a made-up person whose surname is not in `avoid`, so that the cast stays unique."""
    sex = rng.choice("FM")
    surname = faker.last_name()
    while surname in avoid:
        surname = faker.last_name()
    forename = faker.random.choice(_FORENAMES[sex])
    return Person(
        surname=surname,
        forename=forename,
        preferred=faker.random.choice(_FORENAMES[sex]) if rng.random() < _HAS_OTHER_NAME else None,
        sex=sex,
        address=generate_address(faker.random),
        postcode=generate_postcode(rng),
    )


def generate_address(rng: random.Random) -> str:
    """Return a house in a street with an English name."""
    return f"{rng.randint(1, _HIGHEST_NUMBER)} {rng.choice(_NAMES)} {rng.choice(_STREETS)}"


def generate_postcode(rng: random.Random) -> str:
    """Return a postcode of the area ZZ99, in which there are no houses."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return f"ZZ99 {rng.randrange(10)}{rng.choice(letters)}{rng.choice(letters)}"
