"""Plans of the cast, in the dates of 2026/27: steps of EHC plans and PEP meetings by forename."""

from datetime import date

from synthetic.subjects.records import REVIEW_MEETING, Meeting, Step

_day = date.fromisoformat


def _build_steps(*steps: tuple[str, str], need: str | None = None) -> tuple[Step, ...]:
    """Steps by day; `need` stands with a request and a plan that is issued."""
    told = ("requested", "plan issued")
    return tuple(Step(_day(day), event, need if event in told else None) for day, event in steps)


def _build_held_meetings(
    quality: str, days: str, attended: str = "yes", targets: int = 3
) -> tuple[Meeting, ...]:
    """Meetings that went alike."""
    return tuple(Meeting(_day(day), quality, attended, targets) for day in days.split())


def _build_booked_meeting(day: str, booked_on: str, quality: str) -> Meeting:
    """A meeting of which the booking was known first."""
    return Meeting(_day(day), quality, "yes", 3, booked_on=_day(booked_on))


STEPS: dict[str, tuple[Step, ...]] = {
    # A plan for speech and language that was no longer needed.
    "Ruby": _build_steps(
        ("2022-10-04", "plan issued"),
        ("2023-09-26", REVIEW_MEETING),
        ("2023-10-05", "report sent"),
        ("2023-10-17", "decided to keep"),
        ("2024-09-24", REVIEW_MEETING),
        ("2024-10-03", "report sent"),
        ("2024-10-15", "decided to keep"),
        ("2025-09-23", REVIEW_MEETING),
        ("2025-10-02", "report sent"),
        ("2025-10-16", "decided to cease"),
        ("2025-11-18", "ceased"),
        need="SLCN",
    ),
    # Ten weeks before 20 November; no decision by the sixth.
    "Mason": _build_steps(("2026-09-11", "requested"), need="SEMH"),
    "Freya": (
        *_build_steps(
            ("2024-12-10", "plan issued"),
            ("2025-12-02", REVIEW_MEETING),
            ("2025-12-12", "report sent"),
            ("2025-12-23", "decided to amend"),
            ("2026-02-17", "amended plan issued"),
            need="ASD",
        ),
        Step(_day("2026-12-08"), REVIEW_MEETING, booked_on=_day("2026-10-09")),
    ),
    # Agreed in week 6, issued in week 26; the first review is due on 9 December 2026.
    "Alfie": _build_steps(
        ("2025-06-10", "requested"),
        ("2025-07-22", "agreed to assess"),
        ("2025-07-24", "advice asked"),
        ("2025-09-04", "advice given"),
        ("2025-10-28", "draft issued"),
        ("2025-12-09", "plan issued"),
        need="SEMH",
    ),
    "Isla": _build_steps(("2026-02-03", "requested"), ("2026-03-16", "refused to assess")),
    # The school's advice is due on 30 November.
    "Oscar": _build_steps(
        ("2026-09-08", "requested"),
        ("2026-10-15", "agreed to assess"),
        ("2026-10-19", "advice asked"),
        need="SEMH",
    ),
}

MEETINGS: dict[str, tuple[Meeting, ...]] = {
    "Ruby": (
        *_build_held_meetings("good", "2024-10-16 2025-02-05 2025-06-18"),
        *_build_held_meetings(
            "outstanding", "2025-10-15 2026-02-04 2026-06-17 2026-10-14", targets=4
        ),
    ),
    # None this autumn, and none arranged.
    "Mason": (
        *_build_held_meetings("good", "2024-03-20 2024-06-12 2024-10-09"),
        *_build_held_meetings("good", "2025-02-12 2025-06-11 2025-10-08 2026-02-11"),
        *_build_held_meetings("requires improvement", "2026-06-17", attended="no", targets=2),
    ),
    "Freya": _build_held_meetings("developing", "2025-10-08 2026-02-11 2026-06-10 2026-10-07"),
    # None in the summer term of 2026, whose duty the meeting of November ends.
    "Jayden": (
        *_build_held_meetings("good", "2025-10-01"),
        *_build_held_meetings("developing", "2026-02-25", attended="no", targets=2),
        *_build_held_meetings("developing", "2026-11-11", attended="no"),
    ),
    # The first two working days before the 20th, 9 March.
    "Leo": (
        *_build_held_meetings("good", "2026-03-05 2026-06-24"),
        _build_booked_meeting("2026-12-02", "2026-11-05", "good"),
    ),
    "Poppy": _build_held_meetings("good", "2026-09-30"),
    # A week after the 20th working day.
    "Theodore": (_build_booked_meeting("2026-11-25", "2026-11-11", "developing"),),
    "Alfie": (
        *_build_held_meetings(
            "requires improvement", "2023-10-11 2024-02-07 2024-06-12", attended="no"
        ),
        *_build_held_meetings("good", "2024-10-02 2025-02-12 2025-06-11 2025-10-01", attended="no"),
        *_build_held_meetings("good", "2026-02-11 2026-06-03 2026-09-23", targets=5),
    ),
}
