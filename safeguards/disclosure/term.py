"""The figures of one term's report: the only way out for figures about children.

`publish_term` lets out statements about children, sums of their sessions, and figures about
duties, and remembers who the children were, for the reports to come.  A term that was
reported on is never reported anew.  Nothing is stored here: what was published before comes
in as plain data, and what is published goes out so.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from safeguards.disclosure.bands import Band, find_band
from safeguards.disclosure.families import Attribute, load_attributes
from safeguards.disclosure.settings import Settings
from safeguards.disclosure.statements import (
    Choice,
    Row,
    Statement,
    choose_statements,
    list_linked,
)
from safeguards.disclosure.sums import Sessions, SumFigures, add_terms, choose_sums
from safeguards.errors import DisclosureError

#: Of a serialised release; raised by one when older code cannot read it.
VERSION = 3

#: By token, and by attribute's key, the category of a child.
Children = Mapping[str, Mapping[str, str]]


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
class Group:
    """The children of a group on the day of a report, and their sessions of the term."""

    name: str
    children: Children
    sessions: Sessions


@dataclass(frozen=True)
class Certificate:
    """All that a report may say in figures.

    sizes: by group, None for one that is too small to be counted.  statements: those of the
    day, and older ones where there was nothing new to say.  sums: by group.
    """

    term: Term
    day: date
    sizes: Mapping[str, int | None]
    statements: tuple[Statement, ...]
    sums: Mapping[str, SumFigures]
    duties: tuple[Duty, ...]

    def list_numbers(self) -> frozenset[int]:
        """Every number that a sentence about these figures can hold."""
        found = {size for size in self.sizes.values() if size is not None}
        for statement in self.statements:
            found |= {statement.size, *statement.band}
        for sums in self.sums.values():
            told = (sums.missed, sums.possible, *(count for _, count in sums.reasons))
            found |= {count for count in told if count is not None}
        for duty in self.duties:
            found |= {duty.due, duty.done, duty.done_late, duty.due - duty.done}
        return frozenset(found)


@dataclass(frozen=True)
class Release:
    """A certificate, and what later reports must know beside it: who was in each group.

    members: tokens, by group.  A token is the same child's in every release, and nobody
    else's; what it is made of is the caller's, and it is never printed.
    """

    certificate: Certificate
    members: Mapping[str, frozenset[str]]


def publish_term(
    term: Term,
    day: date,
    groups: Sequence[Group],
    earlier: Sequence[Release],
    *,
    duties: Sequence[Duty] = (),
    recorded: Collection[str] | None = None,
    attributes: Sequence[Attribute] | None = None,
    settings: Settings | None = None,
) -> Release:
    """What may be said of these groups in the report of a term.

    earlier: every release there ever was, the oldest first, withdrawn ones too.  duties: of
    each kind that the report tells of, also where nothing was due, or its absence would tell
    that.  recorded: the attributes that anything is known of, by key; all if None.
    DisclosureError if one of the groups was reported on for this term, or a category that
    nobody knows comes up.
    """
    settings = settings or Settings()
    attributes = load_attributes() if attributes is None else attributes
    _check_new(term, groups, earlier)
    told_duties = {each.kind for each in duties}.union(
        each.kind for release in earlier for each in release.certificate.duties
    )
    asked = [
        each
        for each in attributes
        if (recorded is None or each.key in recorded) and each.duty not in told_duties
    ]
    members = {group.name: frozenset(group.children) for group in groups}
    said = list_rows(earlier)
    choices = choose_statements(members, asked, said, year=term.year, settings=settings)
    children = {group.name: group.children for group in groups}
    new = [_state(each, children[each.group], day=day, year=term.year) for each in choices]
    return Release(
        Certificate(
            term=term,
            day=day,
            sizes={
                name: len(tokens) if len(tokens) >= settings.fewest_for_sums else None
                for name, tokens in members.items()
            },
            statements=tuple(_add_older(new, members, asked, said, term.year)),
            sums={
                group.name: choose_sums(
                    group.sessions,
                    settings,
                    never=frozenset[str]().union(*(each.reasons for each in attributes)),
                )
                for group in groups
            },
            duties=tuple(duties),
        ),
        members,
    )


def list_rows(earlier: Sequence[Release]) -> list[Row]:
    """Every statement that was ever made, with those whom it was about.

    earlier: the oldest first; a statement that is made again is the first one's.
    """
    rows: dict[Statement, Row] = {}
    for release in earlier:
        for statement in release.certificate.statements:
            rows.setdefault(statement, Row(statement, release.members[statement.group]))
    return list(rows.values())


def sum_year(year: str, group: str, releases: Sequence[Release]) -> SumFigures:
    """The sessions that a group missed in the reports of an academic year, as printed."""
    return add_terms(
        [
            release.certificate.sums[group]
            for release in releases
            if release.certificate.term.year == year and group in release.certificate.sums
        ]
    )


def serialise_certificate(certificate: Certificate) -> dict[str, Any]:
    """As JSON can hold it; it names no child and no token."""
    return {
        "version": VERSION,
        "term": asdict(certificate.term),
        "day": certificate.day.isoformat(),
        "sizes": dict(certificate.sizes),
        "statements": [
            {**asdict(each), "day": each.day.isoformat(), "band": list(each.band)}
            for each in certificate.statements
        ],
        "sums": {
            group: {**asdict(each), "reasons": [list(part) for part in each.reasons]}
            for group, each in certificate.sums.items()
        },
        "duties": [asdict(each) for each in certificate.duties],
    }


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
        duties=tuple(Duty(**each) for each in record["duties"]),
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


def _check_new(term: Term, groups: Sequence[Group], earlier: Sequence[Release]) -> None:
    for release in earlier:
        if release.certificate.term != term:
            continue
        for group in groups:
            if group.name in release.members:
                raise DisclosureError(
                    f"There is a final report on children {group.name} for the {term.name} term "
                    f"of {term.year}. Issue that one again."
                )


def _state(choice: Choice, children: Children, *, day: date, year: str) -> Statement:
    """The statement that is true, of those that were chosen before it was known."""
    attribute = choice.attribute
    try:
        count = attribute.count(record[attribute.key] for record in children.values())
    except ValueError as error:
        raise DisclosureError(f"{error}. Nothing is published; update lac-monitor.") from error
    return Statement(
        family=attribute.family,
        attribute=attribute.key,
        group=choice.group,
        day=day,
        year=year,
        size=len(children),
        band=find_band(choice.partition, count),
    )


def _add_older(
    new: Sequence[Statement],
    members: Collection[str],
    asked: Sequence[Attribute],
    said: Sequence[Row],
    year: str,
) -> Iterator[Statement]:
    """By group and family, the new statement, else the newest of those that were made."""
    families = {each.family: each for each in asked}
    keys = {each.key for each in asked}
    for group in members:
        for attribute in families.values():
            made = [row.statement for row in list_linked(attribute, said, year)]
            newest = [
                each
                for each in (*sorted(made, key=lambda each: each.day), *new)
                if each.family == attribute.family
                and each.group == group
                and each.attribute in keys
            ]
            yield from newest[-1:]
