"""duty: what a practitioner works out by hand for a child, one line a duty.

`facts` are records of one child in short, `duty` is a rule and the day on which its clock
started, with the last day and the status that must come out; a status may end with "late".
Two lines of a child's facts are held apart by a semicolon.  "none": no such duty.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import pytest

from tests.conftest import YEAR_2026, Answer, Given

#: The year before: spring ends on Friday 27 March before Easter Sunday, 5 April.
YEAR_2025 = """
    2025-09-02 | 2025-10-24 | school day
    2025-11-03 | 2025-12-19 | school day
    2026-01-05 | 2026-02-13 | school day
    2026-02-23 | 2026-03-27 | school day
    2026-04-13 | 2026-05-01 | school day
    2026-05-05 | 2026-05-22 | school day
    2026-06-01 | 2026-07-21 | school day"""

CASES = """
as_at      | facts | duty | due | status

# a first PEP: 20 working days from becoming looked after
2026-11-20 | care 2026-11-02 | PEP_COMPLETE 2026-11-02 | 2026-11-30 | due soon
2026-11-20 | care 2026-10-05 | PEP_COMPLETE 2026-10-05 | 2026-11-02 | overdue
2026-11-20 | care 2026-10-03 | PEP_COMPLETE 2026-10-03 | 2026-10-30 | overdue
2026-11-20 | care 2026-10-02 | PEP_COMPLETE 2026-10-02 | 2026-10-30 | overdue
2026-11-20 | care 2026-10-05; pep 2026-11-02 | PEP_COMPLETE 2026-10-05 | 2026-11-02 | done
2026-11-20 | care 2026-10-05; pep 2026-11-03 | PEP_COMPLETE 2026-10-05 | 2026-11-02 | done late
2026-11-20 | care 2026-10-05; pep 2026-10-04 | PEP_COMPLETE 2026-10-05 | 2026-11-02 | overdue
2026-11-20 | care 2026-10-05; booked 2026-11-25 | PEP_COMPLETE 2026-10-05 | 2026-11-02 | booked late
2026-11-20 | care 2026-10-05; booked 2026-11-19 | PEP_COMPLETE 2026-10-05 | 2026-11-02 | overdue
2026-11-20 | unknown 2026-06-01 | PEP_COMPLETE 2026-06-01 | - | cannot be known
2026-11-20 | care 2024-01-08 2025-03-03; care 2026-10-19 | PEP_COMPLETE 2026-10-19 | 2026-11-16 | overdue
2026-11-20 | care 2026-10-05 2026-11-20 | PEP_COMPLETE 2026-10-05 | none | none
2026-11-20 | plac 2024-01-08 | PEP_COMPLETE 2024-01-08 | none | none
2026-11-20 | need 2026-10-05 | PEP_COMPLETE 2026-10-05 | none | none
2027-01-08 | care 2026-12-14 | PEP_COMPLETE 2026-12-14 | 2027-01-14 | due soon
2027-04-20 | care 2027-03-15 | PEP_COMPLETE 2027-03-15 | 2027-04-14 | overdue

# a PEP in each term: whoever was looked after before it began
2026-11-20 | care 2025-01-06 | PEP_REVIEW 2026-09-02 | 2026-12-18 | due soon
2026-11-20 | care 2025-01-06; pep 2026-09-02 | PEP_REVIEW 2026-09-02 | 2026-12-18 | done
2026-11-20 | care 2025-01-06; pep 2026-09-01 | PEP_REVIEW 2026-09-02 | 2026-12-18 | due soon
2026-11-20 | care 2025-01-06; pep 2026-11-20 | PEP_REVIEW 2026-09-02 | 2026-12-18 | done
2026-11-20 | care 2025-01-06; booked 2026-12-02 | PEP_REVIEW 2026-09-02 | 2026-12-18 | booked
2026-11-20 | care 2025-01-06; booked 2027-01-14 | PEP_REVIEW 2026-09-02 | 2026-12-18 | due soon
2026-11-20 | care 2026-09-01 | PEP_REVIEW 2026-09-02 | 2026-12-18 | due soon
2026-11-20 | care 2026-09-02 | PEP_REVIEW 2026-09-02 | none | none
2026-11-20 | care 2026-10-05 | PEP_REVIEW 2026-09-02 | none | none
2026-11-20 | unknown 2026-06-01 | PEP_REVIEW 2026-09-02 | 2026-12-18 | due soon
2026-11-20 | need 2025-10-05 | PEP_REVIEW 2026-09-02 | none | none

