-- One row a child, lane and stretch of time on or before the day asked for, for the
-- timeline: homes and legal statuses in care, and the groups of cohort_member.  end_date
-- is the first day on which it no longer held, null while it holds.
-- Key: school_key, pupil_key, lane, start_date, label.
-- Category: care.
select
    episodes.school_key,
    episodes.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    'home' as lane,
    kinds.label,
    episodes.counts_from as start_date,
    max(episodes.end_date) as end_date
from stg_care_episode as episodes
inner join stg_pupil as pupils on episodes.pupil_key = pupils.pupil_key
inner join ref_home_kind as kinds on episodes.home = kinds.code
where episodes.status = 'looked after' and episodes.counts_from <= as_at()
group by
    episodes.school_key,
    episodes.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    kinds.label,
    episodes.counts_from
union all
select
    episodes.school_key,
    episodes.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    'legal status' as lane,
    legal.label,
    episodes.counts_from as start_date,
    max(episodes.end_date) as end_date
from stg_care_episode as episodes
inner join stg_pupil as pupils on episodes.pupil_key = pupils.pupil_key
inner join ref_legal_status as legal on episodes.legal_status = legal.code
where episodes.status = 'looked after' and episodes.counts_from <= as_at()
group by
    episodes.school_key,
    episodes.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    legal.label,
    episodes.counts_from
union all
select
    periods.school_key,
    periods.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    'group' as lane,
    periods.cohort as label,
    periods.counts_from as start_date,
    max(periods.end_date) as end_date
from int_cohort_period as periods
inner join stg_pupil as pupils on periods.pupil_key = pupils.pupil_key
where periods.counts_from <= as_at()
group by
    periods.school_key,
    periods.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    periods.cohort,
    periods.counts_from
