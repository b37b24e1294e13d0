-- Written by `python -m queries.contract.generate`: change the registry instead.
-- One row for each part-time timetable, or time of alternative provision.
-- Key: pupil_key, kind, provision_date.
-- Null: review_date.
-- Null: end_date.
-- Category: attendance.
-- Page: Part-time timetables and other provision.
select
    facts.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    facts.provision_date,
    facts.kind::varchar as kind,
    facts.agreed_by::varchar as agreed_by,
    facts.review_date,
    facts.end_date
from stg_provision as facts
inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key
where facts.provision_date <= as_at()
