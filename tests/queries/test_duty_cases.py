"""every_duty: what a practitioner works out by hand for a child, one line a duty.

`facts` are records of one child in short, `duty` is a rule and the day on which its clock
started, with the last day and the status that must come out; a status may end with "late".
Two lines of a child's facts are held apart by a semicolon.  "none": no such duty.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import polars as pl
import pytest

from queries import reference
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

#: The half-term of a leap year.
YEAR_2023 = """
    2024-02-05 | 2024-02-09 | school day
    2024-02-19 | 2024-03-28 | school day"""

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
2024-03-08 | care 2024-02-01 | PEP_COMPLETE 2024-02-01 | 2024-02-29 | overdue
2024-03-08 | care 2024-02-02 | PEP_COMPLETE 2024-02-02 | 2024-03-01 | overdue
2026-05-15 | care 2026-04-07 | PEP_COMPLETE 2026-04-07 | 2026-05-06 | overdue
2026-11-20 | care 2026-08-10 | PEP_COMPLETE 2026-08-10 | 2026-09-08 | overdue

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
2026-11-20 | care 2026-10-23 | IHA 2026-10-23 | 2026-11-20 | due soon
2026-11-20 | care 2026-10-22 | IHA 2026-10-22 | 2026-11-19 | waiting on others
2026-11-20 | care 2026-10-24 | IHA 2026-10-24 | 2026-11-20 | due soon
2026-11-20 | care 2026-09-30 | IHA 2026-09-30 | 2026-10-28 | waiting on others
2026-11-20 | care 2026-08-10 | IHA 2026-08-10 | 2026-09-08 | waiting on others
2026-05-15 | care 2026-03-09 | IHA 2026-03-09 | 2026-04-08 | waiting on others
2026-05-15 | care 2025-12-08 | IHA 2025-12-08 | 2026-01-08 | waiting on others
2024-03-08 | care 2024-02-01 | IHA 2024-02-01 | 2024-02-29 | waiting on others
2024-03-08 | care 2024-02-02 | IHA 2024-02-02 | 2024-03-01 | waiting on others
2026-11-20 | care 2025-01-06; health 2025-11-20 review assessment | RHA_5PLUS 2025-11-20 | 2026-11-20 | due soon
2026-11-20 | care 2025-01-06; health 2025-11-19 review assessment | RHA_5PLUS 2025-11-19 | 2026-11-19 | waiting on others
2026-11-20 | care 2025-01-06; health 2025-12-18 review assessment | RHA_5PLUS 2025-12-18 | 2026-12-18 | due soon
2026-11-20 | care 2025-01-06; health 2025-12-19 review assessment | RHA_5PLUS 2025-12-19 | 2026-12-19 | later
2026-11-20 | care 2024-01-08; health 2024-02-29 review assessment | RHA_5PLUS 2024-02-29 | 2025-02-28 | waiting on others
2026-11-20 | care 2023-01-09; health 2025-11-30 review assessment | RHA_5PLUS 2025-11-30 | 2026-11-30 | due soon
2026-11-20 | care 2023-01-09; health 2025-07-31 review assessment | RHA_5PLUS 2025-07-31 | 2026-07-31 | waiting on others
2026-11-20 | care 2023-01-09; health 2025-04-03 review assessment | RHA_5PLUS 2025-04-03 | 2026-04-03 | waiting on others
2026-11-20 | care 2023-01-09; health 2024-12-25 review assessment | RHA_5PLUS 2024-12-25 | 2025-12-25 | waiting on others
2026-11-20 | care 2023-01-09; health 2024-03-01 review assessment | RHA_5PLUS 2024-03-01 | 2025-03-01 | waiting on others
2026-11-20 | care 2023-01-09; health 2023-02-28 review assessment | RHA_5PLUS 2023-02-28 | 2024-02-28 | waiting on others
2026-11-20 | care 2023-01-09; health 2025-10-19 review assessment; health 2026-10-19 review assessment | RHA_5PLUS 2025-10-19 | 2026-10-19 | done
2026-11-20 | care 2023-01-09; health 2025-10-19 review assessment; health 2026-10-20 review assessment | RHA_5PLUS 2025-10-19 | 2026-10-19 | done late
2026-11-20 | care 2023-01-09; young 2026-05-20 review assessment | RHA_U5 2026-05-20 | 2026-11-20 | due soon
2026-11-20 | care 2023-01-09; young 2026-05-19 review assessment | RHA_U5 2026-05-19 | 2026-11-19 | waiting on others
2026-11-20 | care 2023-01-09; young 2026-05-31 review assessment | RHA_U5 2026-05-31 | 2026-11-30 | due soon
2026-11-20 | care 2023-01-09; young 2026-06-18 review assessment | RHA_U5 2026-06-18 | 2026-12-18 | due soon
2026-11-20 | care 2023-01-09; young 2026-06-19 review assessment | RHA_U5 2026-06-19 | 2026-12-19 | later
2026-11-20 | care 2023-01-09; young 2026-03-31 review assessment | RHA_U5 2026-03-31 | 2026-09-30 | waiting on others
2026-11-20 | care 2023-01-09; young 2025-10-03 review assessment | RHA_U5 2025-10-03 | 2026-04-03 | waiting on others
2026-11-20 | care 2023-01-09; young 2025-08-31 review assessment | RHA_U5 2025-08-31 | 2026-02-28 | waiting on others
2026-11-20 | care 2023-01-09; young 2025-06-25 review assessment | RHA_U5 2025-06-25 | 2025-12-25 | waiting on others
2026-11-20 | care 2023-01-09; young 2024-02-29 review assessment | RHA_U5 2024-02-29 | 2024-08-29 | waiting on others
2026-11-20 | care 2023-01-09; young 2023-08-31 review assessment | RHA_U5 2023-08-31 | 2024-02-29 | waiting on others
2026-11-20 | care 2023-01-09; young 2023-08-30 review assessment | RHA_U5 2023-08-30 | 2024-02-29 | waiting on others
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
2026-11-20 | care 2023-01-09; sdq 2025-11-30 | SDQ_YEARLY 2025-11-30 | 2026-11-30 | due soon
2026-11-20 | care 2023-01-09; sdq 2025-08-31 | SDQ_YEARLY 2025-08-31 | 2026-08-31 | waiting on others
2026-11-20 | care 2023-01-09; sdq 2025-04-06 | SDQ_YEARLY 2025-04-06 | 2026-04-06 | waiting on others
2026-11-20 | care 2023-01-09; sdq 2024-02-29 | SDQ_YEARLY 2024-02-29 | 2025-02-28 | waiting on others
2026-11-20 | care 2023-01-09; sdq 2023-03-01 | SDQ_YEARLY 2023-03-01 | 2024-03-01 | waiting on others

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
# weeks are of the calendar: no bank holiday, month end or school holiday moves a day
2026-11-20 | plan 2026-10-09 requested | EHC_DECIDE_ASSESS 2026-10-09 | 2026-11-20 | due soon
2026-11-20 | plan 2026-10-08 requested | EHC_DECIDE_ASSESS 2026-10-08 | 2026-11-19 | waiting on others
2026-11-20 | plan 2026-06-30 requested | EHC_DECIDE_ASSESS 2026-06-30 | 2026-08-11 | waiting on others
2026-11-20 | plan 2026-02-20 requested | EHC_DECIDE_ASSESS 2026-02-20 | 2026-04-03 | waiting on others
2026-11-20 | plan 2026-01-31 requested | EHC_DECIDE_ASSESS 2026-01-31 | 2026-03-14 | waiting on others
2026-11-20 | plan 2025-11-13 requested | EHC_DECIDE_ASSESS 2025-11-13 | 2025-12-25 | waiting on others
2026-11-20 | plan 2025-07-21 requested | EHC_DECIDE_ASSESS 2025-07-21 | 2025-09-01 | waiting on others
2026-11-20 | plan 2024-02-29 requested | EHC_DECIDE_ASSESS 2024-02-29 | 2024-04-11 | waiting on others
2026-11-20 | plan 2024-01-18 requested | EHC_DECIDE_ASSESS 2024-01-18 | 2024-02-29 | waiting on others
2026-11-20 | plan 2026-07-31 requested | EHC_REFUSE_PLAN 2026-07-31 | 2026-11-20 | due soon
2026-11-20 | plan 2026-07-30 requested | EHC_REFUSE_PLAN 2026-07-30 | 2026-11-19 | waiting on others
2026-11-20 | plan 2026-08-28 requested | EHC_REFUSE_PLAN 2026-08-28 | 2026-12-18 | due soon
2026-11-20 | plan 2026-08-29 requested | EHC_REFUSE_PLAN 2026-08-29 | 2026-12-19 | later
2026-11-20 | plan 2026-01-31 requested | EHC_REFUSE_PLAN 2026-01-31 | 2026-05-23 | waiting on others
2026-11-20 | plan 2025-12-12 requested | EHC_REFUSE_PLAN 2025-12-12 | 2026-04-03 | waiting on others
2026-11-20 | plan 2025-09-04 requested | EHC_REFUSE_PLAN 2025-09-04 | 2025-12-25 | waiting on others
2026-11-20 | plan 2024-02-29 requested | EHC_REFUSE_PLAN 2024-02-29 | 2024-06-20 | waiting on others
2026-11-20 | plan 2023-11-09 requested | EHC_REFUSE_PLAN 2023-11-09 | 2024-02-29 | waiting on others
2026-11-20 | plan 2026-05-11 requested; plan 2026-08-31 refused to issue | EHC_REFUSE_PLAN 2026-05-11 | 2026-08-31 | done
2026-11-20 | plan 2026-05-11 requested; plan 2026-09-01 refused to issue | EHC_REFUSE_PLAN 2026-05-11 | 2026-08-31 | done late
2026-11-20 | plan 2026-07-03 requested | EHC_FINAL 2026-07-03 | 2026-11-20 | due soon
2026-11-20 | plan 2026-07-02 requested | EHC_FINAL 2026-07-02 | 2026-11-19 | waiting on others
2026-11-20 | plan 2026-07-31 requested | EHC_FINAL 2026-07-31 | 2026-12-18 | due soon
2026-11-20 | plan 2025-12-31 requested | EHC_FINAL 2025-12-31 | 2026-05-20 | waiting on others
2026-11-20 | plan 2025-11-14 requested | EHC_FINAL 2025-11-14 | 2026-04-03 | waiting on others
2026-11-20 | plan 2025-08-07 requested | EHC_FINAL 2025-08-07 | 2025-12-25 | waiting on others
2026-11-20 | plan 2024-02-29 requested | EHC_FINAL 2024-02-29 | 2024-07-18 | waiting on others
2026-11-20 | plan 2023-10-12 requested | EHC_FINAL 2023-10-12 | 2024-02-29 | waiting on others
2026-11-20 | plan 2026-04-13 requested; plan 2026-08-31 plan issued | EHC_FINAL 2026-04-13 | 2026-08-31 | done
2026-11-20 | plan 2026-04-13 requested; plan 2026-09-01 plan issued | EHC_FINAL 2026-04-13 | 2026-08-31 | done late
2026-11-20 | plan 2026-10-09 advice asked | EHC_ADVICE 2026-10-09 | 2026-11-20 | due soon
2026-11-20 | plan 2026-10-08 advice asked | EHC_ADVICE 2026-10-08 | 2026-11-19 | overdue
2026-11-20 | plan 2026-10-08 advice asked; plan 2026-10-12 lawful delay | EHC_ADVICE 2026-10-08 | - | cannot be known
2026-11-20 | plan 2026-11-06 advice asked | EHC_ADVICE 2026-11-06 | 2026-12-18 | due soon
2026-11-20 | plan 2026-11-07 advice asked | EHC_ADVICE 2026-11-07 | 2026-12-19 | later
2026-11-20 | plan 2026-04-13 advice asked | EHC_ADVICE 2026-04-13 | 2026-05-25 | overdue
2026-11-20 | plan 2025-11-14 advice asked | EHC_ADVICE 2025-11-14 | 2025-12-26 | overdue
2026-11-20 | plan 2025-02-28 advice asked | EHC_ADVICE 2025-02-28 | 2025-04-11 | overdue
2026-11-20 | plan 2024-12-31 advice asked | EHC_ADVICE 2024-12-31 | 2025-02-11 | overdue
2026-11-20 | plan 2024-02-29 advice asked | EHC_ADVICE 2024-02-29 | 2024-04-11 | overdue
2026-11-20 | plan 2024-01-18 advice asked | EHC_ADVICE 2024-01-18 | 2024-02-29 | overdue
2026-11-20 | plan 2026-09-30 advice asked; plan 2026-11-11 advice given | EHC_ADVICE 2026-09-30 | 2026-11-11 | done
2026-11-20 | plan 2026-09-30 advice asked; plan 2026-11-12 advice given | EHC_ADVICE 2026-09-30 | 2026-11-11 | done late

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
2026-11-20 | plan 2026-01-16 plan issued | EHC_AR_MEETING 2026-01-16 | 2026-12-18 | due soon
2026-11-20 | plan 2026-01-17 plan issued | EHC_AR_MEETING 2026-01-17 | 2026-12-19 | later
2026-11-20 | plan 2025-12-31 plan issued | EHC_AR_MEETING 2025-12-31 | 2026-12-02 | due soon
2026-11-20 | plan 2025-09-29 plan issued | EHC_AR_MEETING 2025-09-29 | 2026-08-31 | overdue
2026-11-20 | plan 2025-05-02 plan issued | EHC_AR_MEETING 2025-05-02 | 2026-04-03 | overdue
2026-11-20 | plan 2025-01-23 plan issued | EHC_AR_MEETING 2025-01-23 | 2025-12-25 | overdue
2026-11-20 | plan 2024-02-29 plan issued | EHC_AR_MEETING 2024-02-29 | 2025-01-31 | overdue
2026-11-20 | plan 2023-03-01 plan issued | EHC_AR_MEETING 2023-03-01 | 2024-02-01 | overdue
2026-11-20 | plan 2023-03-29 plan issued | EHC_AR_MEETING 2023-03-29 | 2024-02-29 | overdue
2026-11-20 | plan 2025-11-21 plan issued | EHC_AR_YEAR 2025-11-21 | 2026-11-20 | due soon
2026-11-20 | plan 2025-11-20 plan issued | EHC_AR_YEAR 2025-11-20 | 2026-11-19 | waiting on others
2026-11-20 | plan 2025-12-19 plan issued | EHC_AR_YEAR 2025-12-19 | 2026-12-18 | due soon
2026-11-20 | plan 2025-12-20 plan issued | EHC_AR_YEAR 2025-12-20 | 2026-12-19 | later
2026-11-20 | plan 2025-09-01 plan issued | EHC_AR_YEAR 2025-09-01 | 2026-08-31 | waiting on others
2026-11-20 | plan 2025-04-04 plan issued | EHC_AR_YEAR 2025-04-04 | 2026-04-03 | waiting on others
2026-11-20 | plan 2024-12-26 plan issued | EHC_AR_YEAR 2024-12-26 | 2025-12-25 | waiting on others
2026-11-20 | plan 2023-03-01 plan issued | EHC_AR_YEAR 2023-03-01 | 2024-02-29 | waiting on others
2026-11-20 | plan 2023-02-28 plan issued | EHC_AR_YEAR 2023-02-28 | 2024-02-27 | waiting on others
2026-11-20 | plan 2026-11-06 review meeting | EHC_AR_REPORT 2026-11-06 | 2026-11-20 | due soon
2026-11-20 | plan 2026-11-05 review meeting | EHC_AR_REPORT 2026-11-05 | 2026-11-19 | overdue
2026-11-20 | plan 2026-10-31 review meeting | EHC_AR_REPORT 2026-10-31 | 2026-11-14 | overdue
2026-11-20 | plan 2026-08-17 review meeting | EHC_AR_REPORT 2026-08-17 | 2026-08-31 | overdue
2026-11-20 | plan 2026-03-20 review meeting | EHC_AR_REPORT 2026-03-20 | 2026-04-03 | overdue
2026-11-20 | plan 2026-01-31 review meeting | EHC_AR_REPORT 2026-01-31 | 2026-02-14 | overdue
2026-11-20 | plan 2025-12-11 review meeting | EHC_AR_REPORT 2025-12-11 | 2025-12-25 | overdue
2026-11-20 | plan 2024-02-29 review meeting | EHC_AR_REPORT 2024-02-29 | 2024-03-14 | overdue
2026-11-20 | plan 2024-02-15 review meeting | EHC_AR_REPORT 2024-02-15 | 2024-02-29 | overdue
2026-11-20 | plan 2026-10-16 review meeting; plan 2026-10-30 report sent | EHC_AR_REPORT 2026-10-16 | 2026-10-30 | done
2026-11-20 | plan 2026-10-16 review meeting; plan 2026-10-31 report sent | EHC_AR_REPORT 2026-10-16 | 2026-10-30 | done late
2026-11-20 | plan 2026-11-20 review meeting | EHC_AR_DECISION 2026-11-20 | 2026-12-18 | due soon
2026-11-20 | plan 2026-10-23 review meeting | EHC_AR_DECISION 2026-10-23 | 2026-11-20 | due soon
2026-11-20 | plan 2026-10-22 review meeting | EHC_AR_DECISION 2026-10-22 | 2026-11-19 | waiting on others
2026-11-20 | plan 2026-03-06 review meeting | EHC_AR_DECISION 2026-03-06 | 2026-04-03 | waiting on others
2026-11-20 | plan 2026-01-31 review meeting | EHC_AR_DECISION 2026-01-31 | 2026-02-28 | waiting on others
2026-11-20 | plan 2025-12-31 review meeting | EHC_AR_DECISION 2025-12-31 | 2026-01-28 | waiting on others
2026-11-20 | plan 2025-11-27 review meeting | EHC_AR_DECISION 2025-11-27 | 2025-12-25 | waiting on others
2026-11-20 | plan 2024-02-29 review meeting | EHC_AR_DECISION 2024-02-29 | 2024-03-28 | waiting on others
2026-11-20 | plan 2024-02-01 review meeting | EHC_AR_DECISION 2024-02-01 | 2024-02-29 | waiting on others
2026-11-20 | plan 2026-08-03 review meeting; plan 2026-08-31 decided to keep | EHC_AR_DECISION 2026-08-03 | 2026-08-31 | done
2026-11-20 | plan 2026-08-03 review meeting; plan 2026-09-01 decided to keep | EHC_AR_DECISION 2026-08-03 | 2026-08-31 | done late
2026-11-20 | plan 2026-09-02 review meeting | EHC_AR_REPORT 2026-09-02 | 2026-09-16 | overdue
2026-11-20 | plan 2026-09-02 review meeting | EHC_AR_DECISION 2026-09-02 | 2026-09-30 | waiting on others
2026-11-20 | plan 2026-06-10 review meeting; plan 2026-06-30 decided to amend | EHC_AR_FINAL 2026-06-30 | 2026-08-25 | waiting on others
2026-11-20 | plan 2026-06-30 decided to amend; plan 2026-08-25 amended plan issued | EHC_AR_FINAL 2026-06-30 | 2026-08-25 | done
2026-11-20 | plan 2026-06-30 decided to amend; plan 2026-08-26 amended plan issued | EHC_AR_FINAL 2026-06-30 | 2026-08-25 | done late
2026-11-20 | plan 2026-06-10 review meeting; plan 2026-06-30 decided to keep | EHC_AR_FINAL 2026-06-30 | none | none
2026-11-20 | plan 2026-10-23 decided to amend | EHC_AR_FINAL 2026-10-23 | 2026-12-18 | due soon
2026-11-20 | plan 2026-10-24 decided to amend | EHC_AR_FINAL 2026-10-24 | 2026-12-19 | later
2026-11-20 | plan 2026-09-25 decided to amend | EHC_AR_FINAL 2026-09-25 | 2026-11-20 | due soon
2026-11-20 | plan 2026-09-24 decided to amend | EHC_AR_FINAL 2026-09-24 | 2026-11-19 | waiting on others
2026-11-20 | plan 2026-07-06 decided to amend | EHC_AR_FINAL 2026-07-06 | 2026-08-31 | waiting on others
2026-11-20 | plan 2026-03-30 decided to amend | EHC_AR_FINAL 2026-03-30 | 2026-05-25 | waiting on others
2026-11-20 | plan 2026-02-06 decided to amend | EHC_AR_FINAL 2026-02-06 | 2026-04-03 | waiting on others
2026-11-20 | plan 2025-12-31 decided to amend | EHC_AR_FINAL 2025-12-31 | 2026-02-25 | waiting on others
2026-11-20 | plan 2025-10-30 decided to amend | EHC_AR_FINAL 2025-10-30 | 2025-12-25 | waiting on others
2026-11-20 | plan 2024-02-29 decided to amend | EHC_AR_FINAL 2024-02-29 | 2024-04-25 | waiting on others
2026-11-20 | plan 2024-01-04 decided to amend | EHC_AR_FINAL 2024-01-04 | 2024-02-29 | waiting on others
2026-11-20 | roll 2024-09-03 6; plan 2024-05-06 plan issued | EHC_PHASE_TRANSFER 2026-09-01 | 2027-02-15 | later
2026-11-20 | roll 2024-09-03 5; plan 2024-05-06 plan issued | EHC_PHASE_TRANSFER 2026-09-01 | none | none
2026-11-20 | roll 2024-09-03 6; plan 2024-05-06 plan issued; plan 2026-08-31 amended plan issued | EHC_PHASE_TRANSFER 2026-09-01 | 2027-02-15 | later
2026-11-20 | roll 2024-09-03 6; plan 2024-05-06 plan issued; plan 2026-09-01 amended plan issued | EHC_PHASE_TRANSFER 2026-09-01 | 2027-02-15 | done
2026-11-20 | roll 2024-09-03 6; plan 2024-05-06 plan issued; plan 2026-07-10 ceased | EHC_PHASE_TRANSFER 2026-09-01 | none | none
2027-01-08 | roll 2024-09-03 6; plan 2024-05-06 plan issued | EHC_PHASE_TRANSFER 2026-09-01 | 2027-02-15 | later
2027-01-18 | roll 2024-09-03 6; plan 2024-05-06 plan issued | EHC_PHASE_TRANSFER 2026-09-01 | 2027-02-15 | due soon
2027-02-15 | roll 2024-09-03 6; plan 2024-05-06 plan issued | EHC_PHASE_TRANSFER 2026-09-01 | 2027-02-15 | due soon
2027-02-16 | roll 2024-09-03 6; plan 2024-05-06 plan issued | EHC_PHASE_TRANSFER 2026-09-01 | 2027-02-15 | waiting on others
2027-02-16 | roll 2024-09-03 6; plan 2024-05-06 plan issued; plan 2027-02-15 amended plan issued | EHC_PHASE_TRANSFER 2026-09-01 | 2027-02-15 | done
2027-02-16 | roll 2024-09-03 6; plan 2024-05-06 plan issued; plan 2027-02-16 amended plan issued | EHC_PHASE_TRANSFER 2026-09-01 | 2027-02-15 | done late
2027-02-16 | roll 2024-09-03 6; plan 2027-02-15 plan issued | EHC_PHASE_TRANSFER 2026-09-01 | 2027-02-15 | done
2027-02-16 | roll 2024-09-03 6; plan 2027-02-16 plan issued | EHC_PHASE_TRANSFER 2026-09-01 | none | none
2026-05-15 | roll 2023-09-04 7; plan 2024-05-06 plan issued | EHC_PHASE_TRANSFER 2025-09-01 | 2026-02-15 | waiting on others
2024-03-08 | roll 2021-09-02 9; plan 2021-05-06 plan issued | EHC_PHASE_TRANSFER 2023-09-01 | 2024-02-15 | waiting on others

# a mark of N has five school days
2026-11-20 | mark 2026-11-13 N | REGISTER_N 2026-11-13 | 2026-11-20 | due soon
2026-11-20 | mark 2026-11-12 N | REGISTER_N 2026-11-12 | 2026-11-19 | overdue
2026-11-20 | mark 2026-10-22 N | REGISTER_N 2026-10-22 | 2026-11-05 | overdue
2026-11-20 | mark 2026-11-20 N | REGISTER_N 2026-11-20 | 2026-11-27 | due soon
2026-11-20 | mark 2026-10-23 N | REGISTER_N 2026-10-23 | 2026-11-06 | overdue
2026-11-20 | mark 2026-10-19 N | REGISTER_N 2026-10-19 | 2026-11-02 | overdue
2026-11-20 | mark 2026-10-16 N | REGISTER_N 2026-10-16 | 2026-10-23 | overdue
2026-11-20 | mark 2026-09-02 N | REGISTER_N 2026-09-02 | 2026-09-09 | overdue
2027-01-08 | mark 2026-12-18 N | REGISTER_N 2026-12-18 | 2027-01-08 | due soon
2027-01-08 | mark 2026-12-17 N | REGISTER_N 2026-12-17 | 2027-01-07 | overdue
2026-05-15 | mark 2026-04-27 N | REGISTER_N 2026-04-27 | 2026-05-05 | overdue
2026-05-15 | mark 2026-03-27 N | REGISTER_N 2026-03-27 | 2026-04-17 | overdue
2026-05-15 | mark 2026-02-12 N | REGISTER_N 2026-02-12 | 2026-02-26 | overdue
2024-03-08 | mark 2024-02-22 N | REGISTER_N 2024-02-22 | 2024-02-29 | overdue
2024-03-08 | mark 2024-02-29 N | REGISTER_N 2024-02-29 | 2024-03-07 | overdue

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
2026-11-20 | suspended 2026-10-16 12; mark 2026-10-23 D | SUSPENSION_AP 2026-10-16 | 2026-10-23 | done
2026-11-20 | suspended 2026-10-22 12 | SUSPENSION_AP 2026-10-22 | 2026-11-05 | missed
2026-11-20 | suspended 2026-09-02 14; mark 2026-09-10 B | SUSPENSION_AP 2026-09-02 | 2026-09-09 | done late
2027-01-08 | suspended 2026-12-17 12; mark 2027-01-07 B | SUSPENSION_AP 2026-12-17 | 2027-01-07 | done
2027-01-08 | suspended 2026-12-18 20 | SUSPENSION_AP 2026-12-18 | 2027-01-08 | due soon
2026-05-15 | suspended 2026-04-29 20 | SUSPENSION_AP 2026-04-29 | 2026-05-07 | missed
2026-05-15 | suspended 2026-03-25 14; mark 2026-04-16 K | SUSPENSION_AP 2026-03-25 | 2026-04-15 | done late
2024-03-08 | suspended 2024-02-22 12; mark 2024-02-29 B | SUSPENSION_AP 2024-02-22 | 2024-02-29 | done

# a decision on a referral: the next working day, over weekends and bank holidays
2026-11-20 | step 2026-11-19 referral | REFERRAL_DECISION 2026-11-19 | 2026-11-20 | due soon
2026-11-20 | step 2026-11-18 referral | REFERRAL_DECISION 2026-11-18 | 2026-11-19 | waiting on others
2026-11-20 | step 2026-10-16 referral | REFERRAL_DECISION 2026-10-16 | 2026-10-19 | waiting on others
2026-11-20 | step 2026-10-17 referral | REFERRAL_DECISION 2026-10-17 | 2026-10-19 | waiting on others
2026-11-20 | step 2026-10-23 referral | REFERRAL_DECISION 2026-10-23 | 2026-10-26 | waiting on others
2026-11-20 | step 2026-04-02 referral | REFERRAL_DECISION 2026-04-02 | 2026-04-07 | waiting on others
2026-11-20 | step 2026-05-01 referral | REFERRAL_DECISION 2026-05-01 | 2026-05-05 | waiting on others
2026-11-20 | step 2026-08-28 referral | REFERRAL_DECISION 2026-08-28 | 2026-09-01 | waiting on others
2026-11-20 | step 2024-02-28 referral | REFERRAL_DECISION 2024-02-28 | 2024-02-29 | waiting on others
2026-11-20 | step 2024-02-29 referral | REFERRAL_DECISION 2024-02-29 | 2024-03-01 | waiting on others
2027-01-08 | step 2026-12-24 referral | REFERRAL_DECISION 2026-12-24 | 2026-12-29 | waiting on others
2027-01-08 | step 2026-12-31 referral | REFERRAL_DECISION 2026-12-31 | 2027-01-04 | waiting on others
2026-11-20 | step 2026-10-16 referral; step 2026-10-19 referral accepted | REFERRAL_DECISION 2026-10-16 | 2026-10-19 | done
2026-11-20 | step 2026-10-16 referral; step 2026-10-20 no further action | REFERRAL_DECISION 2026-10-16 | 2026-10-19 | done late
2026-11-20 | step 2026-10-16 referral; step 2026-11-02 strategy discussion | REFERRAL_DECISION 2026-10-16 | none | none

# a child and family assessment: 45 working days from the referral
2026-11-20 | step 2026-09-18 referral | CF_ASSESSMENT 2026-09-18 | 2026-11-20 | due soon
2026-11-20 | step 2026-09-17 referral | CF_ASSESSMENT 2026-09-17 | 2026-11-19 | waiting on others
2026-11-20 | step 2026-09-19 referral | CF_ASSESSMENT 2026-09-19 | 2026-11-20 | due soon
2026-11-20 | step 2026-10-20 referral | CF_ASSESSMENT 2026-10-20 | 2026-12-22 | later
2026-11-20 | step 2025-10-07 referral | CF_ASSESSMENT 2025-10-07 | 2025-12-09 | waiting on others
2026-11-20 | step 2025-11-24 referral | CF_ASSESSMENT 2025-11-24 | 2026-01-29 | waiting on others
2026-11-20 | step 2026-02-23 referral | CF_ASSESSMENT 2026-02-23 | 2026-04-29 | waiting on others
2026-11-20 | step 2026-05-12 referral | CF_ASSESSMENT 2026-05-12 | 2026-07-15 | waiting on others
2026-11-20 | step 2026-06-30 referral | CF_ASSESSMENT 2026-06-30 | 2026-09-02 | waiting on others
2026-11-20 | step 2023-12-27 referral | CF_ASSESSMENT 2023-12-27 | 2024-02-29 | waiting on others
2026-11-20 | step 2024-12-23 referral | CF_ASSESSMENT 2024-12-23 | 2025-02-27 | waiting on others
2026-11-20 | step 2026-05-12 referral; step 2026-07-15 assessment completed | CF_ASSESSMENT 2026-05-12 | 2026-07-15 | done
2026-11-20 | step 2026-05-12 referral; step 2026-07-16 assessment completed | CF_ASSESSMENT 2026-05-12 | 2026-07-15 | done late
2026-11-20 | step 2026-05-12 referral; step 2026-05-13 no further action | CF_ASSESSMENT 2026-05-12 | none | none
2026-11-20 | step 2026-05-12 referral; step 2026-10-20 referral; step 2026-11-02 assessment completed | CF_ASSESSMENT 2026-05-12 | none | none

# an initial conference: 15 working days from the strategy discussion
2026-11-20 | step 2026-10-30 strategy discussion | ICPC 2026-10-30 | 2026-11-20 | due soon
2026-11-20 | step 2026-10-29 strategy discussion | ICPC 2026-10-29 | 2026-11-19 | waiting on others
2026-11-20 | step 2026-10-31 strategy discussion | ICPC 2026-10-31 | 2026-11-20 | due soon
2026-11-20 | step 2026-10-12 strategy discussion | ICPC 2026-10-12 | 2026-11-02 | waiting on others
2026-11-20 | step 2026-02-25 strategy discussion | ICPC 2026-02-25 | 2026-03-18 | waiting on others
2026-11-20 | step 2026-03-23 strategy discussion | ICPC 2026-03-23 | 2026-04-15 | waiting on others
2026-11-20 | step 2026-04-20 strategy discussion | ICPC 2026-04-20 | 2026-05-12 | waiting on others
2026-11-20 | step 2026-08-14 strategy discussion | ICPC 2026-08-14 | 2026-09-07 | waiting on others
2026-11-20 | step 2024-02-08 strategy discussion | ICPC 2024-02-08 | 2024-02-29 | waiting on others
2026-11-20 | step 2024-02-09 strategy discussion | ICPC 2024-02-09 | 2024-03-01 | waiting on others
2027-01-08 | step 2026-12-10 strategy discussion | ICPC 2026-12-10 | 2027-01-05 | waiting on others
2026-11-20 | step 2026-02-25 strategy discussion; step 2026-03-18 initial conference | ICPC 2026-02-25 | 2026-03-18 | done
2026-11-20 | step 2026-02-25 strategy discussion; step 2026-03-19 initial conference | ICPC 2026-02-25 | 2026-03-18 | done late
2026-11-20 | step 2026-10-12 strategy discussion; step 2026-11-25 conference booked | ICPC 2026-10-12 | 2026-11-02 | booked late
2026-11-20 | step 2026-10-12 strategy discussion; step 2026-10-20 conference not needed | ICPC 2026-10-12 | none | none

# a first core group: 10 working days from the conference at which the plan began
2026-11-20 | step 2026-11-06 plan begun | CORE_GROUP_1 2026-11-06 | 2026-11-20 | due soon
2026-11-20 | step 2026-11-05 plan begun | CORE_GROUP_1 2026-11-05 | 2026-11-19 | waiting on others
2026-11-20 | step 2026-11-07 plan begun | CORE_GROUP_1 2026-11-07 | 2026-11-20 | due soon
2026-11-20 | step 2026-10-16 plan begun | CORE_GROUP_1 2026-10-16 | 2026-10-30 | waiting on others
2026-11-20 | step 2026-03-18 plan begun | CORE_GROUP_1 2026-03-18 | 2026-04-01 | waiting on others
2026-11-20 | step 2026-03-27 plan begun | CORE_GROUP_1 2026-03-27 | 2026-04-14 | waiting on others
2026-11-20 | step 2026-04-24 plan begun | CORE_GROUP_1 2026-04-24 | 2026-05-11 | waiting on others
2026-11-20 | step 2026-08-21 plan begun | CORE_GROUP_1 2026-08-21 | 2026-09-07 | waiting on others
2026-11-20 | step 2024-02-15 plan begun | CORE_GROUP_1 2024-02-15 | 2024-02-29 | waiting on others
2026-11-20 | step 2024-02-16 plan begun | CORE_GROUP_1 2024-02-16 | 2024-03-01 | waiting on others
2027-01-08 | step 2026-12-15 plan begun | CORE_GROUP_1 2026-12-15 | 2026-12-31 | waiting on others
2026-11-20 | step 2026-03-18 plan begun; step 2026-04-01 core group | CORE_GROUP_1 2026-03-18 | 2026-04-01 | done
2026-11-20 | step 2026-03-18 plan begun; step 2026-04-02 core group | CORE_GROUP_1 2026-03-18 | 2026-04-01 | done late
2026-11-20 | step 2026-11-06 plan begun; step 2026-11-24 core group booked | CORE_GROUP_1 2026-11-06 | 2026-11-20 | booked late
2026-11-20 | step 2026-03-18 plan begun; step 2026-09-18 plan ended | CORE_GROUP_1 2026-03-18 | none | none

# a first review conference: 3 months, whatever the day; a month that is shorter ends it
2026-11-20 | step 2026-08-20 plan begun | RCPC_1 2026-08-20 | 2026-11-20 | due soon
2026-11-20 | step 2026-08-19 plan begun | RCPC_1 2026-08-19 | 2026-11-19 | waiting on others
2026-11-20 | step 2026-08-31 plan begun | RCPC_1 2026-08-31 | 2026-11-30 | due soon
2026-11-20 | step 2026-11-20 plan begun | RCPC_1 2026-11-20 | 2027-02-20 | later
2026-11-20 | step 2026-01-03 plan begun | RCPC_1 2026-01-03 | 2026-04-03 | waiting on others
2026-11-20 | step 2025-11-30 plan begun | RCPC_1 2025-11-30 | 2026-02-28 | waiting on others
2026-11-20 | step 2023-11-30 plan begun | RCPC_1 2023-11-30 | 2024-02-29 | waiting on others
2026-11-20 | step 2023-11-29 plan begun | RCPC_1 2023-11-29 | 2024-02-29 | waiting on others
2026-11-20 | step 2024-02-29 plan begun | RCPC_1 2024-02-29 | 2024-05-29 | waiting on others
2026-11-20 | step 2025-12-31 plan begun | RCPC_1 2025-12-31 | 2026-03-31 | waiting on others
2026-11-20 | step 2025-09-25 plan begun | RCPC_1 2025-09-25 | 2025-12-25 | waiting on others
2026-11-20 | step 2026-03-18 plan begun; step 2026-06-18 review conference | RCPC_1 2026-03-18 | 2026-06-18 | done
2026-11-20 | step 2026-03-18 plan begun; step 2026-06-19 review conference | RCPC_1 2026-03-18 | 2026-06-18 | done late
2026-11-20 | step 2026-03-18 plan begun; step 2026-05-18 plan ended | RCPC_1 2026-03-18 | none | none
2026-11-20 | step 2026-08-20 plan begun; step 2026-12-01 conference booked | RCPC_1 2026-08-20 | 2026-11-20 | booked late

# review conferences from then on: 6 months
2026-11-20 | step 2026-05-20 review conference | RCPC_N 2026-05-20 | 2026-11-20 | due soon
2026-11-20 | step 2026-05-19 review conference | RCPC_N 2026-05-19 | 2026-11-19 | waiting on others
2026-11-20 | step 2026-06-19 review conference | RCPC_N 2026-06-19 | 2026-12-19 | later
2026-11-20 | step 2026-05-31 review conference | RCPC_N 2026-05-31 | 2026-11-30 | due soon
2026-11-20 | step 2025-08-31 review conference | RCPC_N 2025-08-31 | 2026-02-28 | waiting on others
2026-11-20 | step 2023-08-31 review conference | RCPC_N 2023-08-31 | 2024-02-29 | waiting on others
2026-11-20 | step 2024-02-29 review conference | RCPC_N 2024-02-29 | 2024-08-29 | waiting on others
2026-11-20 | step 2025-10-03 review conference | RCPC_N 2025-10-03 | 2026-04-03 | waiting on others
2026-11-20 | step 2025-06-25 review conference | RCPC_N 2025-06-25 | 2025-12-25 | waiting on others
2026-11-20 | step 2026-03-31 review conference | RCPC_N 2026-03-31 | 2026-09-30 | waiting on others
2026-11-20 | step 2026-03-31 review conference; step 2026-09-30 review conference | RCPC_N 2026-03-31 | 2026-09-30 | done
2026-11-20 | step 2026-03-31 review conference; step 2026-10-01 review conference | RCPC_N 2026-03-31 | 2026-09-30 | done late
2026-11-20 | step 2026-03-31 review conference; step 2026-09-30 review conference | RCPC_N 2026-09-30 | 2027-03-30 | later
2026-11-20 | step 2026-03-31 review conference; step 2026-05-18 plan ended | RCPC_N 2026-03-31 | none | none

# a first review of care: 20 working days from becoming looked after
2026-11-20 | care 2026-10-23 | LAC_REVIEW_1 2026-10-23 | 2026-11-20 | due soon
2026-11-20 | care 2026-10-22 | LAC_REVIEW_1 2026-10-22 | 2026-11-19 | waiting on others
2026-11-20 | care 2026-10-24 | LAC_REVIEW_1 2026-10-24 | 2026-11-20 | due soon
2026-11-20 | care 2026-10-05 | LAC_REVIEW_1 2026-10-05 | 2026-11-02 | waiting on others
2026-05-15 | care 2026-03-09 | LAC_REVIEW_1 2026-03-09 | 2026-04-08 | waiting on others
2026-05-15 | care 2026-04-07 | LAC_REVIEW_1 2026-04-07 | 2026-05-06 | waiting on others
2026-05-15 | care 2026-05-01 | LAC_REVIEW_1 2026-05-01 | 2026-06-02 | due soon
2026-11-20 | care 2026-08-10 | LAC_REVIEW_1 2026-08-10 | 2026-09-08 | waiting on others
2026-11-20 | care 2024-02-01 | LAC_REVIEW_1 2024-02-01 | 2024-02-29 | waiting on others
2026-11-20 | care 2024-02-02 | LAC_REVIEW_1 2024-02-02 | 2024-03-01 | waiting on others
2027-01-08 | care 2026-12-07 | LAC_REVIEW_1 2026-12-07 | 2027-01-07 | waiting on others
2026-11-20 | care 2026-10-05; review 2026-11-02 | LAC_REVIEW_1 2026-10-05 | 2026-11-02 | done
2026-11-20 | care 2026-10-05; review 2026-11-03 | LAC_REVIEW_1 2026-10-05 | 2026-11-02 | done late
2026-11-20 | care 2026-10-05; arranged 2026-11-25 | LAC_REVIEW_1 2026-10-05 | 2026-11-02 | booked late
2026-11-20 | unknown 2026-06-01 | LAC_REVIEW_1 2026-06-01 | none | none
2026-11-20 | care 2023-05-01; roll 2026-09-21; review 2026-10-07 | LAC_REVIEW_1 2023-05-01 | none | none

# a second review: 3 months from the first
2026-11-20 | care 2026-07-24; review 2026-08-20 | LAC_REVIEW_2 2026-08-20 | 2026-11-20 | due soon
2026-11-20 | care 2026-07-24; review 2026-08-19 | LAC_REVIEW_2 2026-08-19 | 2026-11-19 | waiting on others
2026-11-20 | care 2026-08-03; review 2026-08-31 | LAC_REVIEW_2 2026-08-31 | 2026-11-30 | due soon
2026-11-20 | care 2026-10-23; review 2026-11-20 | LAC_REVIEW_2 2026-11-20 | 2027-02-20 | later
2026-05-15 | care 2025-11-03; review 2025-11-30 | LAC_REVIEW_2 2025-11-30 | 2026-02-28 | waiting on others
2026-11-20 | care 2023-11-02; review 2023-11-30 | LAC_REVIEW_2 2023-11-30 | 2024-02-29 | waiting on others
2026-11-20 | care 2023-11-02; review 2023-11-29 | LAC_REVIEW_2 2023-11-29 | 2024-02-29 | waiting on others
2026-11-20 | care 2024-02-01; review 2024-02-29 | LAC_REVIEW_2 2024-02-29 | 2024-05-29 | waiting on others
2026-05-15 | care 2025-12-04; review 2025-12-31 | LAC_REVIEW_2 2025-12-31 | 2026-03-31 | waiting on others
2026-05-15 | care 2025-08-28; review 2025-09-25 | LAC_REVIEW_2 2025-09-25 | 2025-12-25 | waiting on others
2026-11-20 | care 2026-02-09; review 2026-03-09; review 2026-06-09 | LAC_REVIEW_2 2026-03-09 | 2026-06-09 | done
2026-11-20 | care 2026-02-09; review 2026-03-09; review 2026-06-10 | LAC_REVIEW_2 2026-03-09 | 2026-06-09 | done late
2026-11-20 | care 2023-05-01; roll 2026-09-21; review 2026-10-07 | LAC_REVIEW_2 2026-10-07 | none | none

# reviews from then on: 6 months
2026-11-20 | unknown 2022-01-10; review 2026-05-20 | LAC_REVIEW_N 2026-05-20 | 2026-11-20 | due soon
2026-11-20 | unknown 2022-01-10; review 2026-05-19 | LAC_REVIEW_N 2026-05-19 | 2026-11-19 | waiting on others
2026-11-20 | unknown 2022-01-10; review 2026-06-19 | LAC_REVIEW_N 2026-06-19 | 2026-12-19 | later
2026-11-20 | unknown 2022-01-10; review 2026-05-31 | LAC_REVIEW_N 2026-05-31 | 2026-11-30 | due soon
2026-05-15 | unknown 2022-01-10; review 2025-08-31 | LAC_REVIEW_N 2025-08-31 | 2026-02-28 | waiting on others
2026-11-20 | unknown 2022-01-10; review 2023-08-31 | LAC_REVIEW_N 2023-08-31 | 2024-02-29 | waiting on others
2026-11-20 | unknown 2022-01-10; review 2024-02-29 | LAC_REVIEW_N 2024-02-29 | 2024-08-29 | waiting on others
2026-05-15 | unknown 2022-01-10; review 2025-10-03 | LAC_REVIEW_N 2025-10-03 | 2026-04-03 | waiting on others
2026-05-15 | unknown 2022-01-10; review 2025-06-25 | LAC_REVIEW_N 2025-06-25 | 2025-12-25 | waiting on others
2026-11-20 | unknown 2022-01-10; review 2026-03-31 | LAC_REVIEW_N 2026-03-31 | 2026-09-30 | waiting on others
2026-11-20 | unknown 2022-01-10; review 2026-03-31; review 2026-09-30 | LAC_REVIEW_N 2026-03-31 | 2026-09-30 | done
2026-11-20 | unknown 2022-01-10; review 2026-03-31; review 2026-10-01 | LAC_REVIEW_N 2026-03-31 | 2026-09-30 | done late
2026-11-20 | care 2023-05-01; roll 2026-09-21; review 2026-10-07 | LAC_REVIEW_N 2026-10-07 | 2027-04-07 | later

# a talk after coming back: 72 hours, whatever the days
2026-11-20 | missing 2026-11-17 | RETURN_INTERVIEW 2026-11-17 | 2026-11-20 | due soon
2026-11-20 | missing 2026-11-16 | RETURN_INTERVIEW 2026-11-16 | 2026-11-19 | waiting on others
2026-11-20 | missing 2026-11-20 | RETURN_INTERVIEW 2026-11-20 | 2026-11-23 | due soon
2026-11-20 | missing 2026-10-30 | RETURN_INTERVIEW 2026-10-30 | 2026-11-02 | waiting on others
2026-11-20 | missing 2026-10-23 | RETURN_INTERVIEW 2026-10-23 | 2026-10-26 | waiting on others
2026-05-15 | missing 2026-04-02 | RETURN_INTERVIEW 2026-04-02 | 2026-04-05 | waiting on others
2026-05-15 | missing 2025-12-24 | RETURN_INTERVIEW 2025-12-24 | 2025-12-27 | waiting on others
2026-05-15 | missing 2025-12-30 | RETURN_INTERVIEW 2025-12-30 | 2026-01-02 | waiting on others
2026-11-20 | missing 2024-02-26 | RETURN_INTERVIEW 2024-02-26 | 2024-02-29 | waiting on others
2026-11-20 | missing 2024-02-27 | RETURN_INTERVIEW 2024-02-27 | 2024-03-01 | waiting on others
2026-11-20 | missing 2026-11-09 2026-11-12 | RETURN_INTERVIEW 2026-11-09 | 2026-11-12 | done
2026-11-20 | missing 2026-11-09 2026-11-13 | RETURN_INTERVIEW 2026-11-09 | 2026-11-12 | done late
"""  # noqa: E501 - a case is a line

