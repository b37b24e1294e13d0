"""What goes with the roll: children's other numbers, and whom the school would call.

The numbers are the authority's own, and now and then a former UPN.  The people do not exist, and
their phones ring nowhere.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from queries.contract import PERMANENCE
from synthetic.population.child import Child
from synthetic.population.people import generate_address, generate_postcode, get_faker
from synthetic.population.personas import LOOKED_AFTER
from synthetic.population.story import open_stream
from synthetic.subjects.records import Records, filter_known

Row = tuple[object, ...]

#: Numbers that Ofcom keeps free for stories: mobiles, and lines of a place that is not there.
_MOBILE, _LINE = "07700 900", "01632 960"
_SOCIAL_WORKER, _PARENT = "social worker", "parent"
#: Who a child lives with in care, by the home, and after another order than that of adoption.
_CARERS = {
    "foster": "foster carer",
    "kinship": "grandparent",
    "with parents": _PARENT,
    "adoptive": "adoptive parent",
}
_RESIDENTIAL = "residential worker"
_FINAL_ORDERS = ("adoption order", "special guardianship order", "child arrangements order")
#: Shares of children with a second contact; of parents of the child's name, and of second ones who
#: live with the first.  Adopters and guardians live together.
_HAS_SECOND, _OF_ONE_NAME, _TOGETHER = 0.7, 0.7, 0.6


def generate_other_numbers(seed: int, first: int, children: Iterable[Child]) -> Iterator[Row]:
    """Generate a row for each authority that looks or looked after a child, and each former UPN.

    first: the place in the school of the first of the children.
    """
    for place, child in enumerate(children, start=first):
        if child.former_upn and child.episodes:
            yield child.upn, child.former_upn, None, None
        named = dict.fromkeys(each.authority for each in child.episodes if each.authority)
        # No two places of a school have the same number.
        yield from (
            (child.upn, None, name, f"{100_000 + (7919 * place + seed + n) % 900_000}")
            for n, name in enumerate(named)
        )


def generate_contacts(
    seed: int, first: int, children: Sequence[Child], records: Mapping[str, Records], until: date
) -> list[Row]:
    """Generate one or two people for each child in scope: carers, parents, a social worker.

    first: the place in the school of the first of the children.
    """
    rng = open_stream(seed, "contacts", first)
    faker = get_faker(f"{seed}/{first}")
    rows: list[Row] = []
    for place, child in enumerate(children, start=first):
        if not child.episodes:
            continue
        relations = _list_relations(child, records.get(child.upn, {}), until)
        number = 2 if rng.random() < _HAS_SECOND or _SOCIAL_WORKER in relations else 1
        surname = ""
        for priority, relation in enumerate(relations[:number], start=1):
            lives_with = relation != _SOCIAL_WORKER
            is_parent, is_couple = relation == _PARENT, bool(surname) and relation != _PARENT
            surname = surname if is_couple else faker.last_name()
            if relation == "adoptive parent" or (is_parent and rng.random() < _OF_ONE_NAME):
                surname = child.person.surname
            address = f"{generate_address(rng)}, {generate_postcode(rng)}"
            if priority == 1 or not is_parent or rng.random() < _TOGETHER:
                address = f"{child.person.address}, {child.person.postcode}"
            rows.append(
                (
                    child.upn,
                    priority,
                    f"{faker.first_name()} {surname}",
                    relation,
                    f"{_MOBILE if lives_with else _LINE}{rng.randrange(1000):03d}",
                    f"contact{place}.{priority}@example.org",
                    address if lives_with else None,
                    "yes" if lives_with else "no",
                )
            )
    return rows


def _list_relations(child: Child, records: Records, until: date) -> tuple[str, str]:
    """List who is called first and second, by the child's care and its orders."""
    now = child.get_episode(min(until, child.leaving))
    if now and now.status == LOOKED_AFTER:
        return _CARERS.get(now.home or "", _RESIDENTIAL), _SOCIAL_WORKER
    steps = filter_known(records.get(PERMANENCE.name, ()), until, child.leaving)
    orders = [step.event for step in steps if step.event in _FINAL_ORDERS]
    if orders and orders[-1] == "adoption order":
        return "adoptive parent", "adoptive parent"
    homes = [episode.home for episode in child.episodes if episode.status == LOOKED_AFTER]
    if orders:
        relation = "grandparent" if homes[-1:] == ["kinship"] else "guardian"
        return relation, relation
    return _PARENT, _PARENT
