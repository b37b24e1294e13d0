"""The records of the children in scope, as they are known on one day, and the files of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from intake.contract import EHCP
from synthetic.cast.cast import CastMember, compute_last_planned_day
from synthetic.frames import to_frame
from synthetic.population.child import Child
from synthetic.population.story import open_stream
from synthetic.subjects import SUBJECTS
from synthetic.subjects.records import Record, Records, filter_known

#: The stories of the cast hold for so long after their last planned day.
_QUIET = timedelta(weeks=6)


def generate_records(seed: int, child: Child, year: int) -> Records:
    """All that is told of one child, to the day it leaves; `year` is the current academic year.

    Each subject has a stream of its own.
    """
    return {
        each.export.name: tuple(each.generate(open_stream(seed, child.upn, each.name), child, year))
        for each in SUBJECTS
    }


def generate_cast_records(seed: int, member: CastMember, year: int) -> Records:
    """What the story tells; some weeks after its last day, what is drawn goes on from it.

    Nothing is drawn of a kind that the story is silent about, and no plan.
    """
    drawn = generate_records(seed, member.to_child(year), year)
    end = compute_last_planned_day(year)
    return {
        name: told + tuple(_list_later(drawn[name], end)) if told and name != EHCP.name else told
        for name, told in member.build_records(year).items()
    }


def _list_later(records: Iterable[Record], end: date) -> Iterator[Record]:
    """Those that come some weeks after the day `end`, and that nobody had arranged by it."""
    for each in records:
        if each.day > end + _QUIET:
            is_early = each.booked_on is not None and each.booked_on <= end
            yield replace(each, booked_on=None) if is_early else each


def build_record_frames(
    records: Mapping[str, Records], children: Iterable[Child], until: date
) -> dict[str, pl.DataFrame]:
    """A frame for each file by its name: what is known on `until`.

    `records` are by pupil number.  Children in their order, each by date.
    """
    leaving = {child.upn: child.leaving for child in children if child.upn in records}

    def list_rows(name: str) -> list[tuple[object, ...]]:
        return [
            (upn, *record.to_row())
            for upn, last in leaving.items()
            for record in filter_known(records[upn].get(name, ()), until, last)
        ]

    exports = [each.export for each in SUBJECTS]
    return {export.name: to_frame(export, list_rows(export.name)) for export in exports}
