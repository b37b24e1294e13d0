-- Each suspension or exclusion of a child, and how many sessions it lasted. The total of
-- suspended sessions in the school year so far is shown too.
--
-- One row for each suspension or exclusion up to the date you chose. A session is half a
-- school day. Lost sessions and days are those up to the last full day of the register.
-- The total of suspended sessions includes the suspension shown. The law allows
-- {SUSPENSION_LIMIT} of suspension in a school year.
-- Exclusions and lunchtimes have no total.
-- From a date on, a child who is still suspended or excluded must be taught elsewhere
-- ({SUSPENSION_AP} after the first day). The row of this school year that reached this
-- date has it, with the first mark of such education and the status of this step as in
-- `duty`. Suspensions in a row count as one, from the first.
-- Key: pupil_key, suspension_date.
-- Null: category, reason, year_sessions, education_due, education_from, education_status.
-- Category: attendance.
with lost as (
    select
        suspensions.pupil_key,
        suspensions.suspension_date,
        suspensions.category,
        suspensions.sessions,
        suspensions.reason,
        least(
            suspensions.sessions,
            sessions_of_days(greatest(reached.day_number - begun.day_number, 0))
        )::integer as lost_sessions
    from stg_suspension as suspensions
    inner join int_school_register_day as ends
        on suspensions.school_key = ends.school_key
    asof left join int_day as begun
        on
            suspensions.school_key = begun.school_key
            and suspensions.suspension_date > begun.calendar_date
    asof left join int_day as reached
        on
            suspensions.school_key = reached.school_key
            and ends.register_day >= reached.calendar_date
)

select
    suspensions.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    suspensions.suspension_date,
    academic_year(suspensions.suspension_date) as academic_year,
    categories.label as category,
    suspensions.sessions,
    suspension_days(suspensions.sessions)::integer as days,
    suspensions.lost_sessions,
    suspension_days(suspensions.lost_sessions)::integer as lost_days,
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
    reasons.label as reason,
    taught.due_date as education_due,
    taught.done_date as education_from,
    taught.status as education_status
from lost as suspensions
inner join stg_pupil as pupils on suspensions.pupil_key = pupils.pupil_key
left join ref_suspension_category as categories on suspensions.category = categories.code
left join ref_suspension_reason as reasons on suspensions.reason = reasons.code
left join int_duty as taught
    on
        suspensions.pupil_key = taught.pupil_key
        and suspensions.suspension_date = taught.started_on
        and taught.rule in ('SUSPENSION_AP', 'EXCLUSION_AP')
where suspensions.suspension_date <= as_at()
