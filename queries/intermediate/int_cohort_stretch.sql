-- An unbroken stretch of one group of int_cohort_period: from being in need to a
-- protection plan is no change of group, so nothing here tells the two apart.
-- Key: school_key, pupil_key, cohort, counts_from.
-- Materialised: school_key, pupil_key, cohort, counts_from.
with with_end_so_far as (
    select
        school_key,
        pupil_key,
        cohort,
        counts_from,
        coalesce(end_date, 'infinity'::date) as end_date,
        max(coalesce(end_date, 'infinity'::date)) over (
            partition by school_key, pupil_key, cohort
            order by counts_from, status
            rows between unbounded preceding and 1 preceding
        ) as end_so_far
    from int_cohort_period
),

numbered as (
    select
        school_key,
        pupil_key,
        cohort,
        counts_from,
        end_date,
        count(*) filter (
            where counts_from > coalesce(end_so_far, '-infinity'::date)
        ) over (
            partition by school_key, pupil_key, cohort
            order by counts_from
        ) as stretch
    from with_end_so_far
)

select
    school_key,
    pupil_key,
    cohort,
    min(counts_from) as counts_from,
    nullif(max(end_date), 'infinity'::date) as end_date
from numbered
group by school_key, pupil_key, cohort, stretch
