-- Each step that is due for a child, with its last day and who must act. A step is late
-- if it was done, or is booked, after its last day.
--
-- One row for each dated step of a child on roll. It shows what started the clock and
-- when, the last day, what was done, and whose job it is.
-- `status` on the date you chose is one of these.
-- Done: it was done. Missed: the time has passed and it can no longer be done. Reason
-- given: there is a recorded reason why it cannot be done.
-- Booked: a date is set. Booked late: that date is after the deadline.
-- Due soon: the last day is within the number of school days that the rule gives. After
-- the end of the school's calendar, working days are counted. Later: it is further off.
-- Overdue: the last day has passed and the school must act, alone or with others. Waiting
-- on others: it has passed and somebody else must act.
-- Not recorded: the last day has passed, and no record of this kind shows whether it was
-- done.
-- Depends on: care files disagree on the fact named in `missing`. Cannot be known: no
-- record gives that fact.
-- `category` is the kind of data, which decides which roles can see it.
-- `is_late` is blank if nothing is done or booked.
-- Child protection steps are not included: see `every_duty`.
-- Key: pupil_key, rule, started_on.
-- Null: due_date, done_date, booked_date, is_late, missing.
-- Category: duty.
-- Materialised: never.
select
    pupil_key,
    school_key,
    pupil_id,
    handle,
    rule,
    name,
    holder,
    category,
    clock,
    started_on,
    due_date,
    done_date,
    booked_date,
    status,
    is_late,
    missing,
    is_verified
from every_duty
where category <> 'child_protection'
