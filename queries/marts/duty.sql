-- One row a dated duty of a child on roll: what started its clock and when, the last day
-- by the calendar that its rule names, what came of it, and who holds it.  status on the
-- day asked for: done; reason given, when a reason why it cannot be stands in its place;
-- missed, when its time went by and nothing can do it any more; depends on, while care
-- files disagree on what missing says; booked, when a day is set, or booked late, when
-- that is after its last day; cannot be known, when missing says what no record tells;
-- later and due soon, within the school days of the rule (working days where the school's
-- calendar does not reach so far); overdue, when the school holds it, alone or with
-- others; waiting on others, since due_date, when somebody else does; not recorded, when
-- the day has passed and no record of its kind tells either way.  category: the kind of
-- data that it is, by which a role sees it or not.
-- is_late is whether it was done, or is booked, after its last day; null otherwise.
-- Those of child protection are left out: see every_duty.
-- Key: pupil_key, rule, started_on.
-- Null: due_date, done_date, booked_date, is_late, missing.
-- Category: duty.
-- Materialised: never.
-- Short: What the school or others must do for a child by a day, such as a PEP meeting.
-- Short: It is late when it was done, or is booked, after that day.
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
