"""Whom the made-up school would call: people who do not exist, on numbers that ring nowhere."""

import random
from collections.abc import Iterable
from datetime import date

import polars as pl
from faker import Faker

from intake.contract import CONTACTS
from synthetic.population.child import Child
from synthetic.population.people import generate_postcode
from synthetic.population.personas import LOOKED_AFTER

#: Numbers that Ofcom keeps free for stories: mobiles, and lines of a place that is not there.
_MOBILE, _LINE = "07700 900", "01632 960"

_HAS_SECOND = 0.7


def generate_contacts(seed: int, children: Iterable[Child], until: date) -> pl.DataFrame:
    """One or two people for each child in scope: carers, parents, a social worker.

    Drawn apart from everything else, so that no other file changes with it.
    """
    rng = random.Random(f"{seed}/contacts")
    faker = Faker("en_GB")
    faker.seed_instance(seed)
    rows: list[dict[str, object]] = []
    for child in children:
        if not child.episodes:
            continue
        is_looked_after = child.get_status(min(until, child.leaving)) == LOOKED_AFTER
        relations = ["foster carer", "social worker"] if is_looked_after else ["parent", "parent"]
        number = 2 if rng.random() < _HAS_SECOND else 1
        for priority, relation in enumerate(relations[:number], start=1):
            is_at_home = relation != "social worker"
            rows.append(
                {
                    "upn": child.upn,
                    "priority": priority,
                    "contact_name": f"{faker.first_name()} {faker.last_name()}",
                    "relation": relation,
                    "phone": f"{_MOBILE if is_at_home else _LINE}{rng.randrange(1000):03d}",
                    "email": f"contact{len(rows) + 1}@example.org",
                    "address": _address(faker, rng) if is_at_home else None,
                    "may_collect": "yes" if is_at_home else "no",
                }
            )
    schema = {name: pl.Int64 if name == "priority" else pl.String for name in CONTACTS.header}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _address(faker: Faker, rng: random.Random) -> str:
    street = faker.street_address().replace("\n", ", ")
    return f"{street}, {generate_postcode(rng)}"
