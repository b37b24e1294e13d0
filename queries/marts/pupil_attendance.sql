-- One row a child and academic year in which the register has a mark by its last full
-- day.  Sessions are half days: possible = attended + absent, absent = authorised +
-- unauthorised; a mark of N counts as unauthorised until it is replaced.  late_sessions
-- (L) were attended after the register opened and before it closed;
-- late_after_closing_sessions (U) are absent ones, on which the child came after that.
-- absence_rate is absent over possible sessions, 0 to 1, null when none was possible.  A
-- child is persistently absent from exactly {persistent_absence} of the sessions that
-- were possible for this child, severely from {severe_absence}; both null when none was
-- possible.  is_too_early: fewer school weeks with a possible session than the school's
-- setting asks for before a rate is shown.
-- Key: pupil_key, academic_year.
-- Null: absence_rate, is_persistent_absentee, is_severe_absentee.
-- Category: attendance.
-- Short: How many sessions a child missed in a school year, of those possible.
-- Short: A session is half a school day.
with closings as (
    select
        pupil_key,
        academic_year(session_date) as academic_year,
        count(*)::integer as late_after_closing_sessions
    from int_mark_classified
    where code = 'U' and session_date <= register_day()
    group by pupil_key, academic_year(session_date)
)

select
    years.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    years.academic_year,
    years.possible_sessions,
    years.attended_sessions,
    years.authorised_absent_sessions,
    years.unauthorised_absent_sessions,
    years.absent_sessions,
    years.late_sessions,
    coalesce(closings.late_after_closing_sessions, 0) as late_after_closing_sessions,
    years.school_weeks,
    years.absence_rate,
    years.is_persistent_absentee,
    years.is_severe_absentee,
    years.is_too_early
from int_pupil_year as years
inner join stg_pupil as pupils on years.pupil_key = pupils.pupil_key
left join closings
    on
        years.pupil_key = closings.pupil_key
        and years.academic_year = closings.academic_year
