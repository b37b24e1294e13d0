-- One row a child, lane and stretch of time that began by the day asked for, for the
-- timeline: homes and legal statuses in care as each episode has them (short breaks left
-- out), and the groups of cohort_member without a break.  end_date is the first day on
-- which it no longer held, null while it holds on the day asked for.
-- Key: pupil_key, lane, start_date, label.
-- Null: end_date.
-- Category: care.
-- Short: Each home, legal status and group of a child, and when it began and ended.
-- Short: One without an end goes on.
with lanes as (
    select
        pupil_key,
        unnest([ -- noqa: AL03
            { 'lane': 'home', 'label': home_kind },
            { 'lane': 'legal status', 'label': legal_status }
        ], recursive := true),
        counts_from as start_date,
        end_date
    from int_care_episode
    where status = 'looked after'
    union all by name
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
