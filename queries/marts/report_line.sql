-- The absence figure of England with which a governor report compares a group.
--
-- One row for each school of a phase that has one: a share of sessions from 0 (none) to
-- 1 (all). It is for children looked after for 12 months in primary schools, in the
-- latest school year published before that of the report.
-- Key: school_key.
-- Category: report.
select
    schools.school_key,
    max(published.academic_year) as academic_year,
    arg_max(published.rate, published.academic_year) as absence_rate
from national_line as published
inner join school_load as schools on published.phase = schools.national_phase
where
    published.measure = 'absence'
    and published.phase = 'primary'
    and published.cohort = 'looked after 12 months'
    and published.academic_year < academic_year(as_at())
group by schools.school_key
