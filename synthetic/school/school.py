"""A whole made-up school with the export files of a real one, drawn part by part."""

import gc
import os
from collections import defaultdict, deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from multiprocessing import get_context

import polars as pl

from queries import contract
from synthetic.calendar import build_calendar, build_register
from synthetic.cast.cast import CAST, CastMember
from synthetic.population.care import generate_episodes, generate_statuses
from synthetic.population.child import Child
from synthetic.population.roll import JUNIOR, make_roll
from synthetic.population.story import open_stream
from synthetic.school.part import AT_A_TIME, Frames, generate_part, to_frame
from synthetic.school.register import ExportWindow, compute_export_window

SCHOOL_ID = "0019999"
SCHOOL_NAME = "Quarry Lane Junior School"

#: One in so many of the children in scope left in the eight months before September.
_ONE_LEFT_IN = 8
#: The usual number of seats, and the largest share of them that may be in scope.
_SEATS, _LARGEST_SHARE_IN_SCOPE = 280, 0.75
#: Other processes draw the parts of a school with more parts than this.
_FEW = 4


@dataclass(frozen=True)
class School:
    """A made-up school: frames by the names of their export files.

    A frame has the contract's columns in their order: text, whole numbers or dates, and null for a
    blank.
    """

    until: date
    frames: Frames


def make_school(
    seed: int,
    children: int = 24,
    years: int = 3,
    until: date = date(2026, 11, 20),
    groups: range = JUNIOR,
    *,
    has_cast: bool = True,
) -> School:
    """Return a school with all its frames in memory.  See `draw_school`."""
    frames: dict[str, list[pl.DataFrame]] = defaultdict(list)
    for part in draw_school(seed, children, years, until, groups, has_cast=has_cast):
        for name, frame in part.items():
            frames[name].append(frame)
    return School(until, {name: pl.concat(parts) for name, parts in frames.items()})


def draw_school(
    seed: int,
    children: int,
    years: int,
    until: date,
    groups: range = JUNIOR,
    *,
    has_cast: bool = True,
) -> Iterator[Frames]:
    """Draw the frames of a school part by part, so that few children are in memory at a time.

    The same arguments give the same rows in the same order, however many processes draw them.

    Args:
        seed: The number that everything is drawn from.
        children: The number of children who have care episodes, and are on roll or left lately.
            The first are the cast.  The school has more seats if they would not fit.
        years: The number of academic years with marks, at least 1.  The last contains `until`.
        until: The last day with marks.
        groups: The year groups, 0 for Reception.  Only a school with all junior ones has the cast.
        has_cast: Whether the cast is among the children.
    """
    window = compute_export_window(years, until)
    has_cast &= set(JUNIOR) <= set(groups)
    cast = {
        member.upn: member
        for member in CAST[: children * has_cast]
        if member.to_child(window.last).entry <= window.last_day
    }
    everybody = _make_children(seed, cast, children, window, groups)
    yield {
        contract.SCHOOL.name: to_frame(contract.SCHOOL, [(SCHOOL_ID, SCHOOL_NAME, "junior")]),
        contract.CALENDAR.name: to_frame(
            contract.CALENDAR, list(build_calendar(window.first, window.last, until).items())
        ),
    }
    groups_of = [everybody[at : at + AT_A_TIME] for at in range(0, len(everybody), AT_A_TIME)]
    generate = partial(generate_part, seed, window, frozenset(cast))
    if len(groups_of) <= _FEW:
        yield from map(generate, range(len(groups_of)), groups_of)
        return
    # The processes make no reference cycles, so they need no garbage collector.
    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers, get_context("spawn"), gc.disable) as processes:
        waiting: deque[Future[Frames]] = deque()
        for number, group in enumerate(groups_of):
            waiting.append(processes.submit(generate, number, group))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _make_children(
    seed: int, cast: dict[str, CastMember], children: int, window: ExportWindow, groups: range
) -> list[Child]:
    """Make all children who were ever on roll, the cast first, with care for those in scope."""
    seats = max(_SEATS, 4 * round(children / _LARGEST_SHARE_IN_SCOPE / 4))
    players = [member.to_child(window.last) for member in cast.values()]
    everybody = make_roll(seed, window.first, window.last, seats, players, groups)
    rng = open_stream(seed, "care")
    opens = build_register(window.last).open_days[0]
    others = list(enumerate(everybody))[len(cast) :]
    here = [n for n, child in others if child.entry <= opens <= min(child.leaving, window.last_day)]
    left = [
        n
        for n, child in others
        if date(window.last, 1, 1) <= child.leaving < date(window.last, 9, 1)
    ]
    given = [child.get_status(window.until) for child in players]
    wanted = generate_statuses(rng, children, given)
    gone = min(len(left), len(wanted) // _ONE_LEFT_IN if len(wanted) > 1 else 0)
    places = rng.sample(left, gone) + rng.sample(here, len(wanted) - gone)
    for n, status in zip(places, rng.sample(wanted, len(wanted)), strict=True):
        child = everybody[n]
        stream = open_stream(seed, child.upn, "care")
        episodes = generate_episodes(stream, status, child, window.last)
        everybody[n] = replace(child, episodes=episodes)
    return everybody
