-- One row a child and PEP meeting, held by the day asked for or booked for it or later.
-- is_on_time is whether it was held by the last day of every duty that it ended, which is
-- its own term's and no earlier one's; null where it ended none, which holds of a
-- child who is no longer in care.  term is null between terms.  quality is the
-- local authority's own word.
-- Key: pupil_key, pep_date.
-- Null: academic_year, term, is_on_time, quality, has_child_attended, targets_set.
-- Category: plans.
-- Short: Each meeting about a child's education plan (PEP) that was held or is booked.
-- Short: On time means held by the last day of every deadline that the meeting met.
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
