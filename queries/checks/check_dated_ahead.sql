-- A record with a date later than the latest data loaded. A record dated ahead does not
-- count until its date.
--
-- If the date is wrong, correct it in the file that it came from.
-- Marks, meetings, checks, SDQ forms, steps of a plan, suspensions and starts of care are
-- checked. Planned closures are not listed.
-- Key: pupil_key, kind, event_date.
-- Category: load.
-- Severity: shown.
with records as (
    select
        marks.pupil_key,
        'marks' as kind,
        marks.session_date as event_date
    from stg_mark as marks
    left join ref_attendance_code as codes
        on
            marks.code = codes.code
            and is_in_period(marks.session_date, codes.valid_from, codes.valid_to)
    where codes.kind is distinct from 'closed'
    union all
    select
        pupil_key,
        'PEP meeting held' as kind,
        pep_date as event_date
    from stg_pep
    where outcome = 'held'
    union all
    select
        pupil_key,
        kind::varchar as kind,
        health_date as event_date
    from stg_health
    where outcome <> 'booked'
    union all
    select
        pupil_key,
        'SDQ' as kind,
        sdq_date as event_date
    from stg_sdq
    union all
    select
        steps.pupil_key,
        steps.event::varchar as kind,
        steps.ehcp_date as event_date
    from stg_ehcp as steps
    inner join ref_ehcp_event as events
        on steps.event = events.code and not events.is_booking
    union all
    select
        pupil_key,
        'suspension' as kind,
        suspension_date as event_date
    from stg_suspension
    union all
    select
        pupil_key,
        'start of care' as kind,
        counts_from as event_date
    from stg_care_episode
)

select
    records.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    records.kind,
    records.event_date,
    count(*)::integer as number
from records
inner join stg_pupil as pupils on records.pupil_key = pupils.pupil_key
inner join int_newest_load as newest
    on
        pupils.school_key = newest.school_key
        and records.event_date > newest.loaded_at::date
group by
    records.pupil_key,
    pupils.pupil_id,
    pupils.handle,
    records.kind,
    records.event_date
