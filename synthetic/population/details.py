"""What goes with the roll: children's other numbers, and whom the school would call.

The numbers are the authority's own, and now and then a former UPN.  The people do not exist, and
their phones ring nowhere.  Both are drawn apart from everything else, so that no other file
changes with them.
"""

from collections.abc import Iterable
from datetime import date

from synthetic.population.child import Child
from synthetic.population.people import generate_address, generate_postcode, generate_upn, get_faker
from synthetic.population.personas import LOOKED_AFTER, PREVIOUSLY_LOOKED_AFTER
from synthetic.population.story import open_stream

Rows = list[tuple[object, ...]]

#: Numbers that Ofcom keeps free for stories: mobiles, and lines of a place that is not there.
_MOBILE, _LINE = "07700 900", "01632 960"

_HAD_ANOTHER_UPN, _HAS_SECOND = 0.1, 0.7
#: Who a child lives with after care and in care, by the home.
_GUARDIAN = {"kinship": "grandparent", "with parents": "parent", "adoptive": "adoptive parent"}
_CARER = {**_GUARDIAN, "children's home": "residential worker", "other": "residential worker"}
#: Of parents, shares of those of the child's name, and of second ones who live with the first.
_OF_ONE_NAME, _TOGETHER = 0.7, 0.6


def generate_other_numbers(seed: int, children: Iterable[Child]) -> Rows:
    """A row for each authority that looks or looked after a child, and each former UPN."""
    rng = open_stream(seed, "numbers")
    everybody = list(children)
    taken = {child.upn for child in everybody}
    of_a_year = len(taken) // len({child.cohort for child in everybody})
    rows: Rows = []
    for child in everybody:
        if not child.episodes:
            continue
        named = dict.fromkeys(each.authority for each in child.episodes if each.authority)
        rows += [(child.upn, None, name, f"{rng.randrange(10**6):06d}") for name in named]
        if rng.random() < _HAD_ANOTHER_UPN:
            former = generate_upn(rng, child.cohort - 3, taken, children=of_a_year, temporary=True)
            rows.append((child.upn, former, None, None))
    return rows


def generate_contacts(seed: int, children: Iterable[Child], until: date) -> Rows:
    """One or two people for each child in scope: carers, parents, a social worker."""
    rng = open_stream(seed, "contacts")
    faker = get_faker(seed)
    rows: Rows = []
    for child in children:
        if not child.episodes:
            continue
        now = child.get_episode(min(until, child.leaving))
        relations = ["parent", "parent"]
        if now and now.status == PREVIOUSLY_LOOKED_AFTER:
            homes = [each.home for each in child.episodes if each.status == LOOKED_AFTER]
            relations = [_GUARDIAN.get(homes[-1] or "" if homes else "", "guardian")] * 2
        if now and now.status == LOOKED_AFTER:
            relations = [_CARER.get(now.home or "", "foster carer"), "social worker"]
        number = 2 if rng.random() < _HAS_SECOND or "social worker" in relations else 1
        for priority, relation in enumerate(relations[:number], start=1):
            is_at_home = relation != "social worker"
            first, last = faker.first_name(), faker.last_name()
            address = f"{generate_address(faker)}, {generate_postcode(rng)}"
            if relation == "parent" and rng.random() < _OF_ONE_NAME:
                last = child.person.surname
            if priority == 1 or rng.random() < _TOGETHER:
                address = f"{child.person.address}, {child.person.postcode}"
            rows.append(
                (
                    child.upn,
                    priority,
                    f"{first} {last}",
                    relation,
                    f"{_MOBILE if is_at_home else _LINE}{rng.randrange(1000):03d}",
                    f"contact{len(rows) + 1}@example.org",
                    address if is_at_home else None,
                    "yes" if is_at_home else "no",
                )
            )
    return rows
