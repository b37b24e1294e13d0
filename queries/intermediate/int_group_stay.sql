-- A stretch in which a child was on the roll and in a group that the governor report
-- speaks of, looked after or previously looked after, [first_day, end_date); it has no
-- end while both hold.
-- Key: pupil_key, cohort, first_day.
-- Null: end_date.
with stretches as (
    select
        pupil_key,
        cohort,
        counts_from,
        coalesce(end_date, 'infinity'::date) as end_date
    from int_cohort_stretch
    where cohort in ('looked after', 'previously looked after')
),

enrolments as (
    select
        school_key,
        pupil_key,
        entry_date,
        coalesce(end_date, 'infinity'::date) as end_date
    from stg_enrolment
)

select
    enrolments.school_key,
    stretches.pupil_key,
    stretches.cohort,
    greatest(stretches.counts_from, enrolments.entry_date) as first_day,
    -- of stays that overlap, the longest
    nullif(
        max(least(stretches.end_date, enrolments.end_date)), 'infinity'::date
    ) as end_date
from stretches
inner join enrolments
    on
        stretches.pupil_key = enrolments.pupil_key
        and stretches.counts_from < enrolments.end_date
        and stretches.end_date > enrolments.entry_date
group by
    enrolments.school_key,
    stretches.pupil_key,
    stretches.cohort,
    greatest(stretches.counts_from, enrolments.entry_date)
