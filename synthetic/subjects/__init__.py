"""The files about a made-up child other than the register, in modules by subject."""

from synthetic.subjects import (
    care_history,
    concerns,
    health,
    learning,
    meetings,
    outcomes,
    plans,
    protection,
    sdq,
    support,
    suspensions,
)
from synthetic.subjects.records import Subject

__all__ = ["SUBJECTS"]

#: All subjects.  A subject that is added here gets a file, and a table in the cast's stories.
SUBJECTS: tuple[Subject, ...] = (
    health.SUBJECT,
    plans.SUBJECT,
    meetings.SUBJECT,
    protection.SUBJECT,
    *care_history.SUBJECTS,
    *learning.SUBJECTS,
    *support.SUBJECTS,
    *outcomes.SUBJECTS,
    suspensions.SUBJECT,
    sdq.SUBJECT,
    concerns.SUBJECT,
)
