"""Scores and health of the cast, in the dates of 2026/27: SDQ and health events by forename.

Nobody has sent an SDQ for Alfie or Theo, nor any record of Freya's health.
"""

from datetime import date

from synthetic.subjects.records import (
    CARER,
    DENTAL,
    IMMUNISATIONS,
    INITIAL,
    NOT_DONE,
    OPTICIAN,
    REVIEW,
    SELF,
    TEACHER,
    Check,
    Score,
)

_day = date.fromisoformat


def _build_score(
    day: str, informant: str, total: int, scales: str = "", impact: int | None = None
) -> Score:
    """A scored form; `scales`: emotional, conduct, hyperactivity, peer, prosocial, or none."""
    dealt = tuple(int(scale) for scale in scales.split())
    return Score(_day(day), informant, total, dealt or None, impact)


def _build_done_checks(kind: str, days: str) -> tuple[Check, ...]:
    """Events of one kind that took place."""
    return tuple(Check(_day(day), kind) for day in days.split())


SCORES: dict[str, tuple[Score, ...]] = {
    # Falling: 22, 19, 14.
    "Ruby": (
        _build_score("2024-10-08", CARER, 22, "6 5 7 4 6", 4),
        _build_score("2025-10-07", CARER, 19, "5 4 6 4 7", 3),
        _build_score("2026-10-06", CARER, 14, "3 3 5 3 8", 1),
    ),
    # Rising: 10, 12, 15, and 21 after the move; 11 years old since 2 November.
    "Mason": (
        _build_score("2024-04-10", CARER, 10, "2 2 4 2 8", 0),
        _build_score("2025-03-11", CARER, 12, "3 2 5 2 7", 1),
        _build_score("2026-03-10", CARER, 15, "4 3 5 3 7", 2),
        _build_score("2026-11-04", CARER, 21, "6 5 6 4 5", 5),
        _build_score("2026-11-06", TEACHER, 16, "4 4 5 3 6", 3),
        _build_score("2026-11-09", SELF, 18, "5 4 6 3 6", 3),
    ),
    "Freya": (
        _build_score("2024-12-03", CARER, 12),
        _build_score("2025-12-02", CARER, 11, "4 1 3 3 9", 0),
    ),
    # A reason first, then a total alone.
    "Jayden": (
        Score(_day("2025-11-12"), CARER, reason="SDQ2"),
        _build_score("2026-03-04", CARER, 17),
    ),
    # 16 twice: the middle band from a carer, the top one from a teacher.
    "Leo": (
        _build_score("2026-03-10", CARER, 16, "5 3 5 3 8", 2),
        _build_score("2026-03-24", TEACHER, 16, "4 3 6 3 7", 2),
    ),
    "Poppy": (
        _build_score("2024-02-20", CARER, 20, "5 5 7 3 6", 4),
        _build_score("2025-02-25", CARER, 18, "4 4 7 3 6", 3),
        _build_score("2026-02-24", CARER, 18, "5 4 6 3 7", 3),
    ),
    "Isla": (_build_score("2026-10-13", TEACHER, 18, "5 4 6 3 6", 3),),
    "Grace": (
        _build_score("2024-03-12", CARER, 13, "3 3 5 2 8", 1),
        _build_score("2025-03-11", CARER, 11, "2 3 4 2 9", 0),
    ),
    "Oscar": (_build_score("2026-10-20", TEACHER, 22, "3 7 8 4 4", 4),),
}

CHECKS: dict[str, tuple[Check, ...]] = {
    # Under five until January 2022, so the second assessment came after six months.
    "Ruby": (
        *_build_done_checks(INITIAL, "2021-07-08"),
        *_build_done_checks(REVIEW, "2022-01-06 2022-07-05 2023-06-27 2024-06-18 2025-06-17"),
        Check(_day("2026-06-16"), REVIEW, next_due=_day("2027-06-16")),
        *_build_done_checks(IMMUNISATIONS, "2023-06-27 2024-06-18 2025-06-17 2026-06-16"),
        *_build_done_checks(DENTAL, "2023-11-08 2024-11-06 2025-11-05 2026-11-04"),
        *_build_done_checks(OPTICIAN, "2026-04-01"),
    ),
    # Good Friday and Easter Monday put the 20th working day on 2 April 2024.
    "Mason": (
        *_build_done_checks(INITIAL, "2024-04-02"),
        *_build_done_checks(REVIEW, "2025-03-25 2026-03-24"),
        *_build_done_checks(IMMUNISATIONS, "2024-04-02 2025-03-25 2026-03-24"),
        *_build_done_checks(DENTAL, "2024-06-12 2025-06-04 2026-06-03"),
        Check(_day("2026-12-08"), OPTICIAN, booked_on=_day("2026-11-09")),
    ),
    # The dental check of 30 September is overdue; the review came due on 20 October.
    "Jayden": (
        *_build_done_checks(DENTAL, "2025-09-30"),
        Check(_day("2025-10-21"), REVIEW, next_due=_day("2026-10-20")),
        *_build_done_checks(IMMUNISATIONS, "2025-10-21"),
        Check(_day("2026-09-29"), DENTAL, NOT_DONE, reason="cancelled"),
        Check(_day("2026-12-03"), REVIEW, booked_on=_day("2026-11-12")),
    ),
    # Three working days after the 20th, which was 9 March.
    "Leo": (
        *_build_done_checks(INITIAL, "2026-03-12"),
        *_build_done_checks(IMMUNISATIONS, "2026-03-12"),
        *_build_done_checks(DENTAL, "2026-09-15"),
        *_build_done_checks(OPTICIAN, "2026-11-17"),
    ),
    "Poppy": (
        *_build_done_checks(INITIAL, "2024-02-08"),
        *_build_done_checks(REVIEW, "2025-02-04 2026-02-03"),
        *_build_done_checks(IMMUNISATIONS, "2024-02-08 2025-02-04 2026-02-03"),
        *_build_done_checks(DENTAL, "2024-05-14 2025-05-13 2026-05-12"),
    ),
    # The 20th working day itself.
    "Theodore": (
        Check(_day("2026-11-18"), INITIAL, booked_on=_day("2026-10-30")),
        Check(_day("2026-12-09"), DENTAL, booked_on=_day("2026-11-18")),
    ),
    "Alfie": (
        *_build_done_checks(INITIAL, "2022-05-10"),
        *_build_done_checks(REVIEW, "2023-05-09 2024-04-30 2025-05-06 2026-04-28"),
        *_build_done_checks(IMMUNISATIONS, "2022-05-10 2023-05-09 2024-04-30 2025-05-06"),
        Check(_day("2026-04-28"), IMMUNISATIONS, NOT_DONE, reason="child refused"),
        *_build_done_checks(DENTAL, "2022-08-23 2023-08-22 2024-08-20 2025-08-19 2026-08-18"),
    ),
    "Grace": (
        *_build_done_checks(INITIAL, "2024-02-27"),
        *_build_done_checks(REVIEW, "2025-02-18 2026-02-17"),
        *_build_done_checks(IMMUNISATIONS, "2024-02-27 2025-02-18 2026-02-17"),
        *_build_done_checks(DENTAL, "2024-06-04 2025-06-03"),
    ),
}
