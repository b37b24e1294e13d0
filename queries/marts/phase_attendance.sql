-- What each child looked after for {looked_after_months} or more missed this school year,
-- by the phase of the school, with the latest national figures for the same children.
--
-- One row for each such child on roll on the date you chose under the phase of the school
-- that the child goes to now, and one under all phases. The figures of a phase are the
-- sums of its rows. Sessions are those of `pupil_attendance` for the whole year.
-- Persistent and severe absence are counted of the children who have been in the register
-- for {weeks_before_rates}.
-- The national figures are shares from 0 to 1, for the latest year published before this
-- one. They are blank if none is published for the phase.
-- Key: phase, pupil_key.
-- Null: national_year, national_absence, national_unauthorised, national_persistent.
-- Null: national_severe.
-- Category: care.
with published as (
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
),

phases as (
    select
        unnest([nullif(schools.national_phase, 'all'), 'all']) as phase,
        members.pupil_key
    from cohort_member as members
    inner join school_load as schools on members.school_key = schools.school_key
    where members.is_looked_after_12_months
)

select
    phases.phase,
    facts.school_key,
    facts.pupil_key,
    facts.pupil_id,
    facts.children,
    facts.possible_sessions,
    facts.absent_sessions,
    facts.unauthorised_sessions,
    facts.judged as judged_children,
    facts.persistent,
    facts.severe,
    published.national_year,
    published.national_absence,
    published.national_unauthorised,
    published.national_persistent,
    published.national_severe
from phases
inner join school_standing as facts on phases.pupil_key = facts.pupil_key
left join published on phases.phase = published.phase
where phases.phase is not null
