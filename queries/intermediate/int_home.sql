-- A time of a child in care at one home, [counts_from, end_date), without short breaks.
-- If only the legal status changes, the time goes on. is_move says whether the child came
-- there from another home on that day.
-- Key: pupil_key, counts_from.
with episodes as (
    select
        pupil_key,
        counts_from,
        is_start_known,
        end_date,
        home_kind,
        coalesce(lag(end_date) over by_pupil = counts_from, false) as is_next,
        is_next
        and coalesce(home, '') = coalesce(lag(home) over by_pupil, '')
        and coalesce(legal_status, '')
        <> coalesce(lag(legal_status) over by_pupil, '') as is_same_home
    from int_care_episode
    where status = 'looked after'
    window
        by_pupil as (
            partition by pupil_key
            order by counts_from
        )
),

numbered as (
    select
        pupil_key,
        counts_from,
        is_start_known,
        end_date,
        home_kind,
        is_next,
        count(case when not is_same_home then 1 end) over (
            partition by pupil_key
            order by counts_from
        ) as number
    from episodes
)

select
    pupil_key,
    any_value(home_kind) as home_kind,
    min(counts_from) as counts_from,
    arg_min(is_start_known, counts_from) as is_start_known,
    arg_max_null(end_date, counts_from) as end_date,
    arg_min(is_next, counts_from) as is_move
from numbered
group by pupil_key, number
