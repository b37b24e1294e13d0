-- A stretch in which a child was on the roll and in a group of the pages, [first_day,
-- end_date). It has no end while both continue.
-- Key: pupil_key, cohort, first_day.
-- Null: end_date.
select
    stays.school_key,
    stretches.pupil_key,
    stretches.cohort,
    greatest(stretches.counts_from, stays.entry_date) as first_day,
    -- if stays overlap, the longest counts
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
