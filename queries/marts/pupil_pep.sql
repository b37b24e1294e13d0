-- Each PEP (personal education plan) meeting of a child, held or booked. A meeting is on
-- time if it met every deadline that applied.
--
-- One row for each meeting held up to the date you chose, or booked for that date or
-- later.
-- A meeting is measured against the deadline of its own term, and never against that of
-- an earlier term.
-- A meeting with no deadline, such as for a child no longer in care, is neither on time
-- nor late.
-- The term is blank for a meeting in the holidays. The quality of a PEP is the local
-- authority's own grade.
-- Key: pupil_key, pep_date.
-- Null: academic_year, term, is_on_time, quality, has_child_attended, targets_set.
-- Category: plans.
with ended as (
    select
        pupil_key,
        done_date,
        bool_and(done_date <= due_date) as is_on_time
    from int_duty
    where rule in ('PEP_COMPLETE', 'PEP_JOINED', 'PEP_REVIEW')
    group by pupil_key, done_date
)

select
    meetings.pupil_key,
    pupils.school_key,
    pupils.pupil_id,
    pupils.handle,
    meetings.pep_date,
    meetings.outcome::varchar as outcome,
    terms.academic_year,
    terms.term,
    ended.is_on_time,
    meetings.quality,
    meetings.has_child_attended,
    meetings.targets_set
from stg_pep as meetings
inner join stg_pupil as pupils on meetings.pupil_key = pupils.pupil_key
left join int_term as terms
    on
        meetings.school_key = terms.school_key
        and meetings.pep_date between terms.first_day and terms.last_day
left join ended
    on
        meetings.pupil_key = ended.pupil_key
        and meetings.pep_date = ended.done_date
where
    (meetings.outcome = 'held' and meetings.pep_date <= as_at())
    or (meetings.outcome = 'booked' and meetings.pep_date >= as_at())
