-- A day on which a child in care came to another home, short breaks left out; where the
-- legal status alone changes, the child stays.
-- Key: pupil_key, changed_on.
with episodes as (
    select
        pupil_key,
        counts_from,
        coalesce(home, '') as home,
        coalesce(legal_status, '') as legal_status,
        lag(end_date) over by_pupil as earlier_end,
        lag(coalesce(home, '')) over by_pupil as earlier_home,
        lag(coalesce(legal_status, '')) over by_pupil as earlier_legal_status
    from int_care_episode
    where status = 'looked after'
    window
        by_pupil as (
            partition by pupil_key
            order by counts_from
        )
)

select distinct
    pupil_key,
    counts_from as changed_on
from episodes
where
    earlier_end = counts_from
    and (home <> earlier_home or legal_status = earlier_legal_status)