#: The last day on roll, and by when the next school has each of the two files.
LEAVING = """
leaving_date | CP_FILE_TRANSFER | PUPIL_RECORD_TRANSFER
2024-02-22   | 2024-02-29       | 2024-03-14
2026-04-30   | 2026-05-08       | 2026-05-22
2026-05-21   | 2026-06-04       | 2026-06-18
2026-07-21   | 2026-09-08       | 2026-09-22
2026-10-19   | 2026-11-02       | 2026-11-16
2026-10-23   | 2026-11-06       | 2026-11-20
2026-11-20   | 2026-11-27       | 2026-12-11
2026-12-11   | 2026-12-18       | 2027-01-15
2026-12-18   | 2027-01-08       | 2027-01-22
2027-02-12   | 2027-02-26       | 2027-03-12
2027-03-25   | 2027-04-16       | 2027-04-30
2027-04-27   | 2027-05-05       | 2027-05-19
"""


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
    "pep 2025-09-03; health 2025-10-06 review assessment; suspended 2026-09-07 2; "
    "told 2026-09-07; review 2020-01-01"
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
    "health": ("raw_health", {"age_band": "5 to 9"}, ("health_date", "kind")),
    "young": ("raw_health", {"age_band": "under 5"}, ("health_date", "kind")),
    "sdq": ("raw_sdq", {"total": "14"}, ("sdq_date",)),
    "reason": ("raw_sdq", {"reason": "SDQ2"}, ("sdq_date",)),
    "plan": ("raw_ehcp", {}, ("ehcp_date", "event")),
    "suspended": ("raw_suspension", {"category": "SUSP"}, ("suspension_date", "sessions")),
    "lunchtime": ("raw_suspension", {"category": "LNCH"}, ("suspension_date", "sessions")),
    "told": ("raw_action", {"kind": "told of a suspension"}, ("action_date",)),
    "step": ("raw_protection", {}, ("protection_date", "event")),
    "review": ("raw_review", {"outcome": "held"}, ("review_date",)),
    "arranged": ("raw_review", {"outcome": "booked"}, ("review_date",)),
    "missing": (
        "raw_missing",
        {"missing_date": "2020-01-01", "interview": "held"},
        ("back_date", "interview_date"),
    ),
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
_LEAVING = [[cell.strip() for cell in line.split("|")] for line in LEAVING.split("\n")[1:-1]]
#: As many as show weekends, bank holidays, ends of months, a leap day and school holidays.
_FEWEST = 10
_DAYS = YEAR_2026 + YEAR_2025 + YEAR_2023


