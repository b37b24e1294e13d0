-- The absence figures of the whole school and of England, with which a governor report
-- compares a group.
--
-- One row for each figure, a share of sessions from 0 (none) to 1 (all).
-- The whole school's figure covers the school year of the report, up to the date of the
-- report.
-- England's figure is for children looked after for 12 months in primary schools, in the
-- latest school year published before that of the report. Only a school of that phase has
-- it.
-- The whole school is left out if more than {report_most_of_school} of its possible
-- sessions are those of children looked after.
-- Key: school_key, line.
-- Category: report.
select
    schools.school_key,
    'whole school' as line,
    schools.academic_year,
    schools.absence_rate
from school_attendance as schools
where
    schools.absence_rate is not null
    and exists (
        select 1
        from report_term as terms
        where
            terms.school_key = schools.school_key
            and terms.academic_year = schools.academic_year
    )
    and (
        select coalesce(sum(counted.open_sessions), 0)
        from report_session as counted
        inner join stg_pupil as pupils on counted.pupil_key = pupils.pupil_key
        where pupils.school_key = schools.school_key
    ) <= schools.possible_sessions * threshold('report_most_of_school', as_at())
union all
select
    schools.school_key,
    published.cohort as line,
    max(published.academic_year) as academic_year,
    arg_max(published.rate, published.academic_year) as absence_rate
from national_line as published
inner join school_load as schools on published.phase = schools.national_phase
where
    published.measure = 'absence'
    and published.phase = 'primary'
    and published.cohort = 'looked after 12 months'
    and published.academic_year < academic_year(as_at())
group by schools.school_key, published.cohort
