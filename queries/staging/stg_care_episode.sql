-- A period of one status with one home and legal status, [counts_from, end_date). If the
-- start is not known, the child counts from the day on which the school knew, and
-- is_start_known is false. end_date is null while the period continues. If rows are about
-- the same thing, from whichever school or authority, the newest source counts; entries
-- that people typed are the newest. What the source before says is in the other_ columns;
-- other_source_id is null if there is none.
-- Key: pupil_key, status, counts_from.
-- Materialised: pupil_key, status, counts_from.
select distinct on (pupil_key, status, start_date, known_since)
    school_key,
    source_id,
    load_id,
    pupil_key,
    status,
    coalesce(start_date, known_since) as counts_from,
    start_date is not null as is_start_known,
    end_date,
    authority,
    legal_status,
    home,
    lead(source_id) over by_period as other_source_id,
    lead(end_date) over by_period as other_end_date,
    lead(authority) over by_period as other_authority
from raw_care_episode
window
    by_period as (
        partition by pupil_key, status, start_date, known_since
        order by source_id desc
    )
order by source_id desc
