-- One row a child, lane and stretch of time that began by the day asked for, for the
-- timeline: homes and legal statuses in care as each episode has them (short breaks left
-- out), and the groups of cohort_member without a break.  end_date is the first day on
-- which it no longer held, null while it holds on the day asked for.
-- Key: pupil_key, lane, start_date, label.
-- Null: end_date.
-- Category: care.
-- Short: The stretches of a child's life on the timeline: home, legal status and group.
-- Short: A stretch without an end goes on.
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
