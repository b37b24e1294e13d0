-- A child's timeline: homes, legal statuses and groups, with their dates. A period with
-- no end date is still going on.
--
-- One row for each period that began by the date you chose. The column lane says whether
-- it is of a home, a legal status or a group.
-- Homes and legal statuses come from the care episodes, leaving out short breaks. Periods
-- in the same group are joined if there is no break between them.
-- The end date is the first day after the period.
-- Key: pupil_key, lane, start_date, label.
-- Null: end_date.
-- Category: care.
with homes as (
    select
        pupil_key,
        unnest([
            { 'lane': 'home', 'label': home_kind },
            { 'lane': 'legal status', 'label': legal_status }
        ]) as fact,
        counts_from as start_date,
        end_date
    from int_care_episode
    where status = 'looked after'
),

lanes as (
    select
        homes.pupil_key,
        homes.fact.lane,
        homes.fact.label,
        homes.start_date,
        homes.end_date
    from homes
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