# a term that was missed stays missed; a late meeting is the next term's
2026-05-15 | care 2025-01-06; pep 2025-10-07; pep 2026-05-11 | PEP_REVIEW 2025-09-02 | 2025-12-19 | done
2026-05-15 | care 2025-01-06; pep 2025-10-07; pep 2026-05-11 | PEP_REVIEW 2026-01-05 | 2026-03-27 | missed
2026-05-15 | care 2025-01-06; pep 2025-10-07; pep 2026-05-11 | PEP_REVIEW 2026-04-13 | 2026-07-21 | done
2026-05-15 | care 2025-01-06; pep 2025-10-07 | PEP_REVIEW 2026-01-05 | 2026-03-27 | overdue
2026-05-15 | care 2025-01-06; pep 2025-10-07; booked 2026-06-10 | PEP_REVIEW 2026-01-05 | 2026-03-27 | missed
2026-05-15 | care 2025-01-06; pep 2025-10-07; booked 2026-06-10 | PEP_REVIEW 2026-04-13 | 2026-07-21 | booked
2026-05-15 | care 2025-01-06; pep 2026-05-11 | PEP_REVIEW 2025-09-02 | 2025-12-19 | missed
2026-05-15 | care 2025-01-06; pep 2026-04-02 | PEP_REVIEW 2026-01-05 | 2026-03-27 | done late
2026-05-15 | care 2025-01-06; pep 2026-04-02 | PEP_REVIEW 2026-04-13 | 2026-07-21 | later
2027-01-08 | care 2025-01-06 | PEP_REVIEW 2026-09-02 | 2026-12-18 | overdue
2027-01-08 | care 2025-01-06; pep 2026-12-18 | PEP_REVIEW 2026-09-02 | 2026-12-18 | done
2027-01-08 | care 2025-01-06; pep 2026-12-29 | PEP_REVIEW 2026-09-02 | 2026-12-18 | done late
2027-01-08 | care 2025-01-06; pep 2027-01-04 | PEP_REVIEW 2026-09-02 | 2026-12-18 | missed
2027-01-08 | care 2025-01-06; pep 2027-01-04 | PEP_REVIEW 2027-01-04 | 2027-03-25 | done

# a child who joined the school in care has a PEP within 20 school days and in the term
2026-11-20 | care 2023-05-01; roll 2026-09-21 | PEP_JOINED 2026-09-21 | 2026-10-19 | overdue
2026-11-20 | care 2023-05-01; roll 2026-09-21 | PEP_REVIEW 2026-09-21 | 2026-12-18 | due soon
2026-11-20 | care 2023-05-01; roll 2026-09-21; pep 2026-10-19 | PEP_JOINED 2026-09-21 | 2026-10-19 | done
2026-11-20 | care 2023-05-01; roll 2026-09-21; pep 2026-10-20 | PEP_JOINED 2026-09-21 | 2026-10-19 | done late
2026-11-20 | care 2023-05-01; roll 2026-09-21; pep 2026-10-20 | PEP_REVIEW 2026-09-21 | 2026-12-18 | done
2026-11-20 | care 2023-05-01; roll 2026-09-21; pep 2026-09-18 | PEP_JOINED 2026-09-21 | 2026-10-19 | overdue
2026-11-20 | care 2023-05-01; roll 2026-09-21; booked 2026-11-27 | PEP_JOINED 2026-09-21 | 2026-10-19 | booked late
2026-11-20 | care 2023-05-01; roll 2026-09-02 | PEP_JOINED 2026-09-02 | 2026-09-30 | overdue
2026-11-20 | care 2023-05-01; roll 2026-11-16 | PEP_JOINED 2026-11-16 | 2026-12-14 | due soon
2026-11-20 | care 2023-05-01; roll 2026-11-20 | PEP_JOINED 2026-11-20 | 2026-12-18 | due soon
2026-11-20 | care 2023-05-01; roll 2026-11-20 | PEP_REVIEW 2026-11-20 | 2026-12-18 | due soon
2026-12-10 | care 2023-05-01; roll 2026-11-23 | PEP_JOINED 2026-11-23 | 2027-01-04 | due soon
2026-12-10 | care 2023-05-01; roll 2026-11-23 | PEP_REVIEW 2026-11-23 | none | none
2026-11-20 | care 2026-09-07; roll 2026-11-02 | PEP_JOINED 2026-11-02 | 2026-11-30 | due soon
2026-11-20 | care 2026-09-07; roll 2026-11-02 | PEP_COMPLETE 2026-09-07 | none | none
2026-11-20 | care 2026-10-26; roll 2026-11-02 | PEP_COMPLETE 2026-10-26 | 2026-11-23 | due soon
2026-11-20 | care 2026-10-26; roll 2026-11-02 | PEP_JOINED 2026-11-02 | none | none
2026-11-20 | unknown 2026-06-01; roll 2026-09-21 | PEP_JOINED 2026-09-21 | 2026-10-19 | overdue
2026-11-20 | care 2026-10-05; roll 2026-09-21 | PEP_JOINED 2026-09-21 | none | none
2026-11-20 | care 2021-05-04; roll 2023-09-04 | PEP_JOINED 2023-09-04 | none | none

