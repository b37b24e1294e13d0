-- The newest episode of being looked after on the day asked for: the authority, the legal
-- status, the home, and since when the child has lived there. Its blanks are not filled
-- from an older episode; home_since is null if the start is not known.
-- Key: pupil_key.
select
    episodes.pupil_key,
    -- plain arg_max would skip the blanks of the newest episode
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
