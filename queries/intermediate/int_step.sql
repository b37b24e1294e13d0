-- A step that starts the clock of a duty, does one, or shows that one was passed
-- (ref_duty_step), taken by the day asked for, of a child on roll then.  A duty that such
-- a step starts is none if it was due before counts_if_due_from; has_no_record is whether
-- nothing tells if it was done.
-- Key: pupil_key, event, step_date.
-- Null: counts_if_due_from.
select
    pupil_key,
    event,
    protection_date as step_date,
    null::date as counts_if_due_from,
    false as has_no_record
from int_protection_event
union all by name
select
    pupil_key,
    event,
    step_date,
    counts_if_due_from,
    has_no_record
from int_review_step
union all by name
select distinct
    missing.pupil_key,
    'came back' as event,
    missing.back_date as step_date,
    null::date as counts_if_due_from,
    false as has_no_record
from stg_missing as missing
inner join int_pupil_on_roll as on_roll on missing.pupil_key = on_roll.pupil_key
where missing.back_date <= as_at()
union all by name
select distinct
    missing.pupil_key,
    'talked' as event,
    missing.interview_date as step_date,
    null::date as counts_if_due_from,
    false as has_no_record
from stg_missing as missing
inner join int_pupil_on_roll as on_roll on missing.pupil_key = on_roll.pupil_key
where missing.interview <> 'not offered' and missing.interview_date <= as_at()