# health
2026-11-20 | care 2026-11-02 | IHA 2026-11-02 | 2026-11-30 | due soon
2026-11-20 | care 2026-10-05 | IHA 2026-10-05 | 2026-11-02 | waiting on others
2026-11-20 | care 2026-10-05; health 2026-11-02 initial assessment | IHA 2026-10-05 | 2026-11-02 | done
2026-11-20 | care 2026-10-05; health 2026-11-03 initial assessment | IHA 2026-10-05 | 2026-11-02 | done late
2026-11-20 | unknown 2026-10-05 | IHA 2026-10-05 | - | cannot be known
2026-11-20 | care 2025-01-06; health 2025-11-20 review assessment | RHA_5PLUS 2025-11-20 | 2026-11-20 | due soon
2026-11-20 | care 2025-01-06; health 2025-11-19 review assessment | RHA_5PLUS 2025-11-19 | 2026-11-19 | waiting on others
2026-11-20 | care 2025-01-06; health 2025-12-18 review assessment | RHA_5PLUS 2025-12-18 | 2026-12-18 | due soon
2026-11-20 | care 2025-01-06; health 2025-12-19 review assessment | RHA_5PLUS 2025-12-19 | 2026-12-19 | later
2026-11-20 | care 2024-01-08; health 2024-02-29 review assessment | RHA_5PLUS 2024-02-29 | 2025-02-28 | waiting on others
2026-11-20 | care 2025-01-06; health 2025-11-20 dental check | DENTAL_YEARLY 2025-11-20 | 2026-11-20 | due soon
2026-11-20 | care 2025-01-06; health 2025-11-19 dental check | DENTAL_YEARLY 2025-11-19 | 2026-11-19 | waiting on others

# the yearly SDQ: a score or the reason why there is none
2026-11-20 | care 2025-01-06; sdq 2025-11-20 | SDQ_YEARLY 2025-11-20 | 2026-11-20 | due soon
2026-11-20 | care 2025-01-06; sdq 2025-11-19 | SDQ_YEARLY 2025-11-19 | 2026-11-19 | waiting on others
2026-11-20 | care 2025-01-06; sdq 2025-11-19; sdq 2026-11-19 | SDQ_YEARLY 2025-11-19 | 2026-11-19 | done
2026-11-20 | care 2025-01-06; sdq 2025-11-19; sdq 2026-11-20 | SDQ_YEARLY 2025-11-19 | 2026-11-19 | done late
2026-11-20 | care 2025-01-06; sdq 2025-05-10; reason 2026-05-08 | SDQ_YEARLY 2025-05-10 | 2026-05-10 | reason given
2026-11-20 | care 2025-01-06; sdq 2025-05-10; reason 2026-05-18 | SDQ_YEARLY 2025-05-10 | 2026-05-10 | reason given late
2026-11-20 | care 2025-01-06; sdq 2025-05-10; reason 2026-05-08 | SDQ_YEARLY 2026-05-08 | 2027-05-08 | later
2026-11-20 | care 2025-11-10; reason 2026-11-09 | SDQ_YEARLY 2025-11-10 | none | none
2026-11-20 | care 2026-09-10 | SDQ_YEARLY 2026-09-10 | 2027-09-10 | later

