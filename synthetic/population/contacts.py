"""Whom the made-up school would call: people who do not exist, on numbers that ring nowhere."""

from collections.abc import Iterable
from datetime import date
from random import Random

import polars as pl
from faker import Faker

from intake.contract import CONTACTS
from synthetic.frames import to_frame
from synthetic.population.child import Child
from synthetic.population.people import generate_postcode
from synthetic.population.personas import LOOKED_AFTER
from synthetic.population.story import open_stream

#: Numbers that Ofcom keeps free for stories: mobiles, and lines of a place that is not there.
_MOBILE, _LINE = "07700 900", "01632 960"

_HAS_SECOND = 0.7


def generate_contacts(seed: int, children: Iterable[Child], until: date) -> pl.DataFrame:
    """One or two people for each child in scope: carers, parents, a social worker.

    Drawn apart from everything else, so that no other file changes with it.
    """
    rng = open_stream(seed, "contacts")
    faker = Faker("en_GB")
    faker.seed_instance(seed)
    rows: list[tuple[object, ...]] = []
    for child in children:
        if not child.episodes:
            continue
        is_looked_after = child.get_status(min(until, child.leaving)) == LOOKED_AFTER
        relations = ["foster carer", "social worker"] if is_looked_after else ["parent", "parent"]
        number = 2 if rng.random() < _HAS_SECOND else 1
        for priority, relation in enumerate(relations[:number], start=1):
            is_at_home = relation != "social worker"
            rows.append(
                (
                    child.upn,
                    priority,
                    f"{faker.first_name()} {faker.last_name()}",
                    relation,
                    f"{_MOBILE if is_at_home else _LINE}{rng.randrange(1000):03d}",
                    f"contact{len(rows) + 1}@example.org",
                    _address(faker, rng) if is_at_home else None,
                    "yes" if is_at_home else "no",
                )
            )
    return to_frame(CONTACTS, rows)


def _address(faker: Faker, rng: Random) -> str:
    street = faker.street_address().replace("\n", ", ")
    return f"{street}, {generate_postcode(rng)}"
