-- A session without a mark on a school day. A session without a mark does not count as
-- missed.
--
-- Children who have left are checked only if they have marks.
-- Key: pupil_key, session_date, half.
-- Category: load.
with stays as (
    select
        stays.pupil_key,
        stays.entry_date,
        stays.end_date
    from stg_enrolment as stays
    where
        as_at() < coalesce(stays.end_date, 'infinity'::date)
        or exists (
            select 1
            from int_pupil_day as marks
            where
                marks.pupil_key = stays.pupil_key
                and is_in_period(marks.session_date, stays.entry_date, stays.end_date)
        )
)

select
    sessions.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    sessions.session_date,
    sessions.half
from int_unmarked_session as sessions
inner join stg_pupil as pupils on sessions.pupil_key = pupils.pupil_key
where
    sessions.session_date <= register_day()
    and exists (
        select 1
        from stays
        where
            stays.pupil_key = sessions.pupil_key
            and is_in_period(sessions.session_date, stays.entry_date, stays.end_date)
    )
