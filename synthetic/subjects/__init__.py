"""What the files say of a made-up child beside its marks: a module for each file."""

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

#: Every subject.  One that is added here has a file, and a table in the cast's stories.
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
