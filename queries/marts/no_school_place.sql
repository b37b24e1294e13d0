-- Children in care who have no school place, and for how many days. The days are counted
-- from the last day on a roll, or from the start of care if that is later.
--
-- One row for each child who is looked after and on no school's roll on the date you
-- chose.
-- The last school, its last day and the year group come from the rolls. They are blank
-- for a child who had no place at any school here.
-- If the start of care is not known, days are counted from the day on which the child was
-- first known to be in care.
-- The row also shows any provision that the child has instead of a school place.
-- For a single school, these are the children in care who left the school, wherever they
-- went.
-- Key: pupil_key.
-- Null: looked_after_since, year_group, last_school, last_place_ended_on, authority.
-- Null: legal_status, home_kind, home_since, provision.
-- Category: care.
with lasts as (
    select
        stays.pupil_key,
        max(stays.end_date) - 1 as last_day,
        arg_max(schools.school_name, stays.end_date) as school_name,
        arg_max(
            stays.year_group
            + academic_year_start(as_at())
            - academic_year_start(stays.year_group_date),
            stays.end_date
        )::integer as year_group
    from stg_enrolment as stays
    inner join stg_school as schools on stays.school_key = schools.school_key
    where stays.entry_date <= as_at()
    group by stays.pupil_key
),

provisions as (
    select
        pupil_key,
        string_agg(kind, ', ' order by kind) as provision
    from stg_provision
    where provision_date <= as_at() and coalesce(end_date >= as_at(), true)
    group by pupil_key
)

select
    cared.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    case when cared.is_start_known then cared.counts_from end as looked_after_since,
    lasts.year_group,
    lasts.school_name as last_school,
    lasts.last_day as last_place_ended_on,
    date_diff(
        'day',
        greatest(coalesce(lasts.last_day, cared.counts_from), cared.counts_from),
        as_at()
    )::integer as days_without,
    episodes.authority,
    episodes.legal_status,
    episodes.home_kind,
    episodes.home_since,
    provisions.provision
from int_cohort_stretch as cared
anti join int_pupil_on_roll as on_roll on cared.pupil_key = on_roll.pupil_key
inner join stg_pupil as pupils on cared.pupil_key = pupils.pupil_key
left join lasts on cared.pupil_key = lasts.pupil_key
left join int_newest_episode as episodes on cared.pupil_key = episodes.pupil_key
left join provisions on cared.pupil_key = provisions.pupil_key
where
    cared.cohort = 'looked after'
    and is_in_period(as_at(), cared.counts_from, cared.end_date)
