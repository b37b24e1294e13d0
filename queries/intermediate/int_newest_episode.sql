-- The newest episode of being looked after that holds on the day asked for: which
-- authority looks after the child, under which order and where.  What it leaves blank is
-- not filled from an older one.
-- Key: pupil_key.
select
    pupil_key,
    -- plain arg_max would step over what the newest leaves blank
    arg_max_null(authority, counts_from) as authority,
    arg_max_null(legal_status, counts_from) as legal_status,
    arg_max_null(home_kind, counts_from) as home_kind
from int_care_episode
where
    status = 'looked after'
    and is_in_period(as_at(), counts_from, end_date)
group by pupil_key
