-- A stretch of one status without a break, [counts_from, end_date): periods that meet or
-- overlap are one, even if the home or the legal status changed. is_start_known is that
-- of the first period; if two start on one day, a known start counts. Short breaks (V3,
-- V4) are not stretches of being looked after, as in the national figures.
-- Key: pupil_key, status, counts_from.
-- Materialised: pupil_key, status, counts_from.
with episodes as ( -- noqa: ST03
    select
        pupil_key,
        status as label,
        counts_from,
        is_start_known,
        end_date
    from int_care_episode
)

select
    pupil_key,
    label as status,
    counts_from,
    is_start_known,
    end_date
from join_periods('episodes')
