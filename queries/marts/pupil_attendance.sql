-- One row a child and academic year in which the register has a mark by the day asked
-- for.  Sessions are half days: possible = attended + absent, absent = authorised +
-- unauthorised; a mark of N counts as unauthorised until it is replaced.  late_sessions
-- were attended after the register opened and before it closed.  absence_rate is absent
-- over possible sessions, 0 to 1, null when none was possible.  A child is persistently
-- absent from exactly {persistent_absence} of the sessions that were possible for this
-- child, severely from {severe_absence}; both null when none was possible.  is_too_early:
-- fewer school weeks with a possible session than the school's setting asks for before a
-- rate is shown.
-- Key: school_key, pupil_key, academic_year.
-- Category: attendance.
with years as (
    select
        school_key,
        pupil_key,
        academic_year,
        sum(possible_sessions)::integer as possible_sessions,
        sum(attended_sessions)::integer as attended_sessions,
        sum(authorised_absent_sessions)::integer as authorised_absent_sessions,
        sum(unauthorised_absent_sessions)::integer as unauthorised_absent_sessions,
        sum(absent_sessions)::integer as absent_sessions,
        sum(late_sessions)::integer as late_sessions,
        count(*) filter (where possible_sessions > 0)::integer as school_weeks
    from int_pupil_week_to_date
    group by school_key, pupil_key, academic_year
)

select
    years.school_key,
    years.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    years.academic_year,
    years.possible_sessions,
    years.attended_sessions,
    years.authorised_absent_sessions,
    years.unauthorised_absent_sessions,
    years.absent_sessions,
    years.late_sessions,
    years.school_weeks,
    years.absent_sessions / nullif(years.possible_sessions, 0) as absence_rate,
    case
        when years.possible_sessions > 0
            then
                years.absent_sessions
                >= years.possible_sessions * threshold('persistent_absence', as_at())
    end as is_persistent_absentee,
    case
        when years.possible_sessions > 0
            then
                years.absent_sessions
                >= years.possible_sessions * threshold('severe_absence', as_at())
    end as is_severe_absentee,
    years.school_weeks < threshold('weeks_before_rates', as_at()) as is_too_early
from years
inner join stg_pupil as pupils on years.pupil_key = pupils.pupil_key
