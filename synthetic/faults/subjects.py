"""Faults planted in the files of scores, health, plans, meetings and suspensions.

Each stands in the row of a child who is new on the roll, and is the only one of its row.
"""

from collections.abc import Mapping
from datetime import timedelta

from intake.contract import EHCP, HEALTH, PEP, SDQ, SUSPENSIONS
from synthetic.faults.page import Page
from synthetic.faults.spare import Spare, other_letter


def spoil_subjects(pages: Mapping[str, Page], spare: Spare) -> None:
    """Plant faults in each of the five files, and their children on the roll."""
    _spoil_scores(pages[SDQ.name], spare)
    _spoil_health(pages[HEALTH.name], spare)
    _spoil_plans(pages[EHCP.name], spare)
    _spoil_meetings(pages[PEP.name], spare)
    _spoil_suspensions(pages[SUSPENSIONS.name], spare)


def _day(spare: Spare, days: int = 7) -> str:
    return (spare.entry + timedelta(days=days)).isoformat()


def _other_form(spare: Spare) -> str:
    """A day in a form that the files do not write."""
    return f"{spare.entry + timedelta(days=8):%d/%m/%Y}"


def _spoil_keys(page: Page, spare: Spare, good: dict[str, str]) -> None:
    """The faults that every file with pupil numbers and dates can have.

    `good` is a row without its number.  A good row comes first: the form of a column's
    first date is the column's.
    """
    twice = good | {"upn": spare.child()}
    page.add(twice)
    page.plant("duplicate", "upn", twice)
    for fault, day in (
        ("missing value", ""),
        ("not a date", "2026-11-31"),
        ("two date forms", _other_form(spare)),
    ):
        page.plant(fault, "date", good | {"upn": spare.child(), "date": day})
    page.plant("spaces around", "date", good | {"upn": spare.child(), "date": good["date"] + " "})
    page.plant("not on the roll", "upn", good | {"upn": spare.upn()})
    page.plant("UPN check letter", "upn", good | {"upn": other_letter(spare.upn())})
    page.plant("UPN form", "upn", good | {"upn": "A00199992600"})
    page.plant_raw("field count", f"{spare.child()},{good['date']}")


def _spoil_scores(page: Page, spare: Spare) -> None:
    scales = {"emotional": "3", "conduct": "4", "hyperactivity": "5", "peer": "2"}
    good = {"date": _day(spare), "informant": "carer", "total": "14", "impact": "2"}
    good |= {**scales, "prosocial": "7"}
    _spoil_keys(page, spare, good)
    alone = {"date": _day(spare), "informant": "carer"}

    def scored(**changes: str) -> dict[str, str]:
        return good | {"upn": spare.child()} | changes

    def total_alone(**changes: str) -> dict[str, str]:
        return alone | {"upn": spare.child()} | changes

    page.plant("out of range", "total", total_alone(total="41"))
    page.plant("out of range", "emotional", scored(emotional="11", total="22"))
    page.plant("out of range", "prosocial", scored(prosocial="11"))
    page.plant("out of range", "impact", scored(impact="11"))
    page.plant("out of range", "impact", scored(informant="teacher", impact="7"))
    page.plant("does not add up", "total", scored(total="15"))
    page.plant("does not add up", "total", scored(total="21"))  # with prosocial, which is not in it
    page.plant("does not add up", "prosocial", scored(prosocial=""))
    page.plant("does not add up", "conduct", scored(conduct="", peer=""))
    page.plant("score or reason", "total", total_alone())
    page.plant("score or reason", "total", total_alone(total="12", reason="SDQ2"))
    page.plant("not allowed", "informant", scored(informant="parent"))
    page.plant("not allowed", "reason", total_alone(reason="refused"))
    page.plant("not a whole number", "total", total_alone(total="14.5"))
    page.plant("not a whole number", "peer", scored(peer="-2"))


def _spoil_health(page: Page, spare: Spare) -> None:
    good = {"date": _day(spare), "kind": "dental check", "outcome": "done"}
    _spoil_keys(page, spare, good | {"next_due": _day(spare, 370)})

    def event(**changes: str) -> dict[str, str]:
        return good | {"upn": spare.child()} | changes

    page.plant("not allowed", "kind", event(kind="dentist"))
    page.plant("not allowed", "outcome", event(outcome="yes"))
    page.plant("not allowed", "reason", event(outcome="not done", reason="ill"))
    page.plant("needed for outcome", "reason", event(reason="cancelled"))
    page.plant("needed for outcome", "reason", event(outcome="booked", reason="not offered"))
    page.plant("dates out of order", "next_due", event(next_due=_day(spare, 6)))
    page.plant("not a date", "next_due", event(next_due="autumn"))
    page.plant("two date forms", "next_due", event(next_due=_other_form(spare)))


def _spoil_plans(page: Page, spare: Spare) -> None:
    good = {"date": _day(spare), "event": "plan issued", "primary_need": "SEMH"}
    _spoil_keys(page, spare, good)

    def step(**changes: str) -> dict[str, str]:
        return good | {"upn": spare.child()} | changes

    page.plant("not allowed", "event", step(event="final plan"))
    page.plant("missing value", "event", step(event=""))
    page.plant("not allowed", "primary_need", step(primary_need="autism"))
    page.plant("needed for outcome", "primary_need", step(primary_need=""))


def _spoil_meetings(page: Page, spare: Spare) -> None:
    booked = {"date": _day(spare), "outcome": "booked"}
    good = {"date": _day(spare), "outcome": "held", "quality": "good"}
    good |= {"child_attended": "yes", "targets_set": "3"}
    _spoil_keys(page, spare, good)

    def held(**changes: str) -> dict[str, str]:
        return good | {"upn": spare.child()} | changes

    def ahead(**changes: str) -> dict[str, str]:
        return booked | {"upn": spare.child()} | changes

    page.plant("not allowed", "outcome", held(outcome="Held"))
    page.plant("not allowed", "child_attended", held(child_attended="Y"))
    page.plant("not allowed", "quality", held(quality="grade 2"))
    page.plant("not a whole number", "targets_set", held(targets_set="three"))
    page.plant("needed for outcome", "quality", ahead(quality="good"))
    page.plant("needed for outcome", "child_attended", ahead(child_attended="no"))
    page.plant("needed for outcome", "targets_set", ahead(targets_set="2"))


def _spoil_suspensions(page: Page, spare: Spare) -> None:
    """A file that a spreadsheet wrote in its own encoding: the pound sign gives it away."""
    row = {"date": _day(spare), "category": "SUSP", "sessions": "2", "reason": "DM £40"}
    page.add(row | {"upn": spare.child()})
    page.encoding = "cp1252"
    page.note("not UTF-8", "", 0)
