"""The figures of a governor report: what the home's data say, and what of it may be told.

Everything about children goes through the disclosure gate here and nowhere else.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from dashboard.text import rules, words
from queries import read
from queries.rows import ReportAbsence
from safeguards import disclosure
from safeguards.access.access import Session
from safeguards.disclosure import Attribute, Duty, Group, Limits, Release, SumFigures, Sums
from safeguards.errors import DisclosureError

LOOKED_AFTER = "looked after"
PREVIOUSLY = "previously looked after"

_HEALTH = ("up to date", "not up to date", "not recorded")

#: What is counted of every child of a group, in the categories of report_child.
YEARS = Attribute("years", "Year groups", ("Years 3 and 4", "Years 5 and 6"), is_public=True)
ATTENDANCE = Attribute(
    "attendance",
    "Sessions missed this year",
    ("not persistent", "persistent", "too early"),
)
SUSPENDED = Attribute("suspended", "Suspensions this year", ("not suspended", "suspended"))
EHCP = Attribute("ehcp", "Education, Health and Care Plans", ("has a plan", "asked for", "no plan"))
SDQ = Attribute(
    "sdq",
    "Score by the carer",
    ("lower than before", "the same or higher", "a first score", "no score"),
)
HEALTH = Attribute("health", "Health assessments", _HEALTH)
DENTAL = Attribute("dental", "Dental checks", _HEALTH)

ATTRIBUTES: Mapping[str, tuple[Attribute, ...]] = {
    LOOKED_AFTER: (YEARS, ATTENDANCE, SUSPENDED, EHCP, SDQ, HEALTH, DENTAL),
    PREVIOUSLY: (YEARS, ATTENDANCE, SUSPENDED, EHCP),
}
#: How a table says the categories that a rule's figure is in; it says the others as they are.
_WORDS = {
    "not persistent": "missed fewer than {missed}",
    "persistent": "missed {missed} or more",
    "too early": words.TOO_EARLY,
    "no score": "no score in {score_time}",
}
_MISSED = re.compile(r"missed ([0-9,]+) in ([0-9,]+) or more", re.IGNORECASE)
#: One split at a time, and only of these.
_SPLITS = (("attendance", "years"), ("ehcp", "years"))


@dataclass(frozen=True)
class GateRequest:
    """What is asked of the gate for one day."""

    groups: tuple[Group, ...]
    duties: tuple[Duty, ...]
    sums: tuple[Sums, ...]


def publish_figures(session: Session, earlier: Sequence[Release], key: bytes) -> Release:
    """The figures of a report on the day of the session, safe beside all `earlier` ones.

    session: one that was opened for a report.  DisclosureError where nothing is safe.
    """
    share = read.fetch_threshold(session, "persistent_absence")
    request = build_request(session, share)
    # each day's views are asked once, for who moved since and for what sums grew by
    then = {each.as_at: build_request(session.copy_as_at(each.as_at), share) for each in earlier}
    newest = then[earlier[-1].as_at].groups if earlier else ()
    return disclosure.publish(
        request.groups,
        as_at=session.as_at,
        earlier=earlier,
        before={each.name: each.children for each in newest},
        key=key,
        limits=Limits.from_thresholds(partial(read.fetch_threshold, session)),
        duties=request.duties,
        sums=request.sums,
        sums_before=_sums_before(then, earlier),
    )


def suppress_all_figures(release: Release) -> Release:
    """The release of a report without figures about children, which later ones must know."""
    groups = {
        name: replace(each, is_told=False, tables={}, narrowest=None)
        for name, each in release.groups.items()
    }
    return replace(release, groups=groups, duties={}, sums={})


def build_request(session: Session, persistent_absence: float) -> GateRequest:
    """What the gate is asked, from the views; DisclosureError for a category nobody knows.

    persistent_absence: the share of sessions, 0 to 1, that the words of the categories tell.
    """
    children = read.fetch_report_pupils(session)
    absences = read.fetch_report_absences(session)
    duties = read.fetch_report_duties(session)
    term = read.fetch_report_term(session)
    year = term["academic_year"] if term else read.fetch_academic_year(session)
    recorded = read.fetch_recorded_subjects(session)
    try:
        groups = tuple(
            build_group(
                name,
                children.filter(pl.col("cohort") == name).to_dicts(),
                persistent_absence,
                recorded,
            )
            for name in ATTRIBUTES
        )
    except ValueError as error:
        raise DisclosureError(f"{error}. Nothing is published; update lac-monitor.") from error
    return GateRequest(
        groups=groups,
        duties=tuple(
            Duty(
                key=f"{kind} duties",
                group=LOOKED_AFTER,
                due=row["due"],
                done=row["done"],
                done_late=row["done_late"],
            )
            for kind, row in duties.items()
        ),
        sums=tuple(
            each
            for name in ATTRIBUTES
            for each in _sums(
                name,
                year,
                children.filter(pl.col("cohort") == name),
                absences.filter(pl.col("cohort") == name),
            )
        ),
    )


def list_attributes(name: str, persistent_absence: float) -> tuple[Attribute, ...]:
    """What is counted of every child of a group, in the words of its tables.

    Categories with another figure in them make another attribute, so that the gate never
    takes what an earlier report said by another rule for the same.
    """
    said = _describe_categories(persistent_absence)
    return tuple(
        replace(each, categories=tuple(said.get(one, one) for one in each.categories))
        for each in ATTRIBUTES[name]
    )


def find_share(labels: Iterable[str]) -> float:
    """The share of persistent absence that the rows of printed tables tell.

    Where none does, it is the one that holds until further notice.
    """
    found = next(filter(None, map(_MISSED.fullmatch, labels)), None)
    if found is None:
        return read.get_default_threshold("persistent_absence")
    part, whole = (int(each.replace(",", "")) for each in found.groups())
    return part / whole


def build_group(
    name: str,
    rows: Sequence[Mapping[str, Any]],
    persistent_absence: float,
    recorded: Container[str] | None = None,
) -> Group:
    """The children of a group, from rows with its attributes' columns and pupil_id.

    recorded: the subjects that anything was recorded about, all of them if None.  Of the
    others no child is counted: that nothing was loaded is no fact about a child.
    """
    attributes = tuple(
        each
        for each in list_attributes(name, persistent_absence)
        if each.key == YEARS.key or recorded is None or each.key in recorded
    )
    said = _describe_categories(persistent_absence)
    keys = [each.key for each in attributes]
    splits = [split for split in _SPLITS if set(split) <= set(keys)]
    return Group(
        name=name,
        attributes=attributes,
        children={
            str(row["pupil_id"]): tuple(said.get(str(row[key]), str(row[key])) for key in keys)
            for row in rows
        },
        tables=(*((key,) for key in keys), *splits),
    )


def format_missed_key(name: str, year: str) -> str:
    """The key of the sessions that a group missed in an academic year."""
    return f"missed by {name} {year}"


def format_possible_key(name: str, year: str) -> str:
    """The key of the sessions that were possible for a group in an academic year."""
    return f"possible for {name} {year}"


def _describe_categories(persistent_absence: float) -> dict[str, str]:
    """The categories of report_child that a table says in other words, with these."""
    figures = {
        "missed": rules.format_ratio(persistent_absence),
        "score_time": rules.format_deadline_briefly("SDQ_YEARLY"),
    }
    return {category: rules.fill(text, figures) for category, text in _WORDS.items()}


def _sums(name: str, year: str, children: pl.DataFrame, absences: pl.DataFrame) -> tuple[Sums, ...]:
    parts: dict[str, dict[str, int]] = {}
    for row in read.list_rows(ReportAbsence, absences):
        parts.setdefault(row["reason"], {})[row["pupil_id"]] = row["absent_sessions"]
    absent = dict(children.select("pupil_id", "absent_sessions").iter_rows())
    sessions = dict(children.select("pupil_id", "possible_sessions").iter_rows())
    return (
        Sums(format_missed_key(name, year), name, absent, parts),
        Sums(format_possible_key(name, year), name, sessions, {}),
    )


def _sums_before(
    then: Mapping[date, GateRequest], earlier: Sequence[Release]
) -> dict[str, list[tuple[Sums, SumFigures]]]:
    """By key, of each earlier release that told the sum, the shares then, from today's data."""
    found: dict[str, list[tuple[Sums, SumFigures]]] = {}
    for release in earlier:
        for each in then[release.as_at].sums:
            published = release.sums.get(each.key)
            if published is not None and published.total is not None:
                found.setdefault(each.key, []).append((each, published))
    return found
