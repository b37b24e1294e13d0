-- One row a suspension or exclusion by the day asked for.  sessions are half days.
-- Key: pupil_key, suspension_date.
-- Null: category, reason.
-- Category: attendance.
select
    suspensions.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    suspensions.suspension_date,
    academic_year(suspensions.suspension_date) as academic_year,
    categories.label as category,
    suspensions.sessions,
    reasons.label as reason
from stg_suspension as suspensions
inner join stg_pupil as pupils on suspensions.pupil_key = pupils.pupil_key
left join ref_suspension_category as categories on suspensions.category = categories.code
left join ref_suspension_reason as reasons on suspensions.reason = reasons.code
where suspensions.suspension_date <= as_at()
