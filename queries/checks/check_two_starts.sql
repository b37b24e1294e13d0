-- Two rows give a child the same status for the same days, often because a later file
-- corrected the start. The two rows count as one, from the earlier start.
--
-- If a row removed from the file is still listed, load the file with --replace.
-- Key: pupil_key, cohort, counts_from.
-- Category: care.
with episodes as (
    select
        pupil_key,
        get_cohort(status) as cohort,
        counts_from,
        max(coalesce(end_date, 'infinity'::date)) over (
            partition by pupil_key, status
            order by counts_from, coalesce(end_date, 'infinity'::date)
            rows between unbounded preceding and 1 preceding
        ) as end_so_far
    from stg_care_episode
    where counts_from <= as_at()
)

select distinct
    episodes.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    episodes.cohort,
    episodes.counts_from
from episodes
inner join stg_pupil as pupils on episodes.pupil_key = pupils.pupil_key
where episodes.counts_from < episodes.end_so_far
