"""Other numbers of the children on the roll, and the people whom the school would call.

The numbers are those of authorities, and sometimes a former UPN.  The people do not exist, and
their phone numbers are not in use.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from queries.contract import PERMANENCE
from synthetic.population.child import Child
from synthetic.population.groups import LOOKED_AFTER
from synthetic.population.people import get_faker
from synthetic.population.story import open_stream
from synthetic.subjects.records import Records, filter_known

Row = tuple[object, ...]

#: Numbers that Ofcom reserves for drama: mobiles, and lines of an area that does not exist.
_MOBILE, _LINE = "07700 900", "01632 960"
_SOCIAL_WORKER, _PARENT, _ADOPTER = "social worker", "parent", "adoptive parent"
#: The relation of the person who cares for a child in care, by the home.
_CARERS = {
    "foster": "foster carer",
    "kinship": "grandparent",
    "with parents": _PARENT,
    "adoptive": _ADOPTER,
}
_RESIDENTIAL = "residential worker"
_FINAL_ORDERS = {
    "adoption order": _ADOPTER,
    "special guardianship order": "guardian",
    "child arrangements order": "guardian",
}
#: The share of children with a second contact.
_HAS_SECOND = 0.7


def generate_other_numbers(seed: int, first: int, children: Iterable[Child]) -> Iterator[Row]:
    """Generate a row for each authority in a child's episodes, and for each former UPN.

    first: the place in the school of the first of the children.
    """
    for place, child in enumerate(children, start=first):
        if child.former_upn and child.episodes:
            yield child.upn, child.former_upn, None, None
        names = dict.fromkeys(stay.authority for stay in child.episodes if stay.authority)
        # No two places of a school give the same number.
        yield from (
            (child.upn, None, name, f"{100_000 + (7919 * place + seed + n) % 900_000}")
            for n, name in enumerate(names)
        )


def generate_contacts(
    seed: int, first: int, children: Sequence[Child], records: Mapping[str, Records], until: date
) -> list[Row]:
    """Generate one or two people for each child in scope: carers, parents, a social worker.

    All but the social worker live with the child.  Parents and adopters have the child's surname.

    first: the place in the school of the first of the children.
    """
    rng = open_stream(seed, "contacts", first)
    faker = get_faker(f"{seed}/{first}")
    rows: list[Row] = []
    for place, child in enumerate(children, start=first):
        relations = _list_relations(child, records.get(child.upn, {}), until)
        has_second = _SOCIAL_WORKER in relations or rng.random() < _HAS_SECOND
        for priority, relation in enumerate(relations[: 1 + has_second], start=1):
            lives_with = relation != _SOCIAL_WORKER
            has_name = relation in (_PARENT, _ADOPTER)
            surname = child.person.surname if has_name else faker.last_name()
            rows.append(
                (
                    child.upn,
                    priority,
                    f"{faker.first_name()} {surname}",
                    relation,
                    f"{_MOBILE if lives_with else _LINE}{rng.randrange(1000):03d}",
                    f"contact{place}.{priority}@example.org",
                    f"{child.person.address}, {child.person.postcode}" if lives_with else None,
                    "yes" if lives_with else "no",
                )
            )
    return rows


def _list_relations(child: Child, records: Records, until: date) -> tuple[str, ...]:
    """List the relations of the first and second contact, by the child's care and orders."""
    if not child.episodes:
        return ()
    now = child.get_episode(min(until, child.leaving))
    if now and now.status == LOOKED_AFTER:
        return _CARERS.get(now.home or "", _RESIDENTIAL), _SOCIAL_WORKER
    steps = filter_known(records.get(PERMANENCE.name, ()), until, child.leaving)
    orders = [_FINAL_ORDERS[step.event] for step in steps if step.event in _FINAL_ORDERS]
    return (orders[-1] if orders else _PARENT,) * 2
