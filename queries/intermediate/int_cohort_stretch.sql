-- An unbroken stretch of one group of the pages, [counts_from, end_date). Going from
-- being in need to a protection plan is no change of group, so nothing here tells the two
-- apart. end_date is null while the stretch continues.
-- Key: pupil_key, cohort, counts_from.
-- Materialised: pupil_key, cohort, counts_from.
with periods as ( -- noqa: ST03
    select
        pupil_key,
        get_cohort(status) as label,
        counts_from,
        is_start_known,
        end_date
    from int_care_period
)

select
    pupil_key,
    label as cohort,
    counts_from,
    is_start_known,
    end_date
from join_periods('periods')
