-- A stretch in which a child was on the roll and in a group that the pages speak of,
-- [first_day, end_date); it has no end while both hold.
-- Key: pupil_key, cohort, first_day.
-- Null: end_date.
select
    stays.school_key,
    stretches.pupil_key,
    stretches.cohort,
    greatest(stretches.counts_from, stays.entry_date) as first_day,
    -- of stays that overlap, the longest
    nullif(
        max(
            least(
                coalesce(stretches.end_date, 'infinity'::date),
                coalesce(stays.end_date, 'infinity'::date)
            )
        ),
        'infinity'::date
    ) as end_date
from int_cohort_stretch as stretches
inner join stg_enrolment as stays
    on
        stretches.pupil_key = stays.pupil_key
        and stretches.counts_from < coalesce(stays.end_date, 'infinity'::date)
        and stays.entry_date < coalesce(stretches.end_date, 'infinity'::date)
group by
    stays.school_key,
    stretches.pupil_key,
    stretches.cohort,
    greatest(stretches.counts_from, stays.entry_date)
