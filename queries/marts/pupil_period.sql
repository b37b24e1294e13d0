-- A child's timeline: homes, legal statuses and groups, with their dates. A period with
-- no end date is still going on.
--
-- One row for each period that began by the date you chose. The column lane says whether
-- it is of a home, a legal status or a group.
-- Homes and legal statuses come from the care episodes, leaving out short breaks. Periods
-- in the same home, legal status or group are joined if there is no break between them.
-- The end date is the first day after the period.
-- Key: pupil_key, lane, start_date, label.
-- Null: end_date.
-- Category: care.
with orders as ( -- noqa: ST03
    select
        pupil_key,
        legal_status as label,
        counts_from,
        is_start_known,
        end_date
    from int_care_episode
    where status = 'looked after'
),

lanes as (
    select
        pupil_key,
        'home' as lane,
        home_kind as label,
        counts_from as start_date,
        end_date
    from int_home
    union all
    select
        pupil_key,
        'legal status' as lane,
        label,
        counts_from as start_date,
        end_date
    from join_periods('orders')
    union all
    select
        pupil_key,
        'group' as lane,
        cohort as label,
        counts_from as start_date,
        end_date
    from int_cohort_stretch
)

select
    lanes.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    lanes.lane,
    lanes.label,
    lanes.start_date,
    case when lanes.end_date <= as_at() then lanes.end_date end as end_date
from lanes
inner join stg_pupil as pupils on lanes.pupil_key = pupils.pupil_key
where lanes.label is not null and lanes.start_date <= as_at()
