-- A child's groups on the day asked for, as pages pool them: 'all', and each group of
-- cohort_member that holds.  A child who is looked after is not counted again among
-- those who have a social worker.
-- Key: school_key, pupil_key, cohort.
with members as (
    select
        school_key,
        pupil_key,
        is_looked_after,
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
