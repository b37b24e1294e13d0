-- A note of concern about a child, and what was done about it. A note is open until
-- somebody closes it.
--
-- One row for each note of concern up to the date you chose.
-- Key: pupil_key, concern_date, kind, line.
-- Null: done, follow_up_date, closed_date.
-- Category: concern.
-- Page: Notes of concern.
select
    notes.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    notes.concern_date,
    kinds.label as kind,
    notes.level::varchar as level_of_concern,
    notes.raised_by::varchar as raised_by,
    notes.line,
    notes.done::varchar as done,
    notes.follow_up_date,
    case when notes.closed_date <= as_at() then notes.closed_date end as closed_date,
    coalesce(notes.closed_date > as_at(), true)
    and coalesce(notes.follow_up_date < as_at(), false) as is_past
from stg_concern as notes
inner join stg_pupil as pupils on notes.pupil_key = pupils.pupil_key
left join ref_concern_kind as kinds on notes.kind = kinds.code
where notes.concern_date <= as_at()
