-- Each step that is due for a child, child protection included, with who must act. A step
-- is late if it was done, or is booked, after its deadline.
--
-- One row for each dated step of a child on roll, for the safeguarding lead.
-- Key: pupil_key, rule, started_on.
-- Null: due_date, done_date, booked_date, is_late, missing.
-- Category: child_protection.
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
