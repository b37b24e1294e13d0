-- One row a suspension or exclusion by the day asked for.  sessions are half days;
-- year_sessions are those of the school year up to and with it, of a suspension, of which
-- the law allows {SUSPENSION_LIMIT} in a school year; null for other categories.
-- Key: pupil_key, suspension_date.
-- Null: category, reason, year_sessions.
-- Category: attendance.
-- Short: Each suspension or exclusion of a child, and how many sessions it took.
-- Short: It also says how many sessions that makes in the school year so far.
select
    suspensions.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    suspensions.suspension_date,
    academic_year(suspensions.suspension_date) as academic_year,
    categories.label as category,
    suspensions.sessions,
    case
        when suspensions.category = 'SUSP'
            then
                (sum(suspensions.sessions) over (
                    partition by
                        suspensions.pupil_key,
                        suspensions.category,
                        academic_year(suspensions.suspension_date)
                    order by suspensions.suspension_date
                ))::integer
    end as year_sessions,
    reasons.label as reason
from stg_suspension as suspensions
inner join stg_pupil as pupils on suspensions.pupil_key = pupils.pupil_key
left join ref_suspension_category as categories on suspensions.category = categories.code
left join ref_suspension_reason as reasons on suspensions.reason = reasons.code
where suspensions.suspension_date <= as_at()
