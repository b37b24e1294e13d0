"""What a report may say in figures, and what later reports must remember beside it.

A certificate names no child: it is given out with its report, so that anybody can hold the
report's figures against it.  A release is kept in the home.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from safeguards.disclosure.bands import Band, describe_band
from safeguards.disclosure.settings import Settings
from safeguards.disclosure.sums import PremiumFigures, SumFigures, add_premium, add_terms

#: Of a serialised release; raised by one when older code cannot read it.
VERSION = 4


@dataclass(frozen=True)
class Term:
    """A term of an academic year: "2026/27" and "autumn"."""

    year: str
    name: str


@dataclass(frozen=True)
class Duty:
    """What became of something that the school owes, such as a PEP meeting a term.

    It is about the duty, and said exactly: what it tells of children is kept out of the
    statements by the kind of duty in `families.csv`.  ValueError if more was done than due.
    """

    kind: str
    group: str
    due: int
    done: int
    done_late: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.done_late <= self.done <= self.due:
            raise ValueError(f"{self.kind}: more was done than was due")


@dataclass(frozen=True)
class Statement:
    """That so many of `size` children of a group had an attribute on a day.

    day: of the report that said it first; an older one is said again where there is nothing
    new.  year: the academic year of that day.
    """

    family: str
    attribute: str
    group: str
    day: date
    year: str
    size: int
    band: Band

    @property
    def words(self) -> str:
        """The band as it is said: "between 5 and 9 of 24"."""
        return describe_band(self.band, self.size)


@dataclass(frozen=True)
class Rate:
    """What a group's absence is set beside: a share of sessions, 0 to 1, to a tenth of a per cent.

    line: whose it is, "whole school" or a national line.  year: of which academic year.
    """

    line: str
    year: str
    share: float


@dataclass(frozen=True)
class Certificate:
    """All that a report may say in figures.

    sizes: by group, None for one that is too small to be counted.  statements: those of the
    day, and older ones where there was nothing new to say.  sums, premium: by group.  rates:
    what sums are set beside; None where it is too early in the year for a share of sessions.
    missing: attributes of which nothing was ever recorded, by key, and "premium".  settings:
    those that it kept to.
    """

    term: Term
    day: date
    sizes: Mapping[str, int | None]
    statements: tuple[Statement, ...]
    sums: Mapping[str, SumFigures]
    duties: tuple[Duty, ...]
    rates: tuple[Rate, ...] | None = None
    missing: tuple[str, ...] = ()
    settings: Settings = field(default_factory=Settings)
    premium: Mapping[str, PremiumFigures] = field(default_factory=dict)


@dataclass(frozen=True)
class Release:
    """A certificate, and what later reports must know beside it: who was in each group.

    members: tokens, by group.  A token is the same child's in every release, and nobody
    else's; what it is made of is the caller's, and it is never printed.
    """

    certificate: Certificate
    members: Mapping[str, frozenset[str]]


def sum_year(year: str, group: str, certificates: Sequence[Certificate]) -> SumFigures:
    """The sessions that a group missed in the reports of an academic year, as printed."""
    return add_terms(
        [each.sums[group] for each in certificates if each.term.year == year and group in each.sums]
    )


def sum_premium(year: str, group: str, certificates: Sequence[Certificate]) -> PremiumFigures:
    """The pounds for a group in the reports of an academic year, as printed."""
    return add_premium(
        [
            each.premium[group]
            for each in certificates
            if each.term.year == year and group in each.premium
        ]
    )


def sum_duties(year: str, certificates: Sequence[Certificate]) -> tuple[Duty, ...]:
    """What became of each duty in the reports of an academic year, as printed."""
    found: dict[tuple[str, str], Duty] = {}
    for each in (duty for told in certificates if told.term.year == year for duty in told.duties):
        before = found.get((each.kind, each.group), Duty(each.kind, each.group, 0, 0))
        found[each.kind, each.group] = Duty(
            each.kind,
            each.group,
            due=before.due + each.due,
            done=before.done + each.done,
            done_late=before.done_late + each.done_late,
        )
    return tuple(found.values())


def serialise_certificate(certificate: Certificate) -> dict[str, Any]:
    """As JSON can hold it; it names no child and no token."""
    return {"version": VERSION, **json.loads(json.dumps(asdict(certificate), default=str))}


def restore_certificate(record: Mapping[str, Any]) -> Certificate:
    """A certificate from what `serialise_certificate` gave; KeyError or TypeError for others."""
    return Certificate(
        term=Term(**record["term"]),
        day=date.fromisoformat(record["day"]),
        sizes=record["sizes"],
        statements=tuple(
            Statement(
                **{**each, "day": date.fromisoformat(each["day"]), "band": Band(*each["band"])}
            )
            for each in record["statements"]
        ),
        sums={
            group: SumFigures(
                each["missed"],
                each["possible"],
                tuple((label, count) for label, count in each["reasons"]),
            )
            for group, each in record["sums"].items()
        },
        premium={
            group: PremiumFigures(**each) for group, each in record.get("premium", {}).items()
        },
        duties=tuple(Duty(**each) for each in record["duties"]),
        rates=None if record["rates"] is None else tuple(Rate(**each) for each in record["rates"]),
        missing=tuple(record["missing"]),
        settings=Settings(**record["settings"]),
    )


def serialise_release(release: Release) -> dict[str, Any]:
    """As JSON can hold it; for the home's own list, for it tells who was there."""
    return {
        "certificate": serialise_certificate(release.certificate),
        "members": {group: sorted(tokens) for group, tokens in release.members.items()},
    }


def restore_release(record: Mapping[str, Any]) -> Release:
    """A release from what `serialise_release` gave; KeyError or TypeError for others."""
    return Release(
        restore_certificate(record["certificate"]),
        {group: frozenset(tokens) for group, tokens in record["members"].items()},
    )
