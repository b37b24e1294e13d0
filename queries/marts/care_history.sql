-- What has changed lately for each child in care: homes, schools and social workers.
--
-- One row for each child who is looked after on the date you chose, also for one who is
-- on no school's roll. Changes are counted over the {history_months} up to that date.
-- A move is a change of home. A change of school counts unless it is in the first
-- {school_start_months} of the school year (from 1 August), when children start school or
-- go on to the next one. Changes of school come from the care file or the rolls of the
-- schools here, whichever shows more changes.
-- Key: pupil_key.
-- Null: last_moved_on.
-- Category: care.
with cared as (
    select
        pupil_key,
        add_months(as_at(), -threshold('history_months', as_at())::integer)
            as after_date
    from int_care_period
    where status = 'looked after' and is_in_period(as_at(), counts_from, end_date)
),

stays as (
    select
        pupil_key,
        entry_date,
        school_key <> lag(school_key) over (
            partition by pupil_key
            order by entry_date
        ) as is_another
    from stg_enrolment
),

changes as (
    select
        pupil_key,
        kind::varchar as kind,
        care_change_date as changed_on
    from stg_care_change
    union all by name
    select
        pupil_key,
        'home' as kind,
        counts_from as changed_on
    from int_home
    where is_move
    union all by name
    select
        pupil_key,
        'another roll' as kind,
        entry_date as changed_on
    from stays
    where is_another
),

counted as (
    select
        cared.pupil_key,
        count(*) filter (where changes.kind = 'home') as moves,
        max(changes.changed_on) filter (where changes.kind = 'home') as last_moved_on,
        count(*) filter (where changes.kind = 'school') as schools,
        count(*) filter (where changes.kind = 'another roll') as rolls,
        count(*) filter (where changes.kind = 'social worker') as social_workers
    from cared
    inner join changes
        on
            cared.pupil_key = changes.pupil_key
            and cared.after_date < changes.changed_on
            and changes.changed_on <= as_at()
            and (
                changes.kind in ('home', 'social worker')
                or add_months(
                    academic_year_first_day(changes.changed_on),
                    threshold('school_start_months', as_at())::integer
                ) <= changes.changed_on
            )
    group by cared.pupil_key
)

select
    cared.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    coalesce(counted.moves, 0)::integer as moves,
    counted.last_moved_on,
    coalesce(greatest(counted.schools, counted.rolls), 0)::integer as schools,
    coalesce(counted.social_workers, 0)::integer as social_workers
from cared
inner join stg_pupil as pupils on cared.pupil_key = pupils.pupil_key
left join counted on cared.pupil_key = counted.pupil_key
