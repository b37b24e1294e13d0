"""Faults planted in the files of scores, health, plans, meetings and suspensions.

Each stands in the row of a child who is new on the roll, and is the only one of its row.
"""

from collections.abc import Mapping
from datetime import timedelta

from intake.contract import EHCP, HEALTH, PEP, SDQ, SUSPENSIONS
from synthetic.faults.page import EditableExport
from synthetic.faults.spare import UnusedRows, corrupt_check_letter


def inject_subject_faults(pages: Mapping[str, EditableExport], spare: UnusedRows) -> None:
    """Plant faults in each of the five files, and their children on the roll."""
    _inject_score_faults(pages[SDQ.name], spare)
    _inject_health_faults(pages[HEALTH.name], spare)
    _inject_plan_faults(pages[EHCP.name], spare)
    _inject_meeting_faults(pages[PEP.name], spare)
    _inject_encoding_fault(pages[SUSPENSIONS.name], spare)


def _day(spare: UnusedRows, days: int = 7) -> str:
    return (spare.entry + timedelta(days=days)).isoformat()


def _other_form(spare: UnusedRows) -> str:
    """A day in a form that the files do not write."""
    return f"{spare.entry + timedelta(days=8):%d/%m/%Y}"


def _inject_key_faults(page: EditableExport, spare: UnusedRows, good: dict[str, str]) -> None:
    """The faults that every file with pupil numbers and dates can have.

    `good` is a row without its number.  A good row comes first: the form of a column's
    first date is the column's.
    """
    twice = good | {"upn": spare.add_pupil()}
    page.append_row(twice)
    page.append_faulty_row("duplicate", "upn", twice)
    for fault, day in (
        ("missing value", ""),
        ("not a date", "2026-11-31"),
        ("two date forms", _other_form(spare)),
    ):
        page.append_faulty_row(fault, "date", good | {"upn": spare.add_pupil(), "date": day})
    page.append_faulty_row(
        "not a date", "date", good | {"upn": spare.add_pupil(), "date": good["date"] + " 9:15"}
    )
    page.append_faulty_row("not on the roll", "upn", good | {"upn": spare.generate_upn()})
    page.append_faulty_row(
        "UPN check letter", "upn", good | {"upn": corrupt_check_letter(spare.generate_upn())}
    )
    page.append_faulty_row("UPN form", "upn", good | {"upn": "A00199992600"})
    page.append_faulty_line("field count", f"{spare.add_pupil()},{good['date']}")


def _inject_score_faults(page: EditableExport, spare: UnusedRows) -> None:
    scales = {"emotional": "3", "conduct": "4", "hyperactivity": "5", "peer": "2"}
    good = {"date": _day(spare), "informant": "carer", "total": "14", "impact": "2"}
    good |= {**scales, "prosocial": "7"}
    _inject_key_faults(page, spare, good)
    alone = {"date": _day(spare), "informant": "carer"}

    def scored(**changes: str) -> dict[str, str]:
        return good | {"upn": spare.add_pupil()} | changes

    def total_alone(**changes: str) -> dict[str, str]:
        return alone | {"upn": spare.add_pupil()} | changes

    page.append_faulty_row("out of range", "total", total_alone(total="41"))
    page.append_faulty_row("out of range", "emotional", scored(emotional="11", total="22"))
    page.append_faulty_row("out of range", "prosocial", scored(prosocial="11"))
    page.append_faulty_row("out of range", "impact", scored(impact="11"))
    page.append_faulty_row("out of range", "impact", scored(informant="teacher", impact="7"))
    page.append_faulty_row("does not add up", "total", scored(total="15"))
    page.append_faulty_row(
        "does not add up", "total", scored(total="21")
    )  # with prosocial, which is not in it
    page.append_faulty_row("does not add up", "prosocial", scored(prosocial=""))
    page.append_faulty_row("does not add up", "conduct", scored(conduct="", peer=""))
    page.append_faulty_row("score or reason", "total", total_alone())
    page.append_faulty_row("score or reason", "total", total_alone(total="12", reason="SDQ2"))
    page.append_faulty_row("not allowed", "informant", scored(informant="parent"))
    page.append_faulty_row("not allowed", "reason", total_alone(reason="refused"))
    page.append_faulty_row("not a whole number", "total", total_alone(total="14.5"))
    page.append_faulty_row("not a whole number", "peer", scored(peer="-2"))


def _inject_health_faults(page: EditableExport, spare: UnusedRows) -> None:
    good = {"date": _day(spare), "kind": "dental check", "outcome": "done"}
    _inject_key_faults(page, spare, good | {"next_due": _day(spare, 370)})

    def event(**changes: str) -> dict[str, str]:
        return good | {"upn": spare.add_pupil()} | changes

    page.append_faulty_row("not allowed", "kind", event(kind="dentist"))
    page.append_faulty_row("not allowed", "outcome", event(outcome="yes"))
    page.append_faulty_row("not allowed", "reason", event(outcome="not done", reason="ill"))
    page.append_faulty_row("needed for outcome", "reason", event(reason="cancelled"))
    page.append_faulty_row(
        "needed for outcome", "reason", event(outcome="booked", reason="not offered")
    )
    page.append_faulty_row("dates out of order", "next_due", event(next_due=_day(spare, 6)))
    page.append_faulty_row("not a date", "next_due", event(next_due="autumn"))
    page.append_faulty_row("two date forms", "next_due", event(next_due=_other_form(spare)))


def _inject_plan_faults(page: EditableExport, spare: UnusedRows) -> None:
    good = {"date": _day(spare), "event": "plan issued", "primary_need": "SEMH"}
    _inject_key_faults(page, spare, good)

    def step(**changes: str) -> dict[str, str]:
        return good | {"upn": spare.add_pupil()} | changes

    page.append_faulty_row("not allowed", "event", step(event="final plan"))
    page.append_faulty_row("missing value", "event", step(event=""))
    page.append_faulty_row("not allowed", "primary_need", step(primary_need="autism"))
    page.append_faulty_row("needed for outcome", "primary_need", step(primary_need=""))


def _inject_meeting_faults(page: EditableExport, spare: UnusedRows) -> None:
    booked = {"date": _day(spare), "outcome": "booked"}
    good = {"date": _day(spare), "outcome": "held", "quality": "good"}
    good |= {"child_attended": "yes", "targets_set": "3"}
    _inject_key_faults(page, spare, good)

    def held(**changes: str) -> dict[str, str]:
        return good | {"upn": spare.add_pupil()} | changes

    def ahead(**changes: str) -> dict[str, str]:
        return booked | {"upn": spare.add_pupil()} | changes

    page.append_faulty_row("not allowed", "outcome", held(outcome="took place"))
    page.append_faulty_row("not allowed", "child_attended", held(child_attended="Y"))
    page.append_faulty_row("not allowed", "quality", held(quality="grade 2"))
    page.append_faulty_row("not a whole number", "targets_set", held(targets_set="three"))
    page.append_faulty_row("needed for outcome", "quality", ahead(quality="good"))
    page.append_faulty_row("needed for outcome", "child_attended", ahead(child_attended="no"))
    page.append_faulty_row("needed for outcome", "targets_set", ahead(targets_set="2"))


def _inject_encoding_fault(page: EditableExport, spare: UnusedRows) -> None:
    """A file that a spreadsheet wrote in its own encoding: the pound sign gives it away."""
    row = {"date": _day(spare), "category": "SUSP", "sessions": "2", "reason": "DM £40"}
    page.append_row(row | {"upn": spare.add_pupil()})
    page.encoding = "cp1252"
    page.record_fault("not UTF-8", "", 0)
