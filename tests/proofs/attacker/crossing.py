"""A child who leaves one group and joins another in the same step, and is told of in both."""

from itertools import product

from tests.proofs.attacker.exact import Attack
from tests.proofs.attacker.steps import Mover


def certain_crosser(out_of: Attack, leaver: Mover, into: Attack, joiner: Mover) -> dict[str, str]:
    """What is certain of such a child, if some attributes are taken to have stayed as they were.

    Asked of each attribute that both groups are told of, and of all that both link at once.
    """
    found: dict[str, str] = {}
    for one, other in product(out_of.linked, into.linked):
        both = sorted(one.keys() & other.keys() - leaver.known.keys() - joiner.known.keys())
        for names in {(name,) for name in both} | {tuple(both)} - {()}:
            records = [
                dict(zip(names, labels, strict=True))
                for labels in product(*(one[name] for name in names))
            ]
            able = [
                record
                for record in records
                if out_of.can_move(leaver, record) and into.can_move(joiner, record)
            ]
            for name in names:
                labels = {record[name] for record in able}
                if len(labels) == 1:
                    found[name] = labels.pop()
    return found
