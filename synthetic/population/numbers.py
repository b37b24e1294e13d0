"""Other numbers of the made-up children: the authority's own, and now and then a former UPN."""

from collections.abc import Iterable

import polars as pl

from intake.contract import OTHER_NUMBERS
from synthetic.frames import to_frame
from synthetic.population.child import Child
from synthetic.population.people import generate_upn
from synthetic.population.story import open_stream

_HAD_ANOTHER_UPN = 0.1


def generate_other_numbers(seed: int, children: Iterable[Child]) -> pl.DataFrame:
    """A row for each authority that looks or looked after a child, and each former UPN.

    Drawn apart from everything else, so that no other file changes with it.
    """
    rng = open_stream(seed, "numbers")
    everybody = list(children)
    taken = {child.upn for child in everybody}
    rows: list[tuple[str | None, ...]] = []
    for child in everybody:
        if not child.episodes:
            continue
        named = dict.fromkeys(each.authority for each in child.episodes if each.authority)
        rows += [(child.upn, None, name, f"{rng.randrange(10**6):06d}") for name in named]
        if rng.random() < _HAD_ANOTHER_UPN:
            former = generate_upn(rng, child.cohort - 3, taken, temporary=True)
            rows.append((child.upn, former, None, None))
    return to_frame(OTHER_NUMBERS, rows)
