-- A stretch of one status without a break, [counts_from, end_date): periods that meet or
-- overlap are one, whatever changed of home or legal status.  is_start_known is that of
-- the first; of two that start on one day, the known one's.  Short breaks (V3, V4) are
-- no stretch of being looked after, as in the national figures.
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
