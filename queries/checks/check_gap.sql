-- A school day of a child's stay without a mark: not recorded, which is no absence.  A
-- stay that is over and has no mark at all has no gaps: its register was never loaded, or
-- went by the retention schedule.
-- Key: school_key, pupil_key, session_date, half.
-- Category: load.
-- Severity: shown.
with stays as (
    select
        stays.school_key,
        stays.pupil_key,
        stays.entry_date,
        coalesce(stays.end_date, 'infinity'::date) as end_date
    from stg_enrolment as stays
    where
        as_at() < coalesce(stays.end_date, 'infinity'::date)
        or exists (
            select 1
            from stg_mark as marks
            where
                marks.school_key = stays.school_key
                and marks.pupil_key = stays.pupil_key
                and marks.session_date >= stays.entry_date
                and marks.session_date < stays.end_date
        )
)

select
    sessions.school_key,
    sessions.pupil_key,
    sessions.pupil_id,
    sessions.handle,
    sessions.session_date,
    sessions.half
from pupil_session as sessions
where
    sessions.kind = 'not recorded'
    and exists (
        select 1
        from stays
        where
            stays.school_key = sessions.school_key
            and stays.pupil_key = sessions.pupil_key
            and sessions.session_date >= stays.entry_date
            and sessions.session_date < stays.end_date
    )
