"""The figures of a governor report: what the home's data say, and what of it may be told.

Everything about children goes through the disclosure gate here and nowhere else.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import polars as pl

from dashboard.report.content.facts import LOOKED_AFTER, PREVIOUSLY, Kind
from queries import read
from queries.read import Row
from safeguards.access.access import Session
from safeguards.disclosure import publish
from safeguards.disclosure.certificate import Duty, Rate, Release, Term
from safeguards.disclosure.families import load_attributes
from safeguards.disclosure.publish import Group
from safeguards.disclosure.releases import hash_child
from safeguards.disclosure.settings import Settings
from safeguards.disclosure.sums import Premium, Sessions

#: What the school and others owe these children, as report_duty has it.
DUTIES = ("PEP", "health", "SDQ", "EHCP")
#: The weeks of school before which no share of sessions is said.
_WEEKS = "weeks_before_rates"


def fetch_settings(session: Session) -> Settings:
    """The school's settings of the gate."""
    return Settings.from_thresholds(partial(read.fetch_threshold, session))


def publish_figures(
    session: Session, kind: Kind, term: Row, earlier: Sequence[Release], key: bytes
) -> Release:
    """The figures of a term up to the session's day, safe beside all `earlier` ones.

    session: one that was opened for a report.  key: of the tokens that stand for children.
    A nil return tells of no other children and of no duties.
    """
    asked = [each for each in load_attributes() if session.has_table(each.table)]
    names = (LOOKED_AFTER,) if kind == "nil" else (LOOKED_AFTER, PREVIOUSLY)
    children = read.fetch_report_pupils(session).filter(pl.col("cohort").is_in(names))
    absences = read.fetch_report_absences(session).filter(pl.col("cohort").is_in(names))
    duties = read.fetch_report_duties(session)
    return publish.publish_term(
        Term(term["academic_year"], term["term"]),
        session.as_at,
        build_groups(children, absences, names, key, has_premium=session.has_table("raw_premium")),
        earlier,
        duties=[] if kind == "nil" else [_build_duty(each, duties.get(each)) for each in DUTIES],
        rates=_fetch_rates(session, term),
        recorded=read.fetch_recorded_subjects(session),
        attributes=asked,
        settings=fetch_settings(session),
    )


def build_groups(
    children: pl.DataFrame,
    absences: pl.DataFrame,
    names: Sequence[str],
    key: bytes,
    *,
    has_premium: bool = True,
) -> list[Group]:
    """The groups from the rows of report_child and report_absence.

    has_premium: whether the school keeps records of pupil premium plus.
    """
    tokens = {pupil_id: hash_child(key, pupil_id) for pupil_id in children["pupil_id"]}
    reasons: dict[str, dict[str, dict[str, int]]] = {name: {} for name in names}
    for row in absences.to_dicts():
        shares = reasons[row["cohort"]].setdefault(row["reason"], {})
        token = tokens[row["pupil_id"]]
        shares[token] = shares.get(token, 0) + row["absent_sessions"]
    return [
        _build_group(
            name,
            {
                tokens[row["pupil_id"]]: row
                for row in children.filter(pl.col("cohort") == name).to_dicts()
            },
            reasons[name],
            has_premium=has_premium and name == LOOKED_AFTER,
        )
        for name in names
    ]


def _build_group(
    name: str,
    rows: dict[str, dict[str, Any]],
    reasons: dict[str, dict[str, int]],
    *,
    has_premium: bool,
) -> Group:
    def count(column: str) -> dict[str, int]:
        return {token: int(row[column]) for token, row in rows.items()}

    keys = [each.key for each in load_attributes() if name in each.groups]
    is_spent_recorded = all(row["spent"] is not None for row in rows.values())
    return Group(
        name,
        {token: {key: str(row[key]) for key in keys} for token, row in rows.items()},
        Sessions(
            open=count("open_sessions"),
            possible=count("possible_sessions"),
            missed=count("absent_sessions"),
            reasons=reasons,
        ),
        Premium(
            planned=count("planned"),
            spent=count("spent") if is_spent_recorded else None,
            planned_year=count("planned_year"),
        )
        if has_premium
        else None,
    )


def _build_duty(kind: str, row: Row | None) -> Duty:
    if row is None:
        return Duty(kind, LOOKED_AFTER, 0, 0)
    return Duty(kind, LOOKED_AFTER, row["due"], row["done"], row["done_late"])


def _fetch_rates(session: Session, term: Row) -> list[Rate] | None:
    """What sums are set beside; None while the year has had too few weeks for a share."""
    if term["school_weeks"] < read.fetch_threshold(session, _WEEKS):
        return None
    return [
        Rate(line, row["academic_year"], round(row["absence_rate"], 3))
        for line, row in read.fetch_report_lines(session).items()
    ]
