"""What is drawn of each child by itself: of many children at a time, on every core."""

import gc
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing import get_context

import numpy as np
import polars as pl

from queries.contract import EHCP
from synthetic.calendar import enter_school
from synthetic.cast.cast import CAST, CastMember
from synthetic.population.child import Child
from synthetic.population.story import open_stream
from synthetic.school.records import (
    build_record_frames,
    find_provision,
    generate_cast_records,
    generate_provision,
    generate_records,
)
from synthetic.school.register import ExportWindow, Told, build_told
from synthetic.subjects.records import Records

#: A process draws of so many children at a time; more than one is begun for more groups than that.
_AT_A_TIME, _FEW = 1000, 4


@dataclass(frozen=True)
class Part:
    """The files of records of some children by name, and what else hangs on the records.

    `told`: of the marks, by academic year.  `provisions`: of special educational needs on the
    roll, of those who stand in it.
    """

    frames: dict[str, pl.DataFrame]
    told: dict[int, Told]
    provisions: list[str | None]


def generate_part(
    seed: int, children: Sequence[Child], cast: Sequence[CastMember], window: ExportWindow
) -> Part:
    """The part of all the children, which is the same however many processes draw it."""
    groups = [children[at : at + _AT_A_TIME] for at in range(0, len(children), _AT_A_TIME)]
    generate = partial(_generate_part, seed, {member.upn for member in cast}, window)
    if len(groups) <= _FEW:
        return _join(list(map(generate, groups)))
    # Nothing of it refers to itself, so there is no need to look for what does.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), gc.disable) as processes:
        return _join(list(processes.map(generate, groups)))


def _generate_part(
    seed: int, upns: set[str], window: ExportWindow, children: Sequence[Child]
) -> Part:
    enter_school(seed)
    cast = {member.upn: member for member in CAST if member.upn in upns}
    listed = [child for child in children if window.is_listed(child)]
    records = {
        child.upn: generate_cast_records(seed, cast[child.upn], window.last)
        if child.upn in cast
        else generate_records(seed, child, window.last)
        for child in children
        if child.upn in cast or (child.episodes and window.is_listed(child))
    }
    return Part(
        frames=build_record_frames(records, listed, window.until),
        told=build_told(children, records, window),
        provisions=[
            _choose_provision(seed, child, cast, records.get(child.upn, {}), window.until)
            for child in listed
        ],
    )


def _choose_provision(
    seed: int, child: Child, cast: Mapping[str, CastMember], records: Records, until: date
) -> str | None:
    """What the roll says of special needs: of the cast nothing by chance."""
    if child.upn in cast:
        steps = records.get(EHCP.name, ())
        return cast[child.upn].sen_provision or find_provision(steps, child, until)
    rng = open_stream(seed, child.upn, "provision")
    return generate_provision(rng, records, child, until)


def _join(parts: Sequence[Part]) -> Part:
    first, *_ = parts
    return Part(
        frames={name: pl.concat([part.frames[name] for part in parts]) for name in first.frames},
        told={
            start: {
                name: np.concatenate([part.told[start][name] for part in parts]) for name in told
            }
            for start, told in first.told.items()
        },
        provisions=[provision for part in parts for provision in part.provisions],
    )
