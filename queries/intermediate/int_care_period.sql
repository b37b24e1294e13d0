-- A stretch of one status without a break, [counts_from, end_date): periods that meet or
-- overlap are one, whatever changed of home or legal status.  is_start_known is that of
-- the first; of two that start on one day, the known one's.  Short breaks (V3, V4) are
-- no stretch of being looked after, as in the national figures.
-- Key: school_key, pupil_key, status, counts_from.
-- Materialised: school_key, pupil_key, status, counts_from.
with episodes as (
    select
        periods.school_key,
        periods.pupil_key,
        periods.status,
        periods.counts_from,
        periods.is_start_known,
        coalesce(periods.end_date, 'infinity'::date) as end_date
    from stg_care_episode as periods
    left join ref_legal_status as legal on periods.legal_status = legal.code
    where not coalesce(legal.is_short_break, false)
),

with_end_so_far as (
    select
        school_key,
        pupil_key,
        status,
        counts_from,
        is_start_known,
        end_date,
        max(end_date) over (
            partition by school_key, pupil_key, status
            order by counts_from, end_date
            rows between unbounded preceding and 1 preceding
        ) as end_so_far
    from episodes
),

numbered as (
    select
        school_key,
        pupil_key,
        status,
        counts_from,
        is_start_known,
        end_date,
        count(*) filter (
            where counts_from > coalesce(end_so_far, '-infinity'::date)
        ) over (
            partition by school_key, pupil_key, status
            order by counts_from, end_date
        ) as stretch
    from with_end_so_far
)

select
    school_key,
    pupil_key,
    status,
    min(counts_from) as counts_from,
    arg_min(is_start_known, (counts_from, not is_start_known)) as is_start_known,
    nullif(max(end_date), 'infinity'::date) as end_date
from numbered
group by school_key, pupil_key, status, stretch
