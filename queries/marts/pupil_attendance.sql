-- How many sessions a child missed in a school year, out of those possible. A session is
-- half a school day.
--
-- One row for each child and school year with a mark in the register, up to the last full
-- day of the register.
-- Possible sessions are those attended plus those missed.
-- A mark of N (no reason yet) counts as unauthorised until a reason replaces it.
-- Arriving late before the register closed (L) counts as attended. Arriving after the
-- register closed (U) counts as missed.
-- A child who missed {persistent_absence} or more of their own possible sessions is
-- persistently absent. A child who missed {severe_absence} or more is severely absent.
-- Figures for one child say "too early to say" until there are {weeks_before_rates} with
-- a possible session.
-- Key: pupil_key, academic_year.
-- Null: absence_rate, is_persistent_absentee, is_severe_absentee.
-- Category: attendance.
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
    years.school_weeks,
    years.absence_rate,
    years.is_persistent_absentee,
    years.is_severe_absentee,
    years.is_too_early
from int_pupil_year as years
inner join stg_pupil as pupils on years.pupil_key = pupils.pupil_key
