-- A child's groups on the day asked for, as pages pool them: 'all', each group of
-- cohort_member that holds, and 'looked after 12 months', which is whom the national line
-- is about.  A child who is looked after is not counted again among
-- those who have a social worker.
-- Key: pupil_key, cohort.
with memberships as (
    select
        school_key,
        pupil_key,
        unnest([
            'all',
            case when is_looked_after then 'looked after' end,
            case when is_looked_after_12_months then 'looked after 12 months' end,
            case when is_previously_looked_after then 'previously looked after' end,
            case
                when has_social_worker and not is_looked_after then 'has a social worker'
            end
        ]) as cohort
    from int_member
)

select
    school_key,
    pupil_key,
    cohort
from memberships
where cohort is not null
