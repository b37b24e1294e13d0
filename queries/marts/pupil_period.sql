-- One row a child, lane and stretch of time that began by the day asked for, for the
-- timeline: homes and legal statuses in care as each episode has them (short breaks left
-- out), and the groups of cohort_member without a break.  end_date is the first day on
-- which it no longer held, null while it holds on the day asked for.
-- Key: school_key, pupil_key, lane, start_date, label.
-- Category: care.
with episodes as (
    select
        episodes.school_key,
        episodes.pupil_key,
        kinds.label as home,
        legal.label as legal_status,
        episodes.counts_from,
        episodes.end_date
    from stg_care_episode as episodes
    left join ref_home_kind as kinds on episodes.home = kinds.code
    left join ref_legal_status as legal on episodes.legal_status = legal.code
    where
        episodes.status = 'looked after'
        and not coalesce(legal.is_short_break, false)
),

lanes as (
    select
        school_key,
        pupil_key,
        'home' as lane,
        home as label,
        counts_from as start_date,
        end_date
    from episodes
    where home is not null
    union all
    select
        school_key,
        pupil_key,
        'legal status' as lane,
        legal_status as label,
        counts_from as start_date,
        end_date
    from episodes
    where legal_status is not null
    union all
    select
        school_key,
        pupil_key,
        'group' as lane,
        cohort as label,
        counts_from as start_date,
        end_date
    from int_cohort_stretch
)

select
    lanes.school_key,
    lanes.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    lanes.lane,
    lanes.label,
    lanes.start_date,
    case when lanes.end_date <= as_at() then lanes.end_date end as end_date
from lanes
inner join stg_pupil as pupils on lanes.pupil_key = pupils.pupil_key
where lanes.start_date <= as_at()