# a request for a plan: 6, 16 and 20 weeks; a lawful reason for a delay ends the count
2026-11-20 | plan 2026-10-12 requested | EHC_DECIDE_ASSESS 2026-10-12 | 2026-11-23 | due soon
2026-11-20 | plan 2026-10-12 requested | EHC_REFUSE_PLAN 2026-10-12 | 2027-02-01 | later
2026-11-20 | plan 2026-10-12 requested | EHC_FINAL 2026-10-12 | 2027-03-01 | later
2026-11-20 | plan 2026-10-05 requested | EHC_DECIDE_ASSESS 2026-10-05 | 2026-11-16 | waiting on others
2026-11-20 | plan 2026-10-05 requested; plan 2026-11-16 agreed to assess | EHC_DECIDE_ASSESS 2026-10-05 | 2026-11-16 | done
2026-11-20 | plan 2026-10-05 requested; plan 2026-11-17 refused to assess | EHC_DECIDE_ASSESS 2026-10-05 | 2026-11-16 | done late
2026-11-20 | plan 2026-10-05 requested; plan 2026-11-17 refused to assess | EHC_FINAL 2026-10-05 | none | none
2026-11-20 | plan 2026-06-29 requested; plan 2026-07-20 lawful delay | EHC_DECIDE_ASSESS 2026-06-29 | - | cannot be known
2026-11-20 | plan 2026-06-29 requested; plan 2026-07-20 lawful delay | EHC_FINAL 2026-06-29 | - | cannot be known
2026-11-20 | plan 2026-06-29 requested; plan 2026-06-28 lawful delay | EHC_FINAL 2026-06-29 | 2026-11-16 | waiting on others
2026-11-20 | plan 2026-06-29 requested; plan 2026-07-20 lawful delay; plan 2026-11-18 plan issued | EHC_FINAL 2026-06-29 | - | done
2026-11-20 | plan 2026-10-09 advice asked | EHC_ADVICE 2026-10-09 | 2026-11-20 | due soon
2026-11-20 | plan 2026-10-08 advice asked | EHC_ADVICE 2026-10-08 | 2026-11-19 | overdue
2026-11-20 | plan 2026-10-08 advice asked; plan 2026-10-12 lawful delay | EHC_ADVICE 2026-10-08 | - | cannot be known

# the annual review: concluded within 12 months starting with the day, met 4 weeks before
2026-11-20 | plan 2025-10-01 plan issued | EHC_AR_MEETING 2025-10-01 | 2026-09-02 | overdue
2026-11-20 | plan 2025-10-01 plan issued | EHC_AR_YEAR 2025-10-01 | 2026-09-30 | waiting on others
2026-11-20 | plan 2025-11-15 decided to keep | EHC_AR_YEAR 2025-11-15 | 2026-11-14 | waiting on others
2026-11-20 | plan 2025-11-15 decided to keep | EHC_AR_MEETING 2025-11-15 | 2026-10-17 | overdue
2026-11-20 | plan 2025-12-10 plan issued | EHC_AR_MEETING 2025-12-10 | 2026-11-11 | overdue
2026-11-20 | plan 2025-12-19 plan issued | EHC_AR_MEETING 2025-12-19 | 2026-11-20 | due soon
2026-11-20 | plan 2024-02-29 plan issued | EHC_AR_YEAR 2024-02-29 | 2025-02-28 | waiting on others
2026-11-20 | plan 2025-03-01 plan issued | EHC_AR_YEAR 2025-03-01 | 2026-02-28 | waiting on others
2026-11-20 | plan 2025-10-01 plan issued; plan 2026-09-02 review meeting | EHC_AR_MEETING 2025-10-01 | 2026-09-02 | done
2026-11-20 | plan 2025-10-01 plan issued; plan 2026-09-03 review meeting | EHC_AR_MEETING 2025-10-01 | 2026-09-02 | done late
2026-11-20 | plan 2025-10-01 plan issued; plan 2026-09-02 review meeting | EHC_AR_YEAR 2025-10-01 | 2026-09-30 | waiting on others
2026-11-20 | plan 2025-10-01 plan issued; plan 2026-09-02 review meeting; plan 2026-09-30 decided to keep | EHC_AR_YEAR 2025-10-01 | 2026-09-30 | done
2026-11-20 | plan 2025-10-01 plan issued; plan 2026-09-02 review meeting; plan 2026-10-01 decided to cease | EHC_AR_YEAR 2025-10-01 | 2026-09-30 | done late
2026-11-20 | plan 2025-10-01 plan issued; plan 2026-09-02 review meeting; plan 2026-10-01 decided to cease | EHC_AR_MEETING 2026-10-01 | none | none
2026-11-20 | plan 2025-10-01 plan issued; plan 2026-11-25 review booked | EHC_AR_MEETING 2025-10-01 | 2026-09-02 | booked late
2026-11-20 | plan 2026-09-02 review meeting | EHC_AR_REPORT 2026-09-02 | 2026-09-16 | overdue
2026-11-20 | plan 2026-09-02 review meeting | EHC_AR_DECISION 2026-09-02 | 2026-09-30 | waiting on others
2026-11-20 | plan 2026-06-10 review meeting; plan 2026-06-30 decided to amend | EHC_AR_FINAL 2026-06-30 | 2026-08-25 | waiting on others
2026-11-20 | plan 2026-06-30 decided to amend; plan 2026-08-25 amended plan issued | EHC_AR_FINAL 2026-06-30 | 2026-08-25 | done
2026-11-20 | plan 2026-06-30 decided to amend; plan 2026-08-26 amended plan issued | EHC_AR_FINAL 2026-06-30 | 2026-08-25 | done late
2026-11-20 | plan 2026-06-10 review meeting; plan 2026-06-30 decided to keep | EHC_AR_FINAL 2026-06-30 | none | none
2026-11-20 | roll 2024-09-03 6; plan 2024-05-06 plan issued | EHC_PHASE_TRANSFER 2026-09-01 | 2027-02-15 | later
2026-11-20 | roll 2024-09-03 5; plan 2024-05-06 plan issued | EHC_PHASE_TRANSFER 2026-09-01 | none | none