@pytest.mark.parametrize("as_at", sorted({case.as_at for case in _CASES}))
def test_each_duty_is_what_a_practitioner_says(given: Given, answer: Answer, as_at: str) -> None:
    """Every child of the table stands in one school; each line is right on its own."""
    cases = [case for case in _CASES if case.as_at == as_at]
    others = _OTHERS if as_at > "2025" else _OTHERS.replace("2025", "2023")
    given(calendar=_DAYS, **_tables([*(case.facts for case in cases), others]))
    found = answer("every_duty", as_at=as_at, by="pupil rule started_on")
    wrong = []
    for number, case in enumerate(cases, start=1):
        row = found.get((f"P{number}", *case.duty.split()))
        told = ("none", "none")
        if row:
            late = " late" if row["is_late"] and row["done_date"] else ""
            told = (row["due_date"] or "-", f"{row['status']}{late}")
        if told != (case.due, case.status):
            wrong.append((case, told))
    assert wrong == []


def test_each_file_that_a_leaver_is_owed_is_due_when_the_office_says(
    given: Given, answer: Answer
) -> None:
    """School days after the last day on roll, over half-terms, terms and bank holidays."""
    leavers = [dict(zip(_LEAVING[0], row, strict=True)) for row in _LEAVING[1:]]
    stays = [
        {"pupil": f"P{number}", "leaving_date": row["leaving_date"]}
        for number, row in enumerate(leavers, start=1)
    ]
    given(calendar=_DAYS, raw_enrolment=_table(stays))
    assert answer("int_leaver_duty", as_at="2027-06-30", columns="due_date") == {
        (f"P{number}", rule): row[rule]
        for number, row in enumerate(leavers, start=1)
        for rule in _LEAVING[0][1:]
    }


def test_each_day_that_a_law_sets_has_ten_cases() -> None:
    """Ten last days by hand for each rule that is worked out, but a school's own settings."""
    cases = Counter(case.duty.split()[0] for case in _CASES if case.due not in {"none", "-"})
    cases |= dict.fromkeys(_LEAVING[0][1:], len(_LEAVING) - 1)
    worked_out = reference.read("deadline").filter(
        pl.col("is_tracked") | (pl.col("clock") == "leaving"),
        ~pl.col("source").str.starts_with("School setting"),
    )
    few = {rule: cases[rule] for rule in worked_out["rule"] if cases[rule] < _FEWEST}
    assert few == {}
    assert worked_out.height >= 20, "the list of rules was read wrongly"


def test_the_table_is_large_enough() -> None:
    """A practitioner's 120 lines, no two alike."""
    assert len(set(_CASES)) == len(_CASES) >= 120
    assert all(len(list(same)) == 1 for _, same in groupby(sorted(_CASES)))
