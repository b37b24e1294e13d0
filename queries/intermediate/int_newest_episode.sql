-- The newest episode of being looked after that holds on the day asked for: which
-- authority looks after the child, under which order, where, and since when there.  What
-- it leaves blank is not filled from an older one; home_since is null where nobody knows
-- the start.
-- Key: pupil_key.
select
    episodes.pupil_key,
    -- plain arg_max would step over what the newest leaves blank
    arg_max_null(episodes.authority, episodes.counts_from) as authority,
    arg_max_null(episodes.legal_status, episodes.counts_from) as legal_status,
    arg_max_null(episodes.home_kind, episodes.counts_from) as home_kind,
    arg_max_null(
        case when homes.is_start_known then homes.counts_from end, homes.counts_from
    ) as home_since
from int_care_episode as episodes
inner join int_home as homes
    on
        episodes.pupil_key = homes.pupil_key
        and is_in_period(as_at(), homes.counts_from, homes.end_date)
where
    episodes.status = 'looked after'
    and is_in_period(as_at(), episodes.counts_from, episodes.end_date)
group by episodes.pupil_key
