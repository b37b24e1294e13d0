-- A child's groups on the day asked for, as pages pool them: 'all', each group of
-- cohort_member that holds, and 'looked after 12 months', which is whom the national line
-- is about.  A child who is looked after is not counted again among
-- those who have a social worker.
-- Key: school_key, pupil_key, cohort.
with members as (
    select
        school_key,
        pupil_key,
        is_looked_after,
        is_looked_after_12_months,
        is_previously_looked_after,
        has_social_worker
    from cohort_member
)

select
    school_key,
    pupil_key,
    'all' as cohort
from members
union all
select
    school_key,
    pupil_key,
    'looked after' as cohort
from members
where is_looked_after
union all
select
    school_key,
    pupil_key,
    'looked after 12 months' as cohort
from members
where is_looked_after_12_months
union all
select
    school_key,
    pupil_key,
    'previously looked after' as cohort
from members
where is_previously_looked_after
union all
select
    school_key,
    pupil_key,
    'has a social worker' as cohort
from members
where has_social_worker and not is_looked_after
