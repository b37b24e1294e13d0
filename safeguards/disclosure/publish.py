"""The figures of one term's report: the only way out for figures about children.

`publish_term` lets out statements about children, sums of their sessions, and figures about
duties, and remembers who the children were, for the reports to come.  A term that was
reported on is never reported anew.  Nothing is stored here: what was published before comes
in as plain data, and what is published goes out so.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from safeguards.disclosure.bands import find_band
from safeguards.disclosure.certificate import Certificate, Duty, Rate, Release, Statement, Term
from safeguards.disclosure.families import Attribute, load_attributes
from safeguards.disclosure.settings import Settings
from safeguards.disclosure.statements import Choice, Row, choose_statements, list_linked
from safeguards.disclosure.sums import Premium, Sessions, choose_premium, choose_sums
from safeguards.errors import DisclosureError

#: By token, and by attribute's key, the category of a child.
Children = Mapping[str, Mapping[str, str]]
#: What `recorded` calls pupil premium plus, which is told in sums.
PREMIUM = "premium"


@dataclass(frozen=True)
class Group:
    """The children of a group on the day of a report, and their sessions of the term.

    premium: their pounds of the term; None for a group of which these are not told.
    """

    name: str
    children: Children
    sessions: Sessions
    premium: Premium | None = None


def publish_term(
    term: Term,
    day: date,
    groups: Sequence[Group],
    earlier: Sequence[Release],
    *,
    duties: Sequence[Duty] = (),
    rates: Sequence[Rate] | None = None,
    recorded: Collection[str] | None = None,
    attributes: Sequence[Attribute] | None = None,
    settings: Settings | None = None,
) -> Release:
    """What may be said of these groups in the report of a term.

    earlier: every release there ever was, the oldest first, withdrawn ones too.  duties: of
    each kind that the report tells of, also where nothing was due, or its absence would tell
    that.  rates: as in a certificate.  recorded: the attributes that anything is known of, by
    key, and PREMIUM; all if None.  DisclosureError if one of the groups was reported on for
    this term, or a category that nobody knows comes up.
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
                name: len(tokens) if not 0 < len(tokens) < settings.fewest_for_sums else None
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
            premium={
                group.name: choose_premium(group.premium, settings)
                for group in groups
                if group.premium
            },
            duties=tuple(duties),
            rates=None if rates is None else tuple(rates),
            missing=tuple(
                key
                for key in (
                    *(each.key for each in attributes),
                    *([PREMIUM] if any(group.premium for group in groups) else ()),
                )
                if recorded is not None and key not in recorded
            ),
            settings=settings,
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