# a mark of N has five school days
2026-11-20 | mark 2026-11-13 N | REGISTER_N 2026-11-13 | 2026-11-20 | due soon
2026-11-20 | mark 2026-11-12 N | REGISTER_N 2026-11-12 | 2026-11-19 | overdue
2026-11-20 | mark 2026-10-22 N | REGISTER_N 2026-10-22 | 2026-11-05 | overdue

# suspensions: told without delay; other provision from the sixth day
2026-11-20 | care 2025-01-06; suspended 2026-11-09 4 | SUSPENSION_NOTIFY 2026-11-09 | 2026-11-10 | overdue
2026-11-20 | care 2025-01-06; suspended 2026-11-09 4; told 2026-11-10 | SUSPENSION_NOTIFY 2026-11-09 | 2026-11-10 | done
2026-11-20 | care 2025-01-06; suspended 2026-11-09 4; told 2026-11-11 | SUSPENSION_NOTIFY 2026-11-09 | 2026-11-10 | done late
2026-11-20 | need 2025-01-06; suspended 2026-11-20 4 | SUSPENSION_NOTIFY 2026-11-20 | 2026-11-23 | due soon
2026-11-20 | plac 2025-01-06; suspended 2026-11-09 4 | SUSPENSION_NOTIFY 2026-11-09 | none | none
2026-11-20 | care 2025-01-06; suspended 2026-06-09 4 | SUSPENSION_NOTIFY 2026-06-09 | none | none
2026-11-20 | care 2025-01-06; lunchtime 2026-11-09 1 | SUSPENSION_NOTIFY 2026-11-09 | none | none
2026-11-20 | suspended 2026-11-16 20 | SUSPENSION_AP 2026-11-16 | 2026-11-23 | due soon
2026-11-20 | suspended 2026-11-12 20; mark 2026-11-19 E | SUSPENSION_AP 2026-11-12 | 2026-11-19 | overdue
2026-11-20 | suspended 2026-11-09 12; mark 2026-11-16 E | SUSPENSION_AP 2026-11-09 | 2026-11-16 | missed
2026-11-20 | suspended 2026-11-09 12; mark 2026-11-16 B | SUSPENSION_AP 2026-11-09 | 2026-11-16 | done
2026-11-20 | suspended 2026-11-09 16; mark 2026-11-17 K | SUSPENSION_AP 2026-11-09 | 2026-11-16 | done late
2026-11-20 | suspended 2026-11-09 11; mark 2026-11-16 E | SUSPENSION_AP 2026-11-09 | 2026-11-16 | missed
2026-11-20 | suspended 2026-11-09 10 | SUSPENSION_AP 2026-11-09 | none | none
2026-11-20 | suspended 2026-10-19 12; mark 2026-11-02 D | SUSPENSION_AP 2026-10-19 | 2026-11-02 | done
"""  # noqa: E501 - a case is a line


class Case(NamedTuple):
    """A line of the table; due and status are "none" where there must be no duty."""

    as_at: str
    facts: str
    duty: str
    due: str
    status: str


def _read_cases() -> Iterator[Case]:
    for line in CASES.splitlines()[2:]:
        if line and not line.startswith("#"):
            yield Case(*(cell.strip() for cell in line.split("|")))


#: Of the whole school another child tells, so that it has a record of each kind.
_OTHERS = (
    "pep 2025-09-03; health 2025-10-06 review assessment; suspended 2026-09-07 2; told 2026-09-07"
)


#: What a fact says by its first word: the table, what stands in every row, and the columns
#: of the words that follow.
_KINDS: dict[str, tuple[str, dict[str, str], tuple[str, ...]]] = {
    "care": ("raw_care_episode", {"status": "looked after"}, ("start_date", "end_date")),
    "plac": ("raw_care_episode", {"status": "previously looked after"}, ("start_date",)),
    "need": ("raw_care_episode", {"status": "in need"}, ("start_date",)),
    "unknown": ("raw_care_episode", {"status": "looked after"}, ("known_since",)),
    "roll": ("raw_enrolment", {}, ("entry_date", "year_group")),
    "pep": ("raw_pep", {"outcome": "held"}, ("pep_date",)),
    "booked": ("raw_pep", {"outcome": "booked"}, ("pep_date",)),
    "health": ("raw_health", {}, ("health_date", "kind")),
    "sdq": ("raw_sdq", {"total": "14"}, ("sdq_date",)),
    "reason": ("raw_sdq", {"reason": "SDQ2"}, ("sdq_date",)),
    "plan": ("raw_ehcp", {}, ("ehcp_date", "event")),
    "suspended": ("raw_suspension", {"category": "SUSP"}, ("suspension_date", "sessions")),
    "lunchtime": ("raw_suspension", {"category": "LNCH"}, ("suspension_date", "sessions")),
    "told": ("raw_action", {"kind": "told of a suspension"}, ("action_date",)),
    "mark": ("raw_mark", {"half": "AM"}, ("session_date", "code")),
}


def _tables(children: list[str]) -> dict[str, str]:
    """The text tables of some children's facts, each on roll since long before if not told."""
    tables: dict[str, list[dict[str, str]]] = {}
    for number, facts in enumerate(children, start=1):
        all_facts = facts if "roll" in facts else f"{facts}; roll 2020-01-01"
        for fact in all_facts.split("; "):
            kind, *cells = fact.split(maxsplit=2)
            table, row, columns = _KINDS[kind]
            told = dict(zip(columns, cells, strict=False))
            known = {"pupil": f"P{number}", **row, **told}
            if kind == "roll":
                known.setdefault("year_group", "4")
            if kind == "told":
                known["action_id"] = f"A{number}"
            tables.setdefault(table, []).append(known)
    return {name: _table(rows) for name, rows in tables.items()}


