-- A child on roll who is in a group of the pages on the day asked for, with all these
-- groups; other children have no row. looked_after_since is null if the child is not
-- looked after or the start is not known; is_looked_after_12_months is null then too.
-- Key: pupil_key.
select
    on_roll.school_key,
    on_roll.pupil_key,
    on_roll.year_group,
    on_roll.entry_date,
    bool_or(stretches.cohort = 'looked after') as is_looked_after,
    bool_or(stretches.cohort = 'previously looked after') as is_previously_looked_after,
    bool_or(stretches.cohort = 'has a social worker') as has_social_worker,
    min(stretches.counts_from) filter (
        where stretches.cohort = 'looked after' and stretches.is_start_known
    ) as looked_after_since,
    add_months(
        looked_after_since, threshold('looked_after_months', as_at())::integer
    ) <= as_at() as is_looked_after_12_months
from int_pupil_on_roll as on_roll
inner join int_cohort_stretch as stretches
    on
        on_roll.pupil_key = stretches.pupil_key
        and is_in_period(as_at(), stretches.counts_from, stretches.end_date)
group by
    on_roll.school_key, on_roll.pupil_key, on_roll.year_group, on_roll.entry_date
