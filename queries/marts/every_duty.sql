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
-- data that it is, by which a role sees it or not;
-- this is all of them, for the safeguarding lead.
-- is_late is whether it was done, or is booked, after its last day; null otherwise.
-- Key: pupil_key, rule, started_on.
-- Null: due_date, done_date, booked_date, is_late, missing.
-- Category: child_protection.
-- Short: What the school or others must do for a child by a day, child protection too.
-- Short: It is late when it was done, or is booked, after that day.
select
    duties.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    duties.rule,
    rules.name,
    rules.holder,
    rules.category,
    rules.clock,
    duties.started_on,
    duties.due_date,
    duties.done_date,
    duties.booked_date,
    duties.status,
    coalesce(duties.done_date, duties.booked_date) > duties.due_date as is_late,
    case when duties.done_date is null then duties.missing end as missing,
    rules.is_verified
from int_duty as duties
inner join ref_deadline as rules on duties.rule = rules.rule
inner join stg_pupil as pupils on duties.pupil_key = pupils.pupil_key
