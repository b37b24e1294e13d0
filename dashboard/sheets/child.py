"""The sheets about one child: for the PEP meeting, for any other, and the lead's chronology.

A child is named as on the pages. Only the chronology says whether they are in need or on a plan.
"""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from dashboard.report.content.model import Block, Bullets, Heading, Lines, Paragraph, Sheet, Table
from dashboard.sheets import filtered
from dashboard.sheets.chronology import CHRONOLOGY, build_chronology
from dashboard.text import duties as duty_words
from dashboard.text import duty_tables, rules, scores, sentences, standing, words
from dashboard.text.standing import DutyDate
from dashboard.ui import names
from queries import read
from safeguards.access import access

PEP, MEETING = "PEP sheet", "Meeting sheet"
_MOST_ACTIONS = 8
_SCHOOL_DAYS = 5


@dataclass(frozen=True)
class _Facts:
    """The child of the sheet, their open dates, and the session of the person who asks for it."""

    session: access.Session
    child: read.Row
    dates: Sequence[DutyDate]

    @property
    def pupil_id(self) -> str:
        return str(self.child["pupil_id"])

    def select(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows about this child."""
        return rows.filter(pupil_id=self.pupil_id)


def list_sheets(session: access.Session) -> list[str]:
    """List the sheets of the role: the PEP sheet if it sees plans, the chronology for the lead."""
    sheets = [PEP, MEETING] if session.has_category("plans") else [MEETING]
    return [*sheets, CHRONOLOGY] if session.has_category("child_protection") else sheets


def build_child_sheet(
    session: access.Session, kind: str, child: read.Row, dates: Sequence[DutyDate]
) -> Sheet:
    """Build the sheet of this kind from what the role may see. `dates` are open for the child."""
    about = list_places(session, child["pupil_id"])
    about.append(sentences.describe_child(child, session.home_of))
    if kind == CHRONOLOGY:
        return build_chronology(session, child, " ".join(about))
    facts = _Facts(session, child, dates)
    if kind == PEP:
        parts = (
            *(_list_attendance(facts), _list_suspensions(facts), _list_scores(facts)),
            *(_list_last_pep(facts), _list_dates(facts)),
        )
    else:
        parts = (
            *(_list_reasons(facts), _list_dates(facts), _list_actions(facts)),
            *(_list_attendance(facts), _list_scores(facts)),
        )
    name = names.call(facts.pupil_id, child["handle"], with_class=True)
    if kind == PEP:
        text = "Facts to copy into the local authority's PEP form."
        about.append(words.say(text, session.home_of))
    blocks = (
        *(block for part in parts for block in part),
        *(Heading(1, "In the child's own words"), Lines(3)),
        *(Heading(1, "Actions agreed: what, who and by when"), Lines(4)),
    )
    return filtered.build_sheet(session, f"{kind}: {name}", blocks, *about)


def list_places(session: access.Session, pupil_id: str) -> list[str]:
    """Return the child's school and adviser in a home of many schools, or else nothing."""
    if session.home_of == "school":
        return []
    without = read.get_first_row(read.fetch_without_place(session).filter(pupil_id=pupil_id))
    schools = read.fetch_pupil_school(session, pupil_id)["school_names"]
    place = "".join(schools) or "Not on the roll of a school here"
    if without:
        year = words.capitalise(words.format_year_group(without["year_group"]))
        place = f"{year}. {sentences.describe_without_place(without)}"
    adviser = session.fetch_advisers().get(pupil_id, "none")
    return [f"{place}. Adviser: {adviser.removesuffix('.')}."]


def _list_attendance(facts: _Facts) -> Iterable[Block]:
    yield Heading(1, "Attendance this school year")
    child = facts.child
    rows = [("Attended", words.capitalise(words.describe_attendance(child)))]
    years = read.fetch_pupil_years(facts.session, facts.pupil_id)
    year = read.fetch_academic_year(facts.session)
    if now := read.get_first_row(years.filter(academic_year=year)):
        unauthorised = words.format_count(now["unauthorised_absent_sessions"], "session")
        late = words.format_count(now["late_sessions"], "session")
        rows += [("Not authorised", words.capitalise(unauthorised))]
        rows += [("Late", words.capitalise(late))]
    by_day = facts.select(read.fetch_missed_weekdays(facts.session))
    missed_on = dict(by_day.select("weekday", "sessions").iter_rows())
    if missed_on:
        days = (f"{calendar.day_abbr[n]} {missed_on.get(n + 1, 0)}" for n in range(_SCHOOL_DAYS))
        rows.append(("Missed by weekday", ", ".join(days)))
    yield Table("Attendance this school year", ("Fact", "So far"), tuple(rows))


def _list_suspensions(facts: _Facts) -> Iterable[Block]:
    yield Heading(1, "Suspensions this school year")
    year = read.fetch_academic_year(facts.session)
    suspensions = read.fetch_pupil_suspensions(facts.session, facts.pupil_id).filter(
        academic_year=year
    )
    if suspensions.is_empty():
        yield Paragraph("No suspension is recorded.")
    else:
        shown = duty_tables.tabulate_suspensions(suspensions)
        yield Table("Suspensions this school year", tuple(shown.columns), tuple(shown.iter_rows()))


def _list_scores(facts: _Facts) -> Iterable[Block]:
    if not facts.session.has_category("wellbeing"):
        return
    yield Heading(1, "Latest scores")
    newest = (
        facts.select(read.fetch_sdq(facts.session))
        .sort("sdq_date", maintain_order=True)
        .group_by("informant", maintain_order=True)
        .last()
        .sort("sdq_date", descending=True)
    )
    lines = [
        scores.describe_score(row)
        if row["total"] is None
        else f"{scores.describe_score(row)}; {scores.describe_change(row)}"
        for row in newest.to_dicts()
    ]
    yield Bullets(tuple(lines)) if lines else Paragraph("No SDQ yet. Ask the social worker.")


def _list_last_pep(facts: _Facts) -> Iterable[Block]:
    yield Heading(1, "Last PEP and its targets")
    last = read.get_first_row(facts.select(read.fetch_newest_peps(facts.session)))
    if last is None:
        yield Paragraph("No PEP is recorded yet.")
        return
    meeting = words.capitalise(duty_words.describe_meeting(last))
    yield Paragraph(f"{meeting}. {duty_words.describe_pep_quality(last)}")
    yield Paragraph("Only the number of targets is stored here. Read the targets in the last PEP.")


def _list_dates(facts: _Facts) -> Iterable[Block]:
    yield Heading(1, "Still to do")
    near = [duty for duty in facts.dates if duty.state != standing.UP_TO_DATE]
    if not near:
        yield Paragraph("Nothing is outstanding.")
        return
    rows = [(duty.name, words.capitalise(duty.text), duty.holder) for duty in near]
    yield Table("Still to do", ("What", "When", "For"), tuple(rows))


def _list_reasons(facts: _Facts) -> Iterable[Block]:
    looks = facts.select(rules.fetch_reasons(facts.session)).filter(~pl.col("is_closed"))
    if looks.is_empty():
        return
    yield Heading(1, "Needs attention")
    rows = [
        (reason, advice.removeprefix("Next: "))
        for reason, advice in rules.list_advice(facts.session, looks)
    ]
    yield Table("Needs attention", ("Why", "What to do"), tuple(rows))


def _list_actions(facts: _Facts) -> Iterable[Block]:
    yield Heading(1, "What we did")
    done = facts.select(read.fetch_actions(facts.session)).filter(pl.col("corrected_by").is_null())
    if done.is_empty():
        yield Paragraph("No action logged yet.")
        return
    rows = [
        (
            words.format_table_day(row["action_date"]),
            row["actor"] or words.NOTHING,
            words.describe_action(row, facts.session.home_of),
            row["line"] or words.NOTHING,
        )
        for row in done.head(_MOST_ACTIONS).to_dicts()
    ]
    yield Table("What we did", ("Day", "Who", "What", "In a few words"), tuple(rows))
