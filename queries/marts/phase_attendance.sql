-- What children looked after for {looked_after_months} or more missed this school year,
-- by the phase of their schools, with the latest national figures for the same children.
--
-- One row for each phase with such a child on roll on the date you chose, and one for all
-- of them. Sessions are those of `pupil_attendance`, each child's whole year under the
-- phase of the school that the child goes to now.
-- Persistent and severe absence are counted of the children who have been in the register
-- for {weeks_before_rates}.
-- The national figures are shares from 0 to 1, for the latest year published before this
-- one. They are blank if none is published for the phase.
-- Key: phase.
-- Null: national_year, national_absence, national_unauthorised, national_persistent.
-- Null: national_severe.
-- Category: care.
with own as (
    select
        members.pupil_key,
        schools.national_phase as phase
    from cohort_member as members
    inner join school_load as schools on members.school_key = schools.school_key
    where members.is_looked_after_12_months
),

counted as (
    select
        pupil_key,
        phase
    from own
    where phase <> 'all'
    union all
    select
        pupil_key,
        'all' as phase
    from own
),

published as (
    select
        phase,
        max(academic_year) as national_year,
        arg_max(rate, academic_year) filter (where measure = 'absence')
            as national_absence,
        arg_max(rate, academic_year) filter (where measure = 'unauthorised absence')
            as national_unauthorised,
        arg_max(rate, academic_year) filter (where measure = 'persistent absence')
            as national_persistent,
        arg_max(rate, academic_year) filter (where measure = 'severe absence')
            as national_severe
    from national_line
    where
        cohort = 'looked after 12 months'
        and academic_year < academic_year(register_day())
        and measure in (
            'absence', 'unauthorised absence', 'persistent absence', 'severe absence'
        )
    group by phase
)

select
    counted.phase,
    count(*)::integer as children,
    coalesce(sum(years.possible_sessions), 0)::integer as possible_sessions,
    coalesce(sum(years.absent_sessions), 0)::integer as absent_sessions,
    coalesce(sum(years.unauthorised_absent_sessions), 0)::integer
        as unauthorised_sessions,
    count(*) filter (where not years.is_too_early)::integer as judged_children,
    count(*) filter (
        where years.is_persistent_absentee and not years.is_too_early
    )::integer as persistent,
    count(*) filter (
        where years.is_severe_absentee and not years.is_too_early
    )::integer as severe,
    max(published.national_year) as national_year,
    max(published.national_absence) as national_absence,
    max(published.national_unauthorised) as national_unauthorised,
    max(published.national_persistent) as national_persistent,
    max(published.national_severe) as national_severe
from counted
left join pupil_attendance as years
    on
        counted.pupil_key = years.pupil_key
        and years.academic_year = academic_year(register_day())
left join published on counted.phase = published.phase
group by counted.phase
