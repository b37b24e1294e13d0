-- Each step that is due for a child, with its deadline and who must act. A step is late
-- if it was done, or is booked, after its deadline.
--
-- One row for each dated step of a child on roll: the event from which time is counted,
-- its date, the deadline, what was done, and whose job it is.
-- Each rule says how many school days before the deadline a step becomes due soon. After
-- the end of the school's calendar, working days are counted instead.
-- A step is overdue if its deadline has passed and the school must act, alone or with
-- others. If somebody else must act, the step is waiting on others.
-- A step is not recorded if its deadline has passed, and no record shows whether it was
-- done.
-- A step is missed if the time has passed and it can no longer be done.
-- A step is booked late if it is booked for a date after its deadline.
-- A step can also have a recorded reason why it cannot be done.
-- A deadline cannot be known if no record gives the date from which it is counted. If
-- care files disagree, whether the step is due depends on which is right.
-- The kind of data decides which roles can see a step.
-- Child protection steps are listed separately: see `every_duty`.
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