def _table(rows: list[dict[str, str]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [" | ".join(row.get(name, "") for name in names) for row in rows]
    return "\n".join([" | ".join(names), *lines])


_CASES = list(_read_cases())


@pytest.mark.parametrize("as_at", sorted({case.as_at for case in _CASES}))
def test_each_duty_is_what_a_practitioner_says(given: Given, answer: Answer, as_at: str) -> None:
    """Every child of the table stands in one school; each line is right on its own."""
    cases = [case for case in _CASES if case.as_at == as_at]
    given(calendar=YEAR_2026 + YEAR_2025, **_tables([*(case.facts for case in cases), _OTHERS]))
    found = answer("duty", as_at=as_at, by="pupil rule started_on")
    wrong = []
    for number, case in enumerate(cases, start=1):
        row = found.get((f"P{number}", *case.duty.split()))
        told = ("none", "none")
        if row:
            late = " late" if row["is_late"] else ""
            told = (row["due_date"] or "-", f"{row['status']}{late}")
        if told != (case.due, case.status):
            wrong.append((case, told))
    assert wrong == []


def test_the_table_is_large_enough() -> None:
    """A practitioner's 120 lines, no two alike."""
    assert len(set(_CASES)) == len(_CASES) >= 120
    assert all(len(list(same)) == 1 for _, same in groupby(sorted(_CASES)))
